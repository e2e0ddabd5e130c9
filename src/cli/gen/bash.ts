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

const MACHINERY =
  String.raw`# Offers what begins with $1 of the words $2, or of the kind that $2 names. $3 is what of the word stands before it.
_pm_offer() {
    local offer flag
    case $2 in
        @file) flag=-f ;;
        @directory) flag=-d ;;
        @entry | @field)
            _pm_names "\${2#@}" "$1" "$3"
            return
            ;;
        '') return ;;
        *) flag= ;;
    esac
    [[ -z $flag ]] || compopt -o filenames 2>/dev/null || :
    while IFS= read -r offer; do
        offer=$3$offer
        COMPREPLY[\${#COMPREPLY[@]}]=\${offer#"$head"}
    done < <(if [[ -n $flag ]]; then compgen "$flag" -- "$1"; else compgen -W "$2" -- "$1"; fi)
}

# Offers the names of entries, or of the fields of the first argument, that begin with $2; $3 as above. Only an
# agent that runs and is unlocked tells them: pm asks for nothing here.
_pm_names() {
    local name kind=$1 before=$3
    set -- --prefix="$2"
    [[ $kind == entry ]] || set -- "$@" --of="$first"
    [[ -z $vault ]] || set -- "$@" --vault="$vault"
    while IFS= read -r name; do
        name=$before$name
        name=\${name#"$head"}
        case $quote in
            "'") name=\${name//"'"/"'\\''"} ;;
            '"')
                name=\${name//\\/\\\\}
                name=\${name//'"'/'\"'}
                name=\${name//'$'/'\$'}
                name=\${name//$'\x60'/$'\\\x60'}
                ;;
            *) [[ -z $name ]] || printf -v name %q "$name" ;;
        esac
        # Readline takes a quote at the end for the closing one.
        [[ -z $quote || $name != *"$quote" ]] || name+=$quote
        COMPREPLY[\${#COMPREPLY[@]}]=$name
    done < <(command pm complete "$kind" "$@" 2>/dev/null)
}

# Reads the line up to the cursor as the shell would, into variables of the caller: the words after "pm", the last one
# up to the cursor; of that one "head", which readline leaves alone, and "quote", which is open at the cursor.
_pm_words() {
    local line=\${COMP_LINE:0:COMP_POINT} i char word='' begun='' special=$'"\\$\x60'
    words=() head='' quote=''
    for ((i = 0; i < \${#line}; i++)); do
        char=\${line:i:1}
        if [[ -n $quote && $char == "$quote" ]]; then
            quote='' head=$word
        elif [[ $quote == '"' && $char == \\ && $special == *"\${line:i+1:1}"* ]] || [[ -z $quote && $char == \\ ]]; then
            begun=1
            ((++i))
            word+=\${line:i:1}
        elif [[ -n $quote ]]; then
            word+=$char
        elif [[ $char == [\'\"] ]]; then
            begun=1 quote=$char head=$word
        elif [[ $char != [[:space:]] ]]; then
            # Readline breaks before "@" and after all others.
            [[ $char != @ || $COMP_WORDBREAKS != *@* ]] || head=$word
            begun=1 word+=$char
            [[ $char == @ || $COMP_WORDBREAKS != *"$char"* ]] || head=$word
        elif [[ -n $begun ]]; then
            words[\${#words[@]}]=$word
            word='' begun='' head=''
        fi
    done
    words[\${#words[@]}]=$word
    words=("\${words[@]:1}")
}

_pm() {
    local REPLY words cur head quote vault='' first='' command='' position=0 pending='' options=1 i word
    COMPREPLY=()
    _pm_words
    cur=\${words[\${#words[@]} - 1]}
    for ((i = 0; i < \${#words[@]} - 1; i++)); do
        word=\${words[i]}
        if [[ -n $pending ]]; then
            [[ $pending != --vault ]] || vault=$word
            pending=''
        elif [[ -n $options && $word == -- ]]; then
            options=''
        elif [[ -n $options && $word == -?* ]]; then
            [[ $word != --vault=* ]] || vault=\${word#*=}
            ! _pm_value "$command" "$word" || pending=$word
        elif _pm_next "$command"; then
            _pm_command "\${command:+$command }$word" || return 0
            command=$REPLY
        else
            ((position > 0)) || first=$word
            ((position++)) || :
        fi
    done
    if [[ -n $pending ]]; then
        _pm_value "$command" "$pending" && _pm_offer "$cur" "$REPLY" ''
    elif [[ -n $options && $cur == --*=* ]]; then
        _pm_value "$command" "\${cur%%=*}" && _pm_offer "\${cur#*=}" "$REPLY" "\${cur%%=*}="
    elif [[ -n $options && $cur == -* ]]; then
        ! _pm_options "$command" || _pm_offer "$cur" "$REPLY" ''
        _pm_options @shared && _pm_offer "$cur" "$REPLY" ''
    elif _pm_next "$command" || _pm_argument "$command" "$position"; then
        if [[ $REPLY == @command ]]; then
            word=''
            ((position == 0)) || word=\${words[\${#words[@]} - 2]}
            _pm_next "$word" || return 0
            ((position > 0)) || REPLY+=' ${HELP_TOPIC.word}'
        fi
        _pm_offer "$cur" "$REPLY" ''
    fi
    return 0
}

complete -F _pm pm
`.replaceAll("\\${", "${");
