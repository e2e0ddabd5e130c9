# Completion of pm for bash. Generated from the command table: do not edit.

# Each of these leaves its answer in REPLY, and has status 1 where there is none.

# The own name of the command whose words are $1.
_pm_command() {
    case "$1" in
        attach) REPLY=attach ;;
        trash) REPLY=trash ;;
        key) REPLY=key ;;
        bundle) REPLY=bundle ;;
        config) REPLY=config ;;
        agent) REPLY=agent ;;
        credential) REPLY=credential ;;
        get) REPLY=get ;;
        show) REPLY=show ;;
        ls | list) REPLY=ls ;;
        find | search) REPLY=find ;;
        'attach get') REPLY='attach get' ;;
        'attach ls') REPLY='attach ls' ;;
        history) REPLY=history ;;
        log) REPLY=log ;;
        conflicts) REPLY=conflicts ;;
        add | insert | create | new) REPLY=add ;;
        set) REPLY=set ;;
        edit) REPLY=edit ;;
        unset) REPLY=unset ;;
        gen | generate) REPLY=gen ;;
        strength) REPLY=strength ;;
        'attach add') REPLY='attach add' ;;
        'attach rm') REPLY='attach rm' ;;
        mv) REPLY=mv ;;
        cp) REPLY=cp ;;
        rm | remove | delete) REPLY=rm ;;
        'trash ls' | 'trash list') REPLY='trash ls' ;;
        'trash restore') REPLY='trash restore' ;;
        'trash empty') REPLY='trash empty' ;;
        undo) REPLY=undo ;;
        resolve) REPLY=resolve ;;
        run) REPLY=run ;;
        inject) REPLY=inject ;;
        env) REPLY=env ;;
        redact) REPLY=redact ;;
        scan) REPLY=scan ;;
        adopt) REPLY=adopt ;;
        init) REPLY=init ;;
        status) REPLY=status ;;
        unlock) REPLY=unlock ;;
        lock) REPLY=lock ;;
        passwd) REPLY=passwd ;;
        'key add') REPLY='key add' ;;
        'key ls' | 'key list') REPLY='key ls' ;;
        'key rm' | 'key remove' | 'key delete') REPLY='key rm' ;;
        'key split') REPLY='key split' ;;
        'key combine') REPLY='key combine' ;;
        rekey) REPLY=rekey ;;
        'bundle make') REPLY='bundle make' ;;
        'bundle ls' | 'bundle list') REPLY='bundle ls' ;;
        'bundle refresh') REPLY='bundle refresh' ;;
        'bundle rm' | 'bundle remove' | 'bundle delete') REPLY='bundle rm' ;;
        verify) REPLY=verify ;;
        doctor) REPLY=doctor ;;
        export) REPLY=export ;;
        backup) REPLY=backup ;;
        diff) REPLY=diff ;;
        merge) REPLY=merge ;;
        upgrade) REPLY=upgrade ;;
        restore) REPLY=restore ;;
        'config get') REPLY='config get' ;;
        'config set') REPLY='config set' ;;
        'config unset') REPLY='config unset' ;;
        'config list' | 'config ls') REPLY='config list' ;;
        'config vault') REPLY='config vault' ;;
        'agent start') REPLY='agent start' ;;
        'agent stop') REPLY='agent stop' ;;
        'agent status') REPLY='agent status' ;;
        'agent log') REPLY='agent log' ;;
        'credential git') REPLY='credential git' ;;
        'credential docker') REPLY='credential docker' ;;
        ssh-agent) REPLY=ssh-agent ;;
        import) REPLY=import ;;
        completion) REPLY=completion ;;
        man) REPLY=man ;;
        help) REPLY=help ;;
        version) REPLY=version ;;
        *) return 1 ;;
    esac
}

# The words that may follow the words $1 of a name.
_pm_next() {
    case "$1" in
        '') REPLY='get show ls find attach history log conflicts add set edit unset gen strength mv cp rm trash undo resolve run inject env redact scan adopt init status unlock lock passwd key rekey bundle verify doctor export backup diff merge upgrade restore config agent credential ssh-agent import completion man help version' ;;
        attach) REPLY='get ls add rm' ;;
        trash) REPLY='ls restore empty' ;;
        key) REPLY='add ls rm split combine' ;;
        bundle) REPLY='make ls refresh rm' ;;
        config) REPLY='get set unset list vault' ;;
        agent) REPLY='start stop status log' ;;
        credential) REPLY='git docker' ;;
        *) return 1 ;;
    esac
}

