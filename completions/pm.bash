# Completion of pm for bash. Generated from the command table: do not edit.

# Each of these leaves its answer in REPLY, and has status 1 where there is none.

# The own name of the command whose words are $1.
_pm_command() {
    case "$1" in
        trash) REPLY=trash ;;
        key) REPLY=key ;;
        config) REPLY=config ;;
        credential) REPLY=credential ;;
        get) REPLY=get ;;
        show) REPLY=show ;;
        ls | list) REPLY=ls ;;
        find | search) REPLY=find ;;
        history) REPLY=history ;;
        log) REPLY=log ;;
        conflicts) REPLY=conflicts ;;
        add | insert | create | new) REPLY=add ;;
        set) REPLY=set ;;
        edit) REPLY=edit ;;
        unset) REPLY=unset ;;
        gen | generate) REPLY=gen ;;
        strength) REPLY=strength ;;
        mv) REPLY=mv ;;
        cp) REPLY=cp ;;
        rm | remove | delete) REPLY=rm ;;
        'trash ls' | 'trash list') REPLY='trash ls' ;;
        'trash restore') REPLY='trash restore' ;;
        'trash empty') REPLY='trash empty' ;;
        undo) REPLY=undo ;;
        resolve) REPLY=resolve ;;
        init) REPLY=init ;;
        status) REPLY=status ;;
        passwd) REPLY=passwd ;;
        'key add') REPLY='key add' ;;
        'key ls' | 'key list') REPLY='key ls' ;;
        'key rm' | 'key remove' | 'key delete') REPLY='key rm' ;;
        'key split') REPLY='key split' ;;
        'key combine') REPLY='key combine' ;;
        rekey) REPLY=rekey ;;
        verify) REPLY=verify ;;
        doctor) REPLY=doctor ;;
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
        'credential git') REPLY='credential git' ;;
        'credential docker') REPLY='credential docker' ;;
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
        '') REPLY='get show ls find history log conflicts add set edit unset gen strength mv cp rm trash undo resolve init status passwd key rekey verify doctor backup diff merge upgrade restore config credential completion man help version' ;;
        trash) REPLY='ls restore empty' ;;
        key) REPLY='add ls rm split combine' ;;
        config) REPLY='get set unset list vault' ;;
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
        history) REPLY=--reveal ;;
        log) REPLY=--number ;;
        conflicts) REPLY=--reveal ;;
        add) REPLY='--type --user --url --gen --otp --note --tag --expires --fav --use-only --force --no-secret --edit --allow-disk --keep-newline' ;;
        set) REPLY='--tag --fav --no-fav --use-only --no-use-only --type --url --expires --keep-newline' ;;
        edit) REPLY=--allow-disk ;;
        gen) REPLY='--length --no-symbols --no-digits --no-upper --no-lower --no-ambiguous --exclude --require --charset --words --sep --cap --pronounceable --rules --pin --bits --count --clip --name --force' ;;
        strength) REPLY=--min ;;
        mv) REPLY=--force ;;
        cp) REPLY=--force ;;
        rm) REPLY='--recursive --purge --dry-run' ;;
        undo) REPLY='--list --number' ;;
        resolve) REPLY='--pick --all --reveal' ;;
        init) REPLY='--kdf --recovery --no-recovery --label --token-file --kit' ;;
        passwd) REPLY='--new-password-stdin --new-password-fd --new-password-file --kdf --upgrade-kdf' ;;
        'key add') REPLY='--label --token-file --kit --with-key-file --new-password-stdin --new-password-fd --new-password-file --kdf' ;;
        rekey) REPLY='--new-password-stdin --new-password-fd --new-password-file --kdf --recovery --no-recovery --no-machine --token-file --kit' ;;
        doctor) REPLY='--deep --fix' ;;
        backup) REPLY='--keep --list' ;;
        diff) REPLY='--copy-password-stdin --copy-password-fd --copy-password-file --copy-key-file' ;;
        merge) REPLY='--dry-run --strict --copy-password-stdin --copy-password-fd --copy-password-file --copy-key-file' ;;
        restore) REPLY='--dry-run --force --accept-rollback --copy-password-stdin --copy-password-fd --copy-password-file --copy-key-file' ;;
        'config list') REPLY=--origin ;;
        'config vault') REPLY=--none ;;
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
        get:--field | get:-f) REPLY='' ;;
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
        gen:--name) REPLY='' ;;
        strength:--min) REPLY='0 1 2 3 4' ;;
        undo:--number | undo:-n) REPLY='' ;;
        resolve:--pick) REPLY='' ;;
        init:--kdf) REPLY='constrained interactive strong paranoid' ;;
        init:--label) REPLY='' ;;
        init:--token-file | init:-o) REPLY=@file ;;
        init:--kit) REPLY=@file ;;
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
        *) return 1 ;;
    esac
}

