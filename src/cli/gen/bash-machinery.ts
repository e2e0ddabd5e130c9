/** The part of the bash completion that does not depend on the command table. */
import { HELP_TOPIC } from "./tree.ts";

export const MACHINERY: string =
  String.raw`# Offers what begins with $1 of the words $2, or of the kind that $2 names. $3 is what of the word stands before it.
_pm_offer() {
    local offer flag
    case $2 in
        @file) flag=-f ;;
        @directory) flag=-d ;;
        @entry | @field | @attachment)
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

# Offers the names of entries, or of the fields or attachments of the first argument, that begin with $2; $3 as above. Only an
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
