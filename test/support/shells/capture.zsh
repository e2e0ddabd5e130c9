# In the shell under test: Tab prints each match after \x01, and \x02 at the end.
setopt no_beep
zstyle ':completion:*' verbose no

compadd() {
  # Calls that only fill arrays (-O, -A, -D) are the completion system's own.
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local -a matches
  builtin compadd -A matches "$@"
  local match
  for match in $matches; print -r -- $'\x01'$match
  builtin compadd "$@"
}

complete-and-say() {
  zle complete-word
  print -r -- $'\x02'
}
zle -N complete-and-say
bindkey '^I' complete-and-say
