/** Splits a line into words as a shell does: '…', "…", $'…', \x, $NAME. Nothing else is special. */

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", e: "\u001b", 0: "\0" };

/** @throws Error where a quote is not closed or a variable is not set. */
export function shellWords(line: string, variables: Readonly<Record<string, string | undefined>>): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let rest = line;
  while (rest !== "") {
    const piece = nextPiece(rest, variables);
    rest = rest.slice(piece.length);
    if (piece.text !== undefined) word = (word ?? "") + piece.text;
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

interface Piece {
  /** How much of the line it takes. */
  readonly length: number;
  /** Undefined for the space between words. */
  readonly text: string | undefined;
}

function nextPiece(rest: string, variables: Readonly<Record<string, string | undefined>>): Piece {
  const space = /^\s+/.exec(rest);
  if (space !== null) return { length: space[0].length, text: undefined };
  const ansi = /^\$'((?:[^'\\]|\\[^])*)'/.exec(rest);
  if (ansi !== null) return { length: ansi[0].length, text: unescape(ansi[1] ?? "") };
  const single = /^'([^']*)'/.exec(rest);
  if (single !== null) return { length: single[0].length, text: single[1] ?? "" };
  const double = /^"((?:[^"\\]|\\[^])*)"/.exec(rest);
  if (double !== null) return { length: double[0].length, text: expand(double[1] ?? "", variables) };
  const bare = /^(?:[^\s'"\\$]|\\[^]|\$(?!'))+/.exec(rest);
  if (bare !== null) return { length: bare[0].length, text: expand(bare[0], variables) };
  throw new Error(`a quote is not closed: ${rest}`);
}

function unescape(text: string): string {
  return text.replaceAll(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([^]))/gi, (_all, hex, unicode, char) =>
    char === undefined ? String.fromCharCode(Number.parseInt(hex ?? unicode, 16)) : (ESCAPES[char] ?? char),
  );
}

function expand(text: string, variables: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(/\\([^])|\$([A-Za-z_]\w*)/g, (_all, escaped, name) => {
    if (escaped !== undefined) return escaped;
    const value = variables[name];
    if (value === undefined) throw new Error(`$${name} is not set`);
    return value;
  });
}
