/** What a password can be read as where signs stand for letters: those ways that zxcvbn tries, in its order. */

/** What people write, by its first character, and the letters that they mean; the longest come first. */
export type Signs = ReadonlyMap<string, readonly Sign[]>;

export interface Sign {
  readonly sign: string;
  readonly letters: readonly string[];
}

/** @param substitutions for each letter what is written for it */
export function signsOf(substitutions: Readonly<Record<string, readonly string[]>>): Signs {
  const letters = new Map<string, string[]>();
  for (const [letter, signs] of Object.entries(substitutions)) {
    for (const sign of signs) letters.set(sign, [...(letters.get(sign) ?? []), letter]);
  }
  const all = Array.from(letters, ([sign, meant]): Sign => ({ sign, letters: meant }));
  return Map.groupBy(
    all.toSorted((a, b) => b.sign.length - a.sign.length),
    ({ sign }) => sign.charAt(0),
  );
}

/** The signs that `text` has at `at`. */
export function signsAt(signs: Signs, text: string, at: number): readonly Sign[] {
  return signs.get(text.charAt(at))?.filter(({ sign }) => text.startsWith(sign, at)) ?? [];
}

export interface Reading {
  readonly text: string;
  readonly changes: readonly Change[];
}

export interface Change {
  /** Where `letter` stands in the text of the reading. */
  readonly at: number;
  readonly letter: string;
  readonly sign: string;
}

/** A sign is read so often in a row; then it is taken as it is written. */
const MAX_IN_A_ROW = 3;

interface Read extends Reading {
  /** In the password. */
  readonly at: number;
  /** Whether every sign was read as a letter. */
  readonly isFull: boolean;
  readonly last: string;
  readonly inARow: number;
}

/** First those in which all signs are letters, then the others; `limit` at most. */
export function readings(password: string, signs: Signs, limit: number): readonly Reading[] {
  const found: Reading[] = [];
  const here = Array.from({ length: password.length }, (_, at) => signsAt(signs, password, at));
  const go = (read: Read, onlyFull: boolean): void => {
    if (found.length >= limit) return;
    if (read.at === password.length) {
      if (read.isFull === onlyFull) found.push(read);
      return;
    }
    const open = here[read.at]?.filter(({ sign }) => sign !== read.last || read.inARow < MAX_IN_A_ROW) ?? [];
    for (const { sign, letters } of open) {
      for (const letter of letters) go(withLetter(read, sign, letter), onlyFull);
    }
    if (onlyFull && open.length > 0) return;
    const text = read.text + password.charAt(read.at);
    go({ ...read, text, at: read.at + 1, isFull: read.isFull && open.length === 0 }, onlyFull);
  };
  const start: Read = { text: "", changes: [], at: 0, isFull: true, last: "", inARow: 0 };
  go(start, true);
  go(start, false);
  return found;
}

function withLetter(read: Read, sign: string, letter: string): Read {
  return {
    text: read.text + letter,
    changes: [...read.changes, { at: read.text.length, letter, sign }],
    at: read.at + sign.length,
    isFull: read.isFull,
    last: sign,
    inARow: read.last === sign ? read.inARow + 1 : 1,
  };
}