# The options of command $1, or @shared ones that every command has.
_pm_options() {
    case "$1" in
        @shared) REPLY='--vault --password-stdin --password-fd --password-file --password-command --key-file --no-agent --no-input --yes --read-only --json --quiet --verbose --color --timeout --break-lock --help' ;;
        '') REPLY=--version ;;
        get) REPLY='--field --no-newline --output --overwrite --clip --chars --rev --type' ;;
        show) REPLY='--reveal --all' ;;
        ls) REPLY='--flat --long --tag --type --format --limit --after --trash' ;;
        find) REPLY='--url --in --null' ;;
        'attach get') REPLY='--output --overwrite' ;;
        history) REPLY=--reveal ;;
        log) REPLY=--number ;;
        conflicts) REPLY=--reveal ;;
        add) REPLY='--type --user --url --gen --otp --note --tag --expires --fav --use-only --force --no-secret --edit --allow-disk --keep-newline' ;;
        set) REPLY='--tag --fav --no-fav --use-only --no-use-only --type --url --expires --keep-newline' ;;
        edit) REPLY=--allow-disk ;;
        gen) REPLY='--length --no-symbols --no-digits --no-upper --no-lower --no-ambiguous --exclude --require --charset --words --sep --cap --pronounceable --rules --pin --bits --count --clip --name --force' ;;
        strength) REPLY=--min ;;
        'attach add') REPLY='--name --overwrite' ;;
        mv) REPLY=--force ;;
        cp) REPLY=--force ;;
        rm) REPLY='--recursive --purge --dry-run' ;;
        undo) REPLY='--list --number' ;;
        resolve) REPLY='--pick --all --reveal' ;;
        run) REPLY='--env-file --env --only --clean-env --stdin --files --allow-disk --mask --dry-run' ;;
        inject) REPLY='--in --out --mode --force --only' ;;
        env) REPLY='--env-file --env --only --format --reveal' ;;
        redact) REPLY=--only ;;
        scan) REPLY='--staged --only --all' ;;
        adopt) REPLY='--entry --only-vars --except --force --dry-run' ;;
        init) REPLY='--kdf --recovery --no-recovery --label --token-file --kit --from --import-password-stdin --import-password-fd --import-password-file --import-key-file' ;;
        unlock) REPLY='--for --idle --only --reads --check' ;;
        lock) REPLY=--all ;;
        passwd) REPLY='--new-password-stdin --new-password-fd --new-password-file --kdf --upgrade-kdf' ;;
        'key add') REPLY='--label --token-file --kit --with-key-file --new-password-stdin --new-password-fd --new-password-file --kdf' ;;
        rekey) REPLY='--new-password-stdin --new-password-fd --new-password-file --kdf --recovery --no-recovery --no-machine --compromised --token-file --kit' ;;
        'bundle make') REPLY='--only --fields --expires --label --output --force --token-file' ;;
        'bundle refresh') REPLY='--all --expires --output' ;;
        doctor) REPLY='--deep --fix' ;;
        export) REPLY='--output --overwrite --only --verify --new-password-stdin --new-password-fd --new-password-file --kdf --plaintext --format --reveal' ;;
        backup) REPLY='--keep --list' ;;
        diff) REPLY='--copy-password-stdin --copy-password-fd --copy-password-file --copy-key-file' ;;
        merge) REPLY='--dry-run --strict --copy-password-stdin --copy-password-fd --copy-password-file --copy-key-file' ;;
        restore) REPLY='--dry-run --force --accept-rollback --copy-password-stdin --copy-password-fd --copy-password-file --copy-key-file' ;;
        'config list') REPLY=--origin ;;
        'config vault') REPLY=--none ;;
        'agent start') REPLY=--foreground ;;
        'agent log') REPLY='--number --entry' ;;
        ssh-agent) REPLY='--socket --only' ;;
        import) REPLY='--dry-run --folder --keep --map --skip-attachments --import-password-stdin --import-password-fd --import-password-file --import-key-file' ;;
        completion) REPLY=--install ;;
        *) return 1 ;;
    esac
}

