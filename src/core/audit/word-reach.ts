/** How far a word that zxcvbn knows can reach into a text from either end, whatever people write for its letters. */

export interface WordReach {
  /** Characters from the beginning of a text in lower case; 0 where no word begins there. */
  readonly prefix: (text: string) => number;
  /** The same from the end. */
  readonly suffix: (text: string) => number;
}

/** What people write, by its first character, and the letters that they mean. */
type Signs = ReadonlyMap<string, readonly (readonly [sign: string, letter: string])[]>;

export interface Spelling {
  readonly forwards: Signs;
  readonly backwards: Signs;
}

export function createSpelling(substitutions: Readonly<Record<string, readonly string[]>>): Spelling {
  const pairs = Object.entries(substitutions).flatMap(([letter, signs]) =>
    signs.map((sign): readonly [string, string] => [sign, letter]),
  );
  const bySign = (turn: (sign: string) => string): Signs => {
    const turned = pairs.map(([sign, letter]): readonly [string, string] => [turn(sign), letter]);
    return Map.groupBy(turned, ([sign]) => sign.charAt(0));
  };
  return { forwards: bySign((sign) => sign), backwards: bySign(reversed) };
}

/** zxcvbn takes words read backwards, too, but those letter by letter. */
export function createWordReach(words: readonly string[], spelling: Spelling): WordReach {
  const forwards = words.toSorted();
  const backwards = words.map(reversed).sort();
  return reachOf({ forwards: [forwards], backwards: [backwards] }, spelling);
}

/** The same, made at less cost: it looks at one word after the other. */
export function fewWordsReach(words: readonly string[], spelling: Spelling): WordReach {
  const backwards = words.map((word) => [reversed(word)]);
  return reachOf({ forwards: words.map((word) => [word]), backwards }, spelling);
}

/** Lists that are sorted, each. */
type Lists = readonly (readonly string[])[];

function reachOf(
  { forwards, backwards }: { readonly forwards: Lists; readonly backwards: Lists },
  spelling: Spelling,
): WordReach {
  const most = (lists: Lists, text: string, signs?: Signs): number =>
    lists.reduce((best, words) => Math.max(best, reach(words, text, signs)), 0);
  return {
    prefix: (text) => Math.max(most(forwards, text, spelling.forwards), most(backwards, text)),
    suffix: (text) => {
      const turned = reversed(text);
      return Math.max(most(backwards, turned, spelling.backwards), most(forwards, turned));
    },
  };
}

function reversed(text: string): string {
  let turned = "";
  for (let at = text.length - 1; at >= 0; at--) turned += text.charAt(at);
  return turned;
}

/** The words that begin in the same way stand together: from `low` to before `high`. */
interface Place {
  readonly low: number;
  readonly high: number;
  /** Letters of the words that are read. */
  readonly letters: number;
  /** Characters of the text that were taken for them. */
  readonly taken: number;
}

/** @param words sorted by UTF-16 code units */
function reach(words: readonly string[], text: string, signs?: Signs): number {
  const places: Place[] = [{ low: 0, high: words.length, letters: 0, taken: 0 }];
  let best = 0;
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const { low, letters, taken } = place;
    // The shortest of them stands first.
    if (words[low]?.length === letters && letters > 0) best = Math.max(best, taken);
    const go = (letter: string, length: number): void => {
      const next = narrow(words, place, letter);
      if (next.low < next.high) places.push({ ...next, letters: letters + 1, taken: taken + length });
    };
    if (taken < text.length) go(text.charAt(taken), 1);
    for (const [sign, letter] of signs?.get(text.charAt(taken)) ?? [])
      if (text.startsWith(sign, taken)) go(letter, sign.length);
  }
  return best;
}

function narrow(words: readonly string[], { low, high, letters }: Place, letter: string) {
  const first = firstFrom(words, { low, high }, (word) => word.charAt(letters) >= letter);
  const end = firstFrom(words, { low: first, high }, (word) => word.charAt(letters) > letter);
  return { low: first, high: end };
}

function firstFrom(
  words: readonly string[],
  range: { readonly low: number; readonly high: number },
  holds: (word: string) => boolean,
): number {
  let { low, high } = range;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(words[middle] ?? "")) high = middle;
    else low = middle + 1;
  }
  return low;
}
