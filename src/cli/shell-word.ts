/** A word as it is typed in a POSIX shell, for commands that pm suggests. */
export function shellWord(text: string): string {
  return /^[\w./,+@%=:-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
