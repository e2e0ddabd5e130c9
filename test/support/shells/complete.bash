# Prints what the function _pm of file $1 offers for each line ($2...), one word a line and "=" after the last.
# The lines come with their words separated by newlines, as readline would break them.
set -eu
source "$1"
shift
for line in "$@"; do
    mapfile -t COMP_WORDS <<<"$line"
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    COMPREPLY=()
    _pm
    ((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}"
    echo =
done