# What option $2 of command $1 takes as its value.
_pm_value() {
    case "$1:$2" in
        *:--vault) REPLY=@file ;;
        *:--password-fd) REPLY='' ;;
        *:--password-file) REPLY=@file ;;
        *:--password-command) REPLY='' ;;
        *:--key-file) REPLY=@file ;;
        *:--color) REPLY='auto always never' ;;
        *:--timeout) REPLY='' ;;
        get:--field | get:-f) REPLY=@field ;;
        get:--output | get:-o) REPLY=@file ;;
        get:--chars) REPLY='' ;;
        get:--rev) REPLY='' ;;
        get:--type) REPLY='custom login note card identity ssh-key api-key wifi' ;;
        ls:--tag | ls:-t) REPLY='' ;;
        ls:--type) REPLY='custom login note card identity ssh-key api-key wifi' ;;
        ls:--format) REPLY='' ;;
        ls:--limit) REPLY='' ;;
        ls:--after) REPLY='' ;;
        find:--url) REPLY='' ;;
        find:--in) REPLY='fields notes' ;;
        'attach get':--output | 'attach get':-o) REPLY=@file ;;
        log:--number | log:-n) REPLY='' ;;
        add:--type | add:-t) REPLY='custom login note card identity ssh-key api-key wifi' ;;
        add:--user | add:-u) REPLY='' ;;
        add:--url) REPLY='' ;;
        add:--otp) REPLY='' ;;
        add:--note) REPLY='' ;;
        add:--tag) REPLY='' ;;
        add:--expires) REPLY='' ;;
        set:--tag) REPLY='' ;;
        set:--type) REPLY='custom login note card identity ssh-key api-key wifi' ;;
        set:--url) REPLY='' ;;
        set:--expires) REPLY='' ;;
        gen:--length | gen:-l) REPLY='' ;;
        gen:--exclude) REPLY='' ;;
        gen:--require) REPLY='' ;;
        gen:--charset) REPLY='' ;;
        gen:--words | gen:-w) REPLY='' ;;
        gen:--sep) REPLY='' ;;
        gen:--rules) REPLY='' ;;
        gen:--pin) REPLY='' ;;
        gen:--bits) REPLY='' ;;
        gen:--count) REPLY='' ;;
        gen:--name) REPLY=@entry ;;
        strength:--min) REPLY='0 1 2 3 4' ;;
        'attach add':--name) REPLY='' ;;
        undo:--number | undo:-n) REPLY='' ;;
        resolve:--pick) REPLY='' ;;
        run:--env-file) REPLY=@file ;;
        run:--env | run:-e) REPLY='' ;;
        run:--only) REPLY='' ;;
        run:--stdin) REPLY='' ;;
        run:--mask) REPLY='auto always never' ;;
        inject:--in | inject:-i) REPLY=@file ;;
        inject:--out | inject:-o) REPLY=@file ;;
        inject:--mode) REPLY='' ;;
        inject:--only) REPLY='' ;;
        env:--env-file) REPLY=@file ;;
        env:--env | env:-e) REPLY='' ;;
        env:--only) REPLY='' ;;
        env:--format) REPLY='shell fish powershell dotenv json docker github' ;;
        redact:--only) REPLY='' ;;
        scan:--only) REPLY='' ;;
        adopt:--entry) REPLY=@entry ;;
        adopt:--only-vars) REPLY='' ;;
        adopt:--except) REPLY='' ;;
        init:--kdf) REPLY='constrained interactive strong paranoid' ;;
        init:--label) REPLY='' ;;
        init:--token-file | init:-o) REPLY=@file ;;
        init:--kit) REPLY=@file ;;
        init:--from) REPLY=@file ;;
        init:--import-password-fd) REPLY='' ;;
        init:--import-password-file) REPLY=@file ;;
        init:--import-key-file) REPLY=@file ;;
        unlock:--for) REPLY='' ;;
        unlock:--idle) REPLY='' ;;
        unlock:--only) REPLY='' ;;
        unlock:--reads) REPLY='' ;;
        passwd:--new-password-fd) REPLY='' ;;
        passwd:--new-password-file) REPLY=@file ;;
        passwd:--kdf) REPLY='constrained interactive strong paranoid' ;;
        'key add':--label) REPLY='' ;;
        'key add':--token-file | 'key add':-o) REPLY=@file ;;
        'key add':--kit) REPLY=@file ;;
        'key add':--with-key-file) REPLY=@file ;;
        'key add':--new-password-fd) REPLY='' ;;
        'key add':--new-password-file) REPLY=@file ;;
        'key add':--kdf) REPLY='constrained interactive strong paranoid' ;;
        rekey:--new-password-fd) REPLY='' ;;
        rekey:--new-password-file) REPLY=@file ;;
        rekey:--kdf) REPLY='constrained interactive strong paranoid' ;;
        rekey:--token-file | rekey:-o) REPLY=@file ;;
        rekey:--kit) REPLY=@file ;;
        'bundle make':--only) REPLY='' ;;
        'bundle make':--fields) REPLY='' ;;
        'bundle make':--expires) REPLY='' ;;
        'bundle make':--label) REPLY='' ;;
        'bundle make':--output | 'bundle make':-o) REPLY=@file ;;
        'bundle make':--token-file) REPLY=@file ;;
        'bundle refresh':--expires) REPLY='' ;;
        'bundle refresh':--output | 'bundle refresh':-o) REPLY=@file ;;
        export:--output | export:-o) REPLY=@file ;;
        export:--only) REPLY='' ;;
        export:--new-password-fd) REPLY='' ;;
        export:--new-password-file) REPLY=@file ;;
        export:--kdf) REPLY='constrained interactive strong paranoid' ;;
        export:--format) REPLY='json bitwarden-json csv kdbx' ;;
        backup:--keep) REPLY='' ;;
        diff:--copy-password-fd) REPLY='' ;;
        diff:--copy-password-file) REPLY=@file ;;
        diff:--copy-key-file) REPLY=@file ;;
        merge:--copy-password-fd) REPLY='' ;;
        merge:--copy-password-file) REPLY=@file ;;
        merge:--copy-key-file) REPLY=@file ;;
        restore:--copy-password-fd) REPLY='' ;;
        restore:--copy-password-file) REPLY=@file ;;
        restore:--copy-key-file) REPLY=@file ;;
        'agent log':--number | 'agent log':-n) REPLY='' ;;
        'agent log':--entry) REPLY=@entry ;;
        ssh-agent:--socket) REPLY=@file ;;
        ssh-agent:--only) REPLY='' ;;
        import:--folder) REPLY=@entry ;;
        import:--map) REPLY='' ;;
        import:--import-password-fd) REPLY='' ;;
        import:--import-password-file) REPLY=@file ;;
        import:--import-key-file) REPLY=@file ;;
        *) return 1 ;;
    esac
}

