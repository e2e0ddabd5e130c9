/** The completion for bash, from version 3.2 on and without the package bash-completion. */
import type { OptionDef, Options } from "../command.ts";
import { namesOf } from "../registry.ts";
import {
  type CommandTree,
  groupWords,
  HELP_TOPIC,
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

const MACHINERY = String.raw`# Offers what begins with $1 of the words $2, or of the kind that $2 names.
_pm_offer() {
    local offer flag
    case $2 in
        @file) flag=-f ;;
        @directory) flag=-d ;;
        '') return ;;
        *) flag= ;;
    esac
    [[ -z $flag ]] || compopt -o filenames 2>/dev/null || :
    while IFS= read -r offer; do
        COMPREPLY[\${#COMPREPLY[@]}]=$offer
    done < <(if [[ -n $flag ]]; then compgen "$flag" -- "$1"; else compgen -W "$2" -- "$1"; fi)
}

# Readline breaks words at "="; this puts them together again, into the array "words" of the caller.
_pm_words() {
    local i word
    words=()
    for ((i = 1; i <= COMP_CWORD; i++)); do
        word=\${COMP_WORDS[i]}
        local last=$((\${#words[@]} - 1))
        if ((last >= 0)) && [[ \${words[last]} == --* && ( $word == '=' || \${words[last]} == *= ) ]]; then
            words[last]+=$word
        else
            words[last + 1]=$word
        fi
    done
}

_pm() {
    local REPLY words cur command='' position=0 pending='' options=1 i word
    COMPREPLY=()
    _pm_words
    cur=\${words[\${#words[@]} - 1]}
    for ((i = 0; i < \${#words[@]} - 1; i++)); do
        word=\${words[i]}
        if [[ -n $pending ]]; then
            pending=''
        elif [[ -n $options && $word == -- ]]; then
            options=''
        elif [[ -n $options && $word == -?* ]]; then
            ! _pm_value "$command" "$word" || pending=$word
        elif _pm_next "$command"; then
            _pm_command "\${command:+$command }$word" || return 0
            command=$REPLY
        else
            ((position++)) || :
        fi
    done
    if [[ -n $pending ]]; then
        _pm_value "$command" "$pending" && _pm_offer "$cur" "$REPLY"
    elif [[ -n $options && $cur == --*=* ]]; then
        _pm_value "$command" "\${cur%%=*}" && _pm_offer "\${cur#*=}" "$REPLY"
        # Where "=" does not break words the whole of them is replaced.
        [[ $COMP_WORDBREAKS == *=* ]] || COMPREPLY=("\${COMPREPLY[@]/#/\${cur%%=*}=}")
    elif [[ -n $options && $cur == -* ]]; then
        ! _pm_options "$command" || _pm_offer "$cur" "$REPLY"
        _pm_options @shared && _pm_offer "$cur" "$REPLY"
    elif _pm_next "$command" || _pm_argument "$command" "$position"; then
        if [[ $REPLY == @command ]]; then
            word=''
            ((position == 0)) || word=\${words[\${#words[@]} - 2]}
            _pm_next "$word" || return 0
            ((position > 0)) || REPLY+=' ${HELP_TOPIC.word}'
        fi
        _pm_offer "$cur" "$REPLY"
    fi
    return 0
}

complete -F _pm pm
`.replaceAll("\\${", "${");
