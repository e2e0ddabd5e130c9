/** The completion for zsh, as a function file `_pm` for a directory of $fpath. */
import type { ArgDef, OptionDef, Options } from "../command.ts";
import { namesOf } from "../registry.ts";
import {
  type CommandNode,
  type CommandTree,
  groupWords,
  HELP_TOPIC,
  nextWords,
  offerOf,
  takesWord,
  visibleOptions,
} from "./tree.ts";

export function zshCompletion(tree: CommandTree): string {
  const groups = groupWords(tree);
  return [
    "#compdef pm",
    "# Completion of pm for zsh. Generated from the command table: do not edit.",
    "",
    ...["", ...groups].flatMap((parent) => wordFunction(tree, parent)),
    HELP_FUNCTION,
    NAMES_FUNCTION,
    ...["", ...groups].flatMap((parent) => levelFunction(tree, parent)),
    '_pm "$@"',
    "",
  ].join("\n");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Backslashes before what has a meaning in a specification of _arguments. */
function escapeSpec(text: string): string {
  return text.replaceAll(/[\\:[\]]/g, String.raw`\$&`);
}

function functionName(parent: string): string {
  return parent === "" ? "_pm" : `_pm_${parent}`;
}

/** Offers the words that may follow `parent`. */
function wordFunction(tree: CommandTree, parent: string): readonly string[] {
  const words = nextWords(tree).filter((next) => next.parent === parent);
  return [
    `${functionName(parent)}_words() {`,
    "  local -a words_of_pm=(",
    ...words.map(({ word, summary }) => `    ${quote(`${word}:${summary.replaceAll(":", String.raw`\:`)}`)}`),
    "  )",
    "  _describe -t commands command words_of_pm",
    "}",
    "",
  ];
}

/** Completes a command's name below `parent`, then that command. */
function levelFunction(tree: CommandTree, parent: string): readonly string[] {
  const shared = specs(tree.globals);
  const isRoot = parent === "";
  return [
    `${functionName(parent)}() {`,
    "  local curcontext=$curcontext state line ret=1",
    "  local -A opt_args",
    ...(isRoot ? ["  local vault_of_pm"] : []),
    "  local -a shared=(",
    ...[...shared, HELP].map((spec) => `    ${spec}`),
    "  )",
    `  _arguments -C -s $shared ${isRoot ? `${VERSION} ` : ""}'(-)1: :${functionName(parent)}_words' '(-)*:: :->rest' && ret=0`,
    "  [[ $state == rest ]] || return ret",
    "  vault_of_pm=${opt_args[--vault]:-$vault_of_pm}",
    "  case $words[1] in",
    ...leaves(tree, parent).flatMap(commandCase),
    ...(isRoot ? groupWords(tree).map((word) => `    ${word}) ${functionName(word)} && ret=0 ;;`) : []),
    "  esac",
    "  return ret",
    "}",
    "",
  ];
}

/** The words of commands, for `pm help`. */
const HELP_FUNCTION = String.raw`_pm_help_words() {
  if ((CURRENT > 2)); then
    (($+functions[_pm_$words[2]_words])) && _pm_$words[2]_words
    return
  fi
  _pm_words
  local -a topics=(${quote(`${HELP_TOPIC.word}:${HELP_TOPIC.summary}`)})
  _describe -t topics topic topics
}
`;

/** As in zsh a user chooses how names are matched, all of them are asked for. */
const NAMES_FUNCTION =
  String.raw`# The names of entries, or of the fields or attachments of the first argument. Only an agent that runs and is unlocked tells them:
# pm asks for nothing here.
_pm_names() {
  local vault=\${opt_args[--vault]:-$vault_of_pm}
  local -a given names
  [[ $1 == entry ]] || given+=("--of=\${(Q)line[1]}")
  [[ -n $vault ]] && given+=("--vault=\${(Q)vault}")
  names=(\${(f)"$(command pm complete $1 $given 2>/dev/null)"})
  compadd -a names
}
`.replaceAll("\\${", "${");

const HELP = "'(- *)'{-h,--help}'[Explain the command]'";
const VERSION = "'(- *)'{-V,--version}'[Print the version]'";

function leaves(tree: CommandTree, parent: string): readonly CommandNode[] {
  return tree.commands.filter(({ row }) =>
    parent === "" ? !row.name.includes(" ") : row.name.startsWith(`${parent} `),
  );
}

function commandCase({ row, command }: CommandNode): readonly string[] {
  const names = namesOf(row).map((name) => name.split(" ").at(-1));
  const own = [...specs(command.options), ...command.args.map(argumentSpec)];
  return [
    `    ${names.join("|")})`,
    "      _arguments -s -S $shared \\",
    ...own.map((spec) => `        ${spec} \\`),
    "        && ret=0",
    "      ;;",
  ];
}

function specs(options: Options): readonly string[] {
  return visibleOptions(options).flatMap(([name, def]) => optionSpecs(name, def));
}

/** The specifications of one option, in words of zsh: two where only the long form takes a value. */
function optionSpecs(name: string, def: OptionDef): readonly string[] {
  const { short, summary } = def;
  const text = `[${escapeSpec(summary)}]`;
  const long = `--${name}${LONG_SUFFIX[def.kind]}`;
  const valued = quote(`${text}${valueSpec(def)}`);
  const repeat = def.kind === "list" ? "'*'" : "";
  if (short === undefined) return [`${repeat}${long}${valued}`];
  const alone = repeat === "" ? quote(`(-${short} --${name})`) : repeat;
  if (def.kind === "optional") return [`${alone}-${short}${quote(text)}`, `${alone}${long}${valued}`];
  return [`${alone}{-${short}${takesWord(def) ? "+" : ""},${long}}${valued}`];
}

/** `=` takes `--name value` and `--name=value`, `=-` only the second. */
const LONG_SUFFIX = { flag: "", value: "=", list: "=", optional: "=-" } as const;

function valueSpec(def: OptionDef): string {
  if (def.kind === "flag") return "";
  return `:${def.kind === "optional" ? ":" : ""}${def.hint}:${action(def)}`;
}

function argumentSpec(def: ArgDef, position: number): string {
  const place = def.variadic === true ? "*" : `${position + 1}`;
  const optional = def.required === true || def.variadic === true ? "" : ":";
  return quote(`${place}:${optional}${def.name.toUpperCase()}:${action(def)}`);
}

function action(def: ArgDef | OptionDef): string {
  const offer = offerOf(def);
  switch (offer.kind) {
    case "choices":
      return `(${offer.choices.join(" ")})`;
    case "file":
      return "_files";
    case "directory":
      return "_files -/";
    case "command":
      return "_pm_help_words";
    case "entry":
    case "field":
    case "attachment":
      // With a blank before it nothing is added to the words of the action.
      return ` _pm_names ${offer.kind}`;
    case "none":
      return " ";
  }
}
