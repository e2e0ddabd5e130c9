/** The completion for fish, from version 3.1 on. */
import type { ArgDef, OptionDef, Options } from "../command.ts";
import { namesOf } from "../registry.ts";
import {
  type CommandTree,
  groupWords,
  HELP_TOPIC,
  nextWords,
  offerOf,
  takesWord,
  visibleOptions,
} from "./tree.ts";

export function fishCompletion(tree: CommandTree): string {
  return [
    "# Completion of pm for fish. Generated from the command table: do not edit.",
    "",
    ...commandFunction(tree),
    ...valueFunction(tree),
    MACHINERY,
    complete("-f"),
    ...commandLines(tree),
    complete("-s h -l help", "-d 'Explain the command'"),
    complete("-n '__pm_is \"\"' -s V -l version", "-d 'Print the version'"),
    ...optionLines(tree.globals),
    ...tree.commands.flatMap(({ row, command }) => [
      ...command.args.flatMap((def, position) => argumentLines(row.name, def, position)),
      ...optionLines(command.options, row.name),
    ]),
    ...helpLines(tree),
    "",
  ].join("\n");
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", String.raw`\'`)}'`;
}

function complete(...parts: readonly string[]): string {
  return ["complete -c pm", ...parts].join(" ");
}

function condition(command: string, position?: string): string {
  const wanted = [`"${command}"`, ...(position === undefined ? [] : [position])].join(" ");
  return `-n '__pm_is ${wanted}'`;
}

function commandFunction(tree: CommandTree): readonly string[] {
  const cases = tree.commands.map(({ row }) => {
    const names = namesOf(row).map(quote);
    return [`        case ${names.join(" ")}`, `            echo ${quote(row.name)}`];
  });
  return [
    "# The own name of the command whose words are given; 1 where there is none, 2 where it goes on.",
    "function __pm_command -a words",
    "    switch $words",
    ...cases.flat(),
    `        case ${groupWords(tree).map(quote).join(" ")}`,
    "            echo $words",
    "            return 2",
    "        case '*'",
    "            return 1",
    "    end",
    "end",
    "",
  ];
}

function valueFunction(tree: CommandTree): readonly string[] {
  const patterns = [
    ...valuePatterns("*", tree.globals),
    ...tree.commands.flatMap(({ row, command }) => valuePatterns(row.name, command.options)),
  ];
  return [
    "# Whether an option of a command takes the next word.",
    "function __pm_takes_value -a command option",
    '    switch "$command:$option"',
    `        case ${patterns.map(quote).join(" ")}`,
    "            return 0",
    "    end",
    "    return 1",
    "end",
    "",
  ];
}

function valuePatterns(command: string, options: Options): readonly string[] {
  return visibleOptions(options)
    .filter(([, def]) => takesWord(def))
    .flatMap(([name, { short }]) => [
      `${command}:--${name}`,
      ...(short === undefined ? [] : [`${command}:-${short}`]),
    ]);
}

function commandLines(tree: CommandTree): readonly string[] {
  return nextWords(tree).map(({ parent, word, summary }) =>
    complete(condition(parent), `-a ${word} -d ${quote(summary)}`),
  );
}

function optionLines(options: Options, command?: string): readonly string[] {
  return visibleOptions(options).map(([name, def]) =>
    complete(
      ...(command === undefined ? [] : [condition(command)]),
      ...(def.short === undefined ? [] : [`-s ${def.short}`]),
      `-l ${name}`,
      ...(takesWord(def) ? [`-r ${candidates(def)}`] : []),
      `-d ${quote(def.summary)}`,
    ),
  );
}

function candidates(def: ArgDef | OptionDef): string {
  const offer = offerOf(def);
  switch (offer.kind) {
    case "choices":
      return `-f -a ${quote(offer.choices.join(" "))}`;
    case "file":
      return "-F";
    case "directory":
      return "-f -a '(__fish_complete_directories)'";
    case "entry":
    case "field":
    case "attachment":
      return `-f -a '(__pm_names ${offer.kind})'`;
    case "command":
    case "none":
      return "-f";
  }
}

function argumentLines(command: string, def: ArgDef, position: number): readonly string[] {
  const { kind } = offerOf(def);
  if (kind === "none" || kind === "command") return [];
  const where = condition(command, def.variadic === true ? undefined : String(position));
  return [complete(where, candidates(def), `-d ${quote(def.summary)}`)];
}

/** `pm help` takes the words of commands. */
function helpLines(tree: CommandTree): readonly string[] {
  return [...nextWords(tree), HELP_TOPIC].map(({ parent, word, summary }) => {
    const where = parent === "" ? condition("help", "0") : `-n '__pm_is help 1 ${parent}'`;
    return complete(where, `-a ${word} -d ${quote(summary)}`);
  });
}

const MACHINERY = String.raw`# Reads the words before the cursor into variables of the caller: command, position (of the next argument, from 0),
# first and last (arguments), vault. 1 where there is no such command.
function __pm_read --no-scope-shadowing
    set -l state 2
    set -l options yes
    set -l skip ''
    for word in (commandline -opc)[2..-1]
        if test -n "$skip"
            test "$skip" = --vault; and set vault $word
            set skip ''
        else if test $options = yes -a "$word" = --
            set options no
        else if test $options = yes; and string match -qr -- '^-.' $word
            string match -q -- '--vault=*' $word; and set vault (string replace -- --vault= '' $word)
            __pm_takes_value "$command" $word; and set skip $word
        else if test $state -eq 2
            set command (__pm_command (string trim -- "$command $word"))
            set state $status
            test $state -eq 1; and return 1
        else
            test $position -eq 0; and set first $word
            set position (math $position + 1)
            set last $word
        end
    end
    return 0
end

# Whether the words before the cursor name this command, and where asked, whether this argument (from 0)
# is next, and whether this one is the argument before it.
function __pm_is -a wanted wanted_position wanted_last
    set -l command ''
    set -l position 0
    set -l first ''
    set -l last ''
    set -l vault ''
    __pm_read; or return 1
    test "$command" = "$wanted"; or return 1
    test -z "$wanted_position" -o "$position" = "$wanted_position"; or return 1
    test -z "$wanted_last" -o "$last" = "$wanted_last"
end

# The names of entries, or of the fields or attachments of the first argument. Only an agent that runs and is unlocked tells them:
# pm asks for nothing here.
function __pm_names -a kind
    command -q pm; or return
    set -l command ''
    set -l position 0
    set -l first ''
    set -l last ''
    set -l vault ''
    __pm_read
    set -l given
    test $kind = entry; or set -a given --of=$first
    test -n "$vault"; and set -a given --vault=$vault
    command pm complete $kind $given 2>/dev/null
end
`;