# What argument $2 of command $1 may be.
_pm_argument() {
    case "$1:$2" in
        'key add':0) REPLY='machine keyfile recovery password password-keyfile' ;;
        'key add':1) REPLY=@file ;;
        backup:0) REPLY=@directory ;;
        diff:0) REPLY=@file ;;
        merge:0) REPLY=@file ;;
        restore:0) REPLY=@file ;;
        'config vault':0) REPLY='add ls rm default' ;;
        'config vault':2) REPLY=@file ;;
        'credential docker':0) REPLY='get store erase list' ;;
        completion:0) REPLY='bash zsh fish' ;;
        help:*) REPLY=@command ;;
        *) return 1 ;;
    esac
}

# Offers what begins with $1 of the words $2, or of the kind that $2 names.
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
        COMPREPLY[${#COMPREPLY[@]}]=$offer
    done < <(if [[ -n $flag ]]; then compgen "$flag" -- "$1"; else compgen -W "$2" -- "$1"; fi)
}

# Readline breaks words at "="; this puts them together again, into the array "words" of the caller.
_pm_words() {
    local i word
    words=()
    for ((i = 1; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        local last=$((${#words[@]} - 1))
        if ((last >= 0)) && [[ ${words[last]} == --* && ( $word == '=' || ${words[last]} == *= ) ]]; then
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
    cur=${words[${#words[@]} - 1]}
    for ((i = 0; i < ${#words[@]} - 1; i++)); do
        word=${words[i]}
        if [[ -n $pending ]]; then
            pending=''
        elif [[ -n $options && $word == -- ]]; then
            options=''
        elif [[ -n $options && $word == -?* ]]; then
            ! _pm_value "$command" "$word" || pending=$word
        elif _pm_next "$command"; then
            _pm_command "${command:+$command }$word" || return 0
            command=$REPLY
        else
            ((position++)) || :
        fi
    done
    if [[ -n $pending ]]; then
        _pm_value "$command" "$pending" && _pm_offer "$cur" "$REPLY"
    elif [[ -n $options && $cur == --*=* ]]; then
        _pm_value "$command" "${cur%%=*}" && _pm_offer "${cur#*=}" "$REPLY"
        # Where "=" does not break words the whole of them is replaced.
        [[ $COMP_WORDBREAKS == *=* ]] || COMPREPLY=("${COMPREPLY[@]/#/${cur%%=*}=}")
    elif [[ -n $options && $cur == -* ]]; then
        ! _pm_options "$command" || _pm_offer "$cur" "$REPLY"
        _pm_options @shared && _pm_offer "$cur" "$REPLY"
    elif _pm_next "$command" || _pm_argument "$command" "$position"; then
        if [[ $REPLY == @command ]]; then
            word=''
            ((position == 0)) || word=${words[${#words[@]} - 2]}
            _pm_next "$word" || return 0
            ((position > 0)) || REPLY+=' exit-codes'
        fi
        _pm_offer "$cur" "$REPLY"
    fi
    return 0
}

complete -F _pm pm
