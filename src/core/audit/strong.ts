/**
 * A quick proof that zxcvbn finds a password strong, so that it need not be asked: it takes up to a tenth of
 * a second for a generated one.
 *
 * zxcvbn covers a password with L matches and gives it L! · Π guesses + 10,000^(L-1) guesses, of which score
 * 2 has fewer than 10^8 + 5. So three matches are always score 3. One or two are only where a match, with
 * at least 50 guesses, covers all but five characters of the one end, or two of them meet: any text that
 * no pattern covers takes ten guesses a character. What a match covers at most from either end is found
 * here without asking which one it is and how likely.
 */
import type { Scorer } from "../generate/strength.ts";
import { createSpelling, createWordReach, fewWordsReach, type WordReach } from "./word-reach.ts";

/** The highest score that is weak, for which the proof holds. */
export const MAX_WEAK_SCORE = 2;
/** 10^9 guesses for what no pattern covers. */
const MIN_STRONG_CHARS = 9;
/** 2 · 50 · 10^6 + 10,000 guesses. */
const MIN_UNCOVERED_CHARS = 6;
/** Of "31.12.1999" and all other forms of a date. */
const MAX_DATE_CHARS = 10;
/** zxcvbn's sequences, as in "acegi". */
const MAX_STEP = 5;

/** @returns whether the score of a password is surely over {@link MAX_WEAK_SCORE} */
export type Proof = (password: string, ownWords: readonly string[]) => boolean;

export function createProof(scorer: Scorer): Proof {
  const spelling = createSpelling(scorer.substitutions);
  const known = createWordReach(scorer.words, spelling);
  const counting = createWordReach(scorer.countingWords, spelling);
  const neighbours = neighbourPairs(scorer.keyboards);
  return (password, ownWords) => {
    const { length } = password;
    // Of other letters the small one may have another length.
    if (length < MIN_STRONG_CHARS || !/^[\x20-\x7e]+$/.test(password)) return false;
    const own = fewWordsReach(ownWords, spelling);
    const words = (text: string, end: keyof WordReach): number => Math.max(known[end](text), own[end](text));
    const lower = password.toLowerCase();
    if (mayCount(lower, counting)) return false;
    const prefix = Math.max(words(lower, "prefix"), patternReach(password, neighbours));
    const backwards = [...password].reverse().join("");
    const suffix = Math.max(words(lower, "suffix"), patternReach(backwards, neighbours));
    return prefix + suffix < length && Math.max(prefix, suffix) + MIN_UNCOVERED_CHARS <= length;
  };
}

/** Whether words could be counted from either end: any number of them, with a character between, is one match. */
function mayCount(text: string, { prefix, suffix }: WordReach): boolean {
  const follows = (at: number): boolean => prefix(text.slice(at)) > 0;
  const precedes = (at: number): boolean => suffix(text.slice(0, text.length - at)) > 0;
  // Shorter words than the longest may be there, too.
  return nextTo(prefix(text)).some(follows) || nextTo(suffix(text)).some(precedes);
}

/** Where a second word can begin, or end, after one that reaches so far. */
function nextTo(reach: number): readonly number[] {
  return reach === 0 ? [] : Array.from({ length: reach + 1 }, (_, at) => at + 1);
}

/** How far dates, years, sequences, rows of keys and repetitions can reach from the beginning. */
function patternReach(text: string, neighbours: ReadonlySet<string>): number {
  const date = /^[\d\s/\\_.-]*/.exec(text)?.[0].length ?? 0;
  const keys = runLength(text, (at) => neighbours.has(text.slice(at - 1, at + 1)));
  const step = text.charCodeAt(1) - text.charCodeAt(0);
  const isSequence = Math.abs(step) <= MAX_STEP;
  const sequence = runLength(
    text,
    (at) => isSequence && text.charCodeAt(at) - text.charCodeAt(at - 1) === step,
  );
  return Math.max(Math.min(date, MAX_DATE_CHARS), keys, sequence, repeatReach(text));
}

/** The length of the run that goes on as long as `holds` for a character and the one before it. */
function runLength(text: string, holds: (at: number) => boolean): number {
  let at = 1;
  while (at < text.length && holds(at)) at++;
  return at;
}

function repeatReach(text: string): number {
  let reach = 0;
  for (let period = 1; 2 * period <= text.length; period++) {
    let same = 0;
    while (period + same < text.length && text[same] === text[period + same]) same++;
    if (same >= period) reach = Math.max(reach, period + same);
  }
  return reach;
}

/** Pairs of characters, both orders, on neighbouring keys, whichever of them takes Shift. */
function neighbourPairs(keyboards: Scorer["keyboards"]): ReadonlySet<string> {
  const pairs = new Set<string>();
  for (const keyboard of keyboards) {
    for (const [key, others] of Object.entries(keyboard)) {
      for (const other of others.flatMap((keys) => [...(keys ?? "")]))
        pairs.add(key + other).add(other + key);
    }
  }
  return pairs;
}
