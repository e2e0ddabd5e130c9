/**
 * A quick proof that zxcvbn gives a password a certain score or a higher one, so that it need not be asked: it
 * takes ten times as long.
 *
 * zxcvbn covers a password with matches, and for L of them counts L! · Π guesses + 10,000^(L-1) guesses: the
 * least over all covers is its answer. Here every stretch that a match could fill, whichever it is, counts as
 * the least that a match has, and every other one as ten guesses a character. So the least over all covers is
 * not more than zxcvbn's.
 */
import { MAX_RATED_CHARS } from "../generate/strength.ts";
import { eachWord, neighbourPairs, patternReach, type Reach, textOf } from "./reach.ts";
import { isOdd, type Scorer } from "./scorer.ts";
import { treeOfOwn } from "./word-tree.ts";

/** zxcvbn's guesses for the scores 1 to 4. */
const MIN_GUESSES = [1e3, 1e6, 1e8, 1e10].map((guesses) => guesses + 5);
const ONE_MORE_MATCH = 10_000;
const PER_CHARACTER = 10;
/** Of a match of several characters that is not the whole. */
const PER_MATCH = 50;

/** @returns whether the score of a password is surely at least that which the proof is for */
export type Proof = (password: string, ownWords: readonly string[]) => boolean;

/** @param minScore 1 to 4 */
export function createProof(scorer: Scorer, minScore: number): Proof {
  const enough = MIN_GUESSES[minScore - 1] ?? Number.POSITIVE_INFINITY;
  const neighbours = neighbourPairs(scorer.keyboards);
  return (password, ownWords) => {
    // Of other letters the small one may have another length.
    if (!/^[\x20-\x7e]+$/.test(password) || isOdd(password, scorer.signs)) return false;
    const text = textOf(password, scorer.signs);
    const reach = patternReach(password, neighbours);
    const further = (from: number, end: number): void => {
      if (end > (reach[from] ?? 0)) reach[from] = end;
    };
    const counted = new CountedWords();
    eachWord(text, scorer.words, (from, end, node) => {
      further(from, end);
      if (scorer.countingNodes.has(node)) counted.add(from, end);
    });
    if (counted.areInARow()) return false;
    eachWord(text, treeOfOwn(ownWords), further);
    return leastGuesses(reach, enough) >= enough;
  };
}

/** Words that are counted: any number of them, with a character between, is one match. */
class CountedWords {
  readonly #begins = new Set<number>();
  readonly #ends = new Set<number>();

  add(from: number, end: number): void {
    this.#begins.add(from);
    this.#ends.add(end);
  }

  areInARow(): boolean {
    return [...this.#ends].some((end) => this.#begins.has(end) || this.#begins.has(end + 1));
  }
}

/** The least over all covers of so few matches that their number alone is not `enough`. */
function leastGuesses(reach: Reach, enough: number): number {
  const { length } = reach;
  // One match that is the whole may have been guessed at once.
  if (reach[0] === length) return 1;
  let products = Array.from(reach, (_, at) => least(reach, 0, at + 1));
  let found = products[length - 1] ?? 1;
  let orders = 1;
  for (let matches = 2; found >= enough && ONE_MORE_MATCH ** (matches - 1) < enough; matches++) {
    if (matches > 2) products = products.map((_, at) => withOneMore(products, reach, at));
    orders *= matches;
    found = orders * withOneMore(products, reach, length - 1) + ONE_MORE_MATCH ** (matches - 1);
  }
  return found;
}

/** The least product of one match more than `products` have, by their last place, so that the last is at `last`. */
function withOneMore(products: readonly number[], reach: Reach, last: number): number {
  let found = Number.POSITIVE_INFINITY;
  for (let from = 1; from <= last; from++) {
    const product = (products[from - 1] ?? 1) * least(reach, from, last + 1);
    if (product < found) found = product;
  }
  return found;
}

const POWERS = Array.from({ length: MAX_RATED_CHARS + 1 }, (_, length) => PER_CHARACTER ** length);

function least(reach: Reach, from: number, end: number): number {
  const isMatch = end - from > 1 && end <= (reach[from] ?? 0);
  return isMatch ? PER_MATCH : (POWERS[end - from] ?? Number.POSITIVE_INFINITY);
}
