/**
 * What zxcvbn finds of words in a password, in the shape in which it goes on with it, without its price: it
 * cuts every part out of every reading of the password and looks each up in every list.
 */
import type { Change, Reading } from "./readings.ts";
import { ROOT, type WordTree } from "./word-tree.ts";

/** zxcvbn's name for it, and its coordinates: from `i` to `j`, both included. */
interface WordMatch {
  readonly pattern: "dictionary";
  readonly i: number;
  readonly j: number;
  readonly token: string;
  readonly matchedWord: string;
  readonly rank: number;
  readonly dictionaryName: string;
  readonly reversed: boolean;
  readonly l33t: boolean;
  readonly subs?: readonly Substitution[];
}

/** As zxcvbn counts them. */
interface Substitution {
  readonly letter: string;
  readonly substitution: string;
}

export interface WordMatcher {
  match(options: { readonly password: string; readonly userInputsOptions?: unknown }): WordMatch[];
}

export type WordMatcherName = "dictionary" | "dictionaryL33t" | "dictionaryReverse";

interface WordSource {
  /** By name. @param isWhole whether it is for the password itself, and not for what is repeated in it */
  readonly trees: (isWhole: boolean) => readonly (readonly [name: string, tree: WordTree])[];
  readonly readings: (password: string) => readonly Reading[];
}

export function wordMatchers(source: WordSource): Readonly<Record<WordMatcherName, WordMatcher>> {
  const plain = (text: string, isWhole: boolean): WordMatch[] =>
    source.trees(isWhole).flatMap(([name, tree]) => plainMatches(text, name, tree));
  return {
    dictionary: { match: ({ password, userInputsOptions: own }) => plain(password, own !== undefined) },
    dictionaryL33t: {
      match: ({ password, userInputsOptions: own }) => signMatches(password, source, own !== undefined),
    },
    dictionaryReverse: {
      match: ({ password, userInputsOptions: own }) =>
        plain(reversed(password), own !== undefined).map((match) => turned(match, password.length)),
    },
  };
}

function plainMatches(text: string, dictionaryName: string, tree: WordTree): WordMatch[] {
  const found: WordMatch[] = [];
  new Walk(tree).words(text, ({ from: i, to: j, word, rank }) => {
    const token = text.slice(i, j + 1);
    found.push({ ...SHAPE, i, j, token, matchedWord: word, rank, dictionaryName });
  });
  return found;
}

const SHAPE = { pattern: "dictionary", reversed: false, l33t: false } as const;

function turned(match: WordMatch, length: number): WordMatch {
  const [i, j] = [length - 1 - match.j, length - 1 - match.i];
  return { ...match, token: reversed(match.token), reversed: true, i, j };
}

function reversed(text: string): string {
  return text.split("").reverse().join("");
}

/** Words of which at least one letter is written as a sign. */
function signMatches(password: string, { trees, readings }: WordSource, isWhole: boolean): WordMatch[] {
  const found: WordMatch[] = [];
  const walks = trees(isWhole).map(([name, tree]) => ({
    name,
    walk: new Walk(tree),
    known: new Set<number>(),
  }));
  let isDone = false;
  for (const { text, changes } of readings(password)) {
    for (const { name, walk, known } of walks) {
      walk.words(text, ({ from, to, node, word, rank }) => {
        const { i, j, signs } = writtenAt(changes, from, to);
        isDone ||= i === 0 && j === password.length - 1;
        const key = (node * password.length + i) * password.length + j;
        if (i === j || signs.length === 0 || known.has(key)) return;
        known.add(key);
        const [token, subs] = [password.slice(i, j + 1), substitutions(signs)];
        found.push({
          ...SHAPE,
          l33t: true,
          i,
          j,
          token,
          matchedWord: word,
          rank,
          dictionaryName: name,
          subs,
        });
      });
    }
    // What comes after a word that is the whole is not looked at.
    if (isDone) break;
  }
  return found;
}

/** Where the letters of a reading stand in the password, and the signs that are between. */
function writtenAt(changes: readonly Change[], from: number, to: number) {
  let [i, j, first, end] = [from, to, 0, 0];
  for (const { at, sign } of changes) {
    if (at > to) break;
    end++;
    j += sign.length - 1;
    if (at >= from) continue;
    first = end;
    i += sign.length - 1;
  }
  return { i, j, signs: first === end ? [] : changes.slice(first, end) };
}

function substitutions(changes: readonly Change[]): readonly Substitution[] {
  const found: Substitution[] = [];
  for (const { letter, sign: substitution } of changes) {
    const isKnown = found.some((one) => one.letter === letter && one.substitution === substitution);
    if (!isKnown) found.push({ letter, substitution });
  }
  return found;
}

interface FoundWord {
  readonly from: number;
  readonly to: number;
  /** Of its last letter; each word has one. */
  readonly node: number;
  readonly word: string;
  readonly rank: number;
}

/** Looks for the words of a tree in texts that begin alike, and in each only at what is new. */
class Walk {
  readonly #tree: WordTree;
  #lower = "";
  /** For each place of the last text, the first letter at which no word that begins there goes on. */
  readonly #ends: number[] = [];

  constructor(tree: WordTree) {
    this.#tree = tree;
  }

  /** By their place; without those that end in what the text before had, too. */
  words(text: string, take: (found: FoundWord) => void): void {
    const lower = text.toLowerCase();
    const same = sameLetters(lower, this.#lower);
    for (let from = 0; from < text.length; from++) {
      const end = this.#ends[from];
      if (end !== undefined && end < same) continue;
      let node = ROOT;
      let to = from;
      for (; to < text.length; to++) {
        node = this.#tree.next(node, lower.charCodeAt(to));
        if (node === ROOT) break;
        const rank = to >= same ? this.#tree.rank(node) : 0;
        if (rank !== 0) take({ from, to, node, word: lower.slice(from, to + 1), rank });
      }
      this.#ends[from] = to;
    }
    this.#ends.length = text.length;
    this.#lower = lower;
  }
}

function sameLetters(a: string, b: string): number {
  let same = 0;
  while (same < a.length && a.charCodeAt(same) === b.charCodeAt(same)) same++;
  return same;
}
