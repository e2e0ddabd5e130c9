# Prints what zsh offers for each line ($2...), one word a line and "=" after the last, with the
# completions of directory $1: a real interactive zsh on a pseudoterminal, its compadd wrapped.
zmodload zsh/zpty
here=${0:A:h}
zpty shell zsh -f -i
zpty -w shell "PROMPT= LISTMAX=10000 fpath=(${(q)1} \$fpath); autoload -Uz compinit && compinit -u -D; source ${(q)here}/capture.zsh; echo re''ady"
while zpty -r shell REPLY && [[ $REPLY != *ready* ]]; do :; done
for line in "${@:2}"; do
  zpty -w -n shell "$line"$'\t'
  while zpty -r shell REPLY; do
    REPLY=${REPLY//[$'\r\n']/}
    [[ $REPLY == *$'\x02' ]] && break
    [[ $REPLY == *$'\x01'* ]] && print -r -- ${REPLY#*$'\x01'}
  done
  print -r -- =
  # Ctrl-U takes the line away for the next one.
  zpty -w -n shell $'\x15'
done
zpty -d shell
