/** How far what zxcvbn knows can reach in a text, from each of its places: at least as far as zxcvbn finds it. */
import { type Sign, signsAt, type Signs } from "./readings.ts";
import type { Scorer } from "./scorer.ts";
import { ROOT, type WordTree } from "./word-tree.ts";

/** Of "31.12.1999" and all other forms of a date. */
const MAX_DATE_CHARS = 10;
/** zxcvbn's sequences, as in "acegi". */
const MAX_STEP = 5;

/** By the place of a first character, the place after the last one. */
export type Reach = Int32Array;

/** A text in ASCII, and what can be read there, place by place. */
export interface Text {
  readonly lower: string;
  readonly signs: readonly (readonly Sign[])[];
}

export function textOf(password: string, signs: Signs): Text {
  const lower = password.toLowerCase();
  return { lower, signs: Array.from(lower, (_, at) => signsAt(signs, lower, at)) };
}

/** Calls `take` for every place of every word and its node, whatever signs are read as its letters, and read backwards. */
export function eachWord(
  { lower, signs }: Text,
  tree: WordTree,
  take: (from: number, end: number, node: number) => void,
): void {
  const go = (from: number, at: number, node: number): void => {
    if (node === ROOT) return;
    if (tree.rank(node) !== 0) take(from, at, node);
    step(from, at, node);
  };
  const step = (from: number, at: number, node: number): void => {
    if (at === lower.length) return;
    go(from, at + 1, tree.next(node, lower.charCodeAt(at)));
    for (const { sign, letters } of signs[at] ?? []) {
      for (const letter of letters) go(from, at + sign.length, tree.next(node, letter.charCodeAt(0)));
    }
  };
  for (let from = 0; from < lower.length; from++) step(from, from, ROOT);
  for (let end = lower.length; end > 0; end--) {
    let node = ROOT;
    for (let at = end - 1; at >= 0; at--) {
      node = tree.next(node, lower.charCodeAt(at));
      if (node === ROOT) break;
      if (tree.rank(node) !== 0) take(at, end, node);
    }
  }
}

/** How far dates, years, sequences, rows of keys and repetitions reach. */
export function patternReach(text: string, neighbours: ReadonlySet<string>): Reach {
  const reach = Int32Array.from(text, (_, at) => at + 1);
  const further = (from: number, end: number): void => {
    if (end > (reach[from] ?? 0)) reach[from] = end;
  };
  const steps = Array.from(text, (_, at) => text.charCodeAt(at + 1) - text.charCodeAt(at));
  let [date, keys, sequence] = [0, 0, 0];
  for (let at = text.length - 1; at >= 0; at--) {
    date = /[\d\s/\\_.-]/.test(text.charAt(at)) ? date + 1 : 0;
    keys = neighbours.has(text.slice(at, at + 2)) ? keys + 1 : 1;
    const step = steps[at] ?? Number.NaN;
    const following = step === steps[at + 1] ? sequence : 1;
    sequence = Math.abs(step) <= MAX_STEP ? following + 1 : 1;
    further(at, at + Math.min(date, MAX_DATE_CHARS));
    further(at, at + Math.max(keys, sequence));
  }
  repetitions(text, further);
  return reach;
}

/** The longest run of the same is found for each period. */
function repetitions(text: string, further: (from: number, end: number) => void): void {
  for (let period = 1; 2 * period <= text.length; period++) {
    let same = 0;
    for (let from = text.length - period - 1; from >= 0; from--) {
      same = text[from] === text[from + period] ? same + 1 : 0;
      if (same >= period) further(from, from + period + same);
    }
  }
}

/** Pairs of characters, both orders, on neighbouring keys, whichever of them takes Shift. */
export function neighbourPairs(keyboards: Scorer["keyboards"]): ReadonlySet<string> {
  const pairs = new Set<string>();
  for (const keyboard of keyboards) {
    for (const [key, others] of Object.entries(keyboard)) {
      for (const other of others.flatMap((keys) => [...(keys ?? "")]))
        pairs.add(key + other).add(other + key);
    }
  }
  return pairs;
}
