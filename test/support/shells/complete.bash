# Prints what the function _pm of file $1 offers for each line ($2...), one word a line and "=" after the last.
set -eu
source "$1"
shift
for line in "$@"; do
    COMP_LINE=$line
    COMP_POINT=${#line}
    COMPREPLY=()
    _pm
    ((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}"
    echo =
done