# What argument $2 of command $1 may be.
_pm_argument() {
    case "$1:$2" in
        get:0) REPLY=@entry ;;
        get:1) REPLY=@field ;;
        show:0) REPLY=@entry ;;
        ls:0) REPLY=@entry ;;
        'attach get':0) REPLY=@entry ;;
        'attach get':1) REPLY=@attachment ;;
        'attach ls':0) REPLY=@entry ;;
        history:0) REPLY=@entry ;;
        history:1) REPLY=@field ;;
        log:0) REPLY=@entry ;;
        conflicts:0) REPLY=@entry ;;
        add:*) REPLY=@field ;;
        set:0) REPLY=@entry ;;
        set:*) REPLY=@field ;;
        edit:0) REPLY=@entry ;;
        unset:0) REPLY=@entry ;;
        unset:*) REPLY=@field ;;
        gen:0) REPLY=@entry ;;
        'attach add':0) REPLY=@entry ;;
        'attach add':1) REPLY=@file ;;
        'attach rm':0) REPLY=@entry ;;
        'attach rm':1) REPLY=@attachment ;;
        mv:0) REPLY=@entry ;;
        mv:1) REPLY=@entry ;;
        cp:0) REPLY=@entry ;;
        cp:1) REPLY=@entry ;;
        rm:*) REPLY=@entry ;;
        resolve:0) REPLY=@entry ;;
        resolve:1) REPLY=@field ;;
        scan:*) REPLY=@file ;;
        adopt:0) REPLY=@file ;;
        'key add':0) REPLY='machine keyfile recovery password password-keyfile' ;;
        'key add':1) REPLY=@file ;;
        'bundle refresh':0) REPLY=@file ;;
        'bundle rm':0) REPLY=@file ;;
        backup:0) REPLY=@directory ;;
        diff:0) REPLY=@file ;;
        merge:0) REPLY=@file ;;
        restore:0) REPLY=@file ;;
        'config vault':0) REPLY='add ls rm default' ;;
        'config vault':2) REPLY=@file ;;
        'credential docker':0) REPLY='get store erase list' ;;
        import:0) REPLY=@file ;;
        import:1) REPLY=@file ;;
        completion:0) REPLY='bash zsh fish' ;;
        help:*) REPLY=@command ;;
        *) return 1 ;;
    esac
}

