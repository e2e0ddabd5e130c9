/** The completion for bash, from version 3.2 on and without the package bash-completion. */
import type { OptionDef, Options } from "../command.ts";
import { namesOf } from "../registry.ts";
import { MACHINERY } from "./bash-machinery.ts";
import {
  type CommandTree,
  groupWords,
  nextWords,
  type Offer,
  offerOf,
  takesWord,
  visibleOptions,
} from "./tree.ts";

export function bashCompletion(tree: CommandTree): string {
  return [
    "# Completion of pm for bash. Generated from the command table: do not edit.",
    "",
    "# Each of these leaves its answer in REPLY, and has status 1 where there is none.",
    "",
    ...caseFunction("_pm_command", "The own name of the command whose words are $1", commandCases(tree)),
    ...caseFunction("_pm_next", "The words that may follow the words $1 of a name", nextCases(tree)),
    ...caseFunction(
      "_pm_options",
      "The options of command $1, or @shared ones that every command has",
      optionCases(tree),
    ),
    ...caseFunction(
      "_pm_value",
      "What option $2 of command $1 takes as its value",
      valueCases(tree),
      '"$1:$2"',
    ),
    ...caseFunction("_pm_argument", "What argument $2 of command $1 may be", argumentCases(tree), '"$1:$2"'),
    MACHINERY,
  ].join("\n");
}

type Case = readonly [patterns: readonly string[], answer: string];

function caseFunction(
  name: string,
  comment: string,
  cases: readonly Case[],
  subject = '"$1"',
): readonly string[] {
  return [
    `# ${comment}.`,
    `${name}() {`,
    `    case ${subject} in`,
    ...cases.map(([patterns, text]) => `        ${patterns.join(" | ")}) REPLY=${quote(text)} ;;`),
    "        *) return 1 ;;",
    "    esac",
    "}",
    "",
  ];
}

function quote(text: string): string {
  return /^[\w@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function commandCases(tree: CommandTree): readonly Case[] {
  const groups = groupWords(tree).map((word): Case => [[quote(word)], word]);
  return [
    ...groups,
    ...tree.commands.map(({ row }): Case => {
      return [namesOf(row).map(quote), row.name];
    }),
  ];
}

function nextCases(tree: CommandTree): readonly Case[] {
  const words = nextWords(tree);
  return ["", ...groupWords(tree)].map((parent): Case => {
    const own = words.filter((next) => next.parent === parent).map(({ word }) => word);
    return [[quote(parent)], own.join(" ")];
  });
}

function optionCases(tree: CommandTree): readonly Case[] {
  const own = tree.commands.map(({ row, command }): Case => [
    [quote(row.name)],
    spellings(command.options).join(" "),
  ]);
  return [
    [["@shared"], [...spellings(tree.globals), "--help"].join(" ")],
    [[quote("")], "--version"],
    ...own.filter(([, options]) => options !== ""),
  ];
}

/** As they are offered: an option that takes an optional value only bare. */
function spellings(options: Options): readonly string[] {
  return visibleOptions(options).map(([name]) => `--${name}`);
}

function valueCases(tree: CommandTree): readonly Case[] {
  return [
    ...valuesOf("*", tree.globals),
    ...tree.commands.flatMap(({ row, command }) => valuesOf(quote(row.name), command.options)),
  ];
}

function valuesOf(command: string, options: Options): readonly Case[] {
  return visibleOptions(options)
    .filter(([, def]) => takesWord(def))
    .map(([name, def]) => [optionPatterns(command, name, def), answer(offerOf(def))]);
}

function optionPatterns(command: string, name: string, def: OptionDef): readonly string[] {
  const long = `${command}:--${name}`;
  return def.short === undefined ? [long] : [long, `${command}:-${def.short}`];
}

function argumentCases(tree: CommandTree): readonly Case[] {
  return tree.commands.flatMap(({ row, command }) =>
    command.args.flatMap((def, position): readonly Case[] => {
      const offer = offerOf(def);
      if (offer.kind === "none") return [];
      return [[[`${quote(row.name)}:${def.variadic === true ? "*" : position}`], answer(offer)]];
    }),
  );
}

function answer(offer: Offer): string {
  switch (offer.kind) {
    case "choices":
      return offer.choices.join(" ");
    case "none":
      return "";
    default:
      return `@${offer.kind}`;
  }
}