# Offers what begins with $1 of the words $2, or of the kind that $2 names. $3 is what of the word stands before it.
_pm_offer() {
    local offer flag
    case $2 in
        @file) flag=-f ;;
        @directory) flag=-d ;;
        @entry | @field | @attachment)
            _pm_names "${2#@}" "$1" "$3"
            return
            ;;
        '') return ;;
        *) flag= ;;
    esac
    [[ -z $flag ]] || compopt -o filenames 2>/dev/null || :
    while IFS= read -r offer; do
        offer=$3$offer
        COMPREPLY[${#COMPREPLY[@]}]=${offer#"$head"}
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
        name=${name#"$head"}
        case $quote in
            "'") name=${name//"'"/"'\\''"} ;;
            '"')
                name=${name//\\/\\\\}
                name=${name//'"'/'\"'}
                name=${name//'$'/'\$'}
                name=${name//$'\x60'/$'\\\x60'}
                ;;
            *) [[ -z $name ]] || printf -v name %q "$name" ;;
        esac
        # Readline takes a quote at the end for the closing one.
        [[ -z $quote || $name != *"$quote" ]] || name+=$quote
        COMPREPLY[${#COMPREPLY[@]}]=$name
    done < <(command pm complete "$kind" "$@" 2>/dev/null)
}

# Reads the line up to the cursor as the shell would, into variables of the caller: the words after "pm", the last one
# up to the cursor; of that one "head", which readline leaves alone, and "quote", which is open at the cursor.
_pm_words() {
    local line=${COMP_LINE:0:COMP_POINT} i char word='' begun='' special=$'"\\$\x60'
    words=() head='' quote=''
    for ((i = 0; i < ${#line}; i++)); do
        char=${line:i:1}
        if [[ -n $quote && $char == "$quote" ]]; then
            quote='' head=$word
        elif [[ $quote == '"' && $char == \\ && $special == *"${line:i+1:1}"* ]] || [[ -z $quote && $char == \\ ]]; then
            begun=1
            ((++i))
            word+=${line:i:1}
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
            words[${#words[@]}]=$word
            word='' begun='' head=''
        fi
    done
    words[${#words[@]}]=$word
    words=("${words[@]:1}")
}

_pm() {
    local REPLY words cur head quote vault='' first='' command='' position=0 pending='' options=1 i word
    COMPREPLY=()
    _pm_words
    cur=${words[${#words[@]} - 1]}
    for ((i = 0; i < ${#words[@]} - 1; i++)); do
        word=${words[i]}
        if [[ -n $pending ]]; then
            [[ $pending != --vault ]] || vault=$word
            pending=''
        elif [[ -n $options && $word == -- ]]; then
            options=''
        elif [[ -n $options && $word == -?* ]]; then
            [[ $word != --vault=* ]] || vault=${word#*=}
            ! _pm_value "$command" "$word" || pending=$word
        elif _pm_next "$command"; then
            _pm_command "${command:+$command }$word" || return 0
            command=$REPLY
        else
            ((position > 0)) || first=$word
            ((position++)) || :
        fi
    done
    if [[ -n $pending ]]; then
        _pm_value "$command" "$pending" && _pm_offer "$cur" "$REPLY" ''
    elif [[ -n $options && $cur == --*=* ]]; then
        _pm_value "$command" "${cur%%=*}" && _pm_offer "${cur#*=}" "$REPLY" "${cur%%=*}="
    elif [[ -n $options && $cur == -* ]]; then
        ! _pm_options "$command" || _pm_offer "$cur" "$REPLY" ''
        _pm_options @shared && _pm_offer "$cur" "$REPLY" ''
    elif _pm_next "$command" || _pm_argument "$command" "$position"; then
        if [[ $REPLY == @command ]]; then
            word=''
            ((position == 0)) || word=${words[${#words[@]} - 2]}
            _pm_next "$word" || return 0
            ((position > 0)) || REPLY+=' exit-codes'
        fi
        _pm_offer "$cur" "$REPLY" ''
    fi
    return 0
}

complete -F _pm pm
