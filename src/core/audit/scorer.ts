/** zxcvbn's scores for thousands of passwords: the same numbers, without saying which list a word stands in. */
import { loadPackages, MAX_RATED_CHARS, ownWordsOf, type Strength } from "../generate/strength.ts";
import { eachWord, textOf } from "./reach.ts";
import { type Reading, readings, type Signs, signsOf } from "./readings.ts";
import { type WordMatcher, type WordMatcherName, wordMatchers } from "./word-matchers.ts";
import { treeOfOwn, WordTree } from "./word-tree.ts";

export interface Scorer {
  /**
   * Those of `strength()`; `password` and `ownWords` as it takes them. Known to differ: "2024007vv0dnivv", with 10^13
   * guesses in the place of 10^12.4, which the soak found.
   */
  rate(password: string, ownWords: readonly string[]): Pick<Strength, "score" | "guessesLog10">;
  /** All words, and where those end that are counted ("one two three"), which in a row are one pattern. */
  readonly words: WordTree;
  readonly countingNodes: ReadonlySet<number>;
  readonly signs: Signs;
  /** Keys, and their neighbours. */
  readonly keyboards: readonly Readonly<Record<string, readonly (string | null)[]>>[];
}

/** Loading takes a fifth of a second. */
export async function loadScorer(): Promise<Scorer> {
  scorer ??= buildScorer();
  return await scorer;
}

let scorer: Promise<Scorer> | undefined;

/** About as many as there are. */
const EXPECTED_NODES = 450_000;
/** These stand in no list: every object has them. Their rank is no number, and what comes of that depends on the lists. */
const EVERYWHERE = treeOfOwn(["constructor", "__proto__"]);

async function buildScorer(): Promise<Scorer> {
  const { ZxcvbnFactory: Factory, lists, ...given } = await loadPackages();
  const rater = new Factory({ dictionary: {}, ...given });
  const { options, matching } = rater as unknown as Inside;
  const words = treeOf(Object.values(lists), new WordTree(EXPECTED_NODES));
  const counted = Object.entries(lists).flatMap(([name, list]) =>
    options.isWordSequence(name) ? [list] : [],
  );
  const countingWords = treeOf(counted, new WordTree());
  const signs = signsOf(options.l33tTable);
  const read = onceInARow((password) => readings(password, signs, options.l33tMaxSubstitutions));
  let library: typeof rater | undefined;
  const asLibrary: typeof rater.check = (...call) => {
    library ??= new Factory({ dictionary: lists, ...given });
    return library.check(...call);
  };
  let own = new WordTree();
  const all = (isWhole: boolean) => [["words", words] as const, ...(isWhole ? [["own", own] as const] : [])];
  Object.assign(matching.matchers, wordMatchers({ readings: read, trees: all }));
  const counting = [["counted", countingWords] as const];
  Object.assign(matching.matchers.wordSequence, wordMatchers({ readings: read, trees: () => counting }));
  return {
    rate(password, ownWords) {
      const text = password.slice(0, MAX_RATED_CHARS);
      const called = ownWordsOf(ownWords);
      own = treeOfOwn(called);
      const { score, guessesLog10 } = isOdd(text, signs) ? asLibrary(text, called) : rater.check(text);
      return { score, guessesLog10 };
    },
    words,
    countingNodes: new Set(counted.flat().map((word) => words.nodeOf(String(word)))),
    signs,
    keyboards: Object.values(given.graphs),
  };
}

/** Whether something is in it that zxcvbn finds in every list: the library itself is asked, and nothing is proven. */
export function isOdd(password: string, signs: Signs): boolean {
  let found = false;
  eachWord(textOf(password, signs), EVERYWHERE, () => {
    found = true;
  });
  return found;
}

/** Declared private, and there is no other way to say it. */
interface Inside {
  readonly options: {
    readonly l33tMaxSubstitutions: number;
    readonly l33tTable: Readonly<Record<string, readonly string[]>>;
    isWordSequence(name: string): boolean;
  };
  readonly matching: {
    readonly matchers: Record<WordMatcherName, WordMatcher> & {
      readonly wordSequence: Record<WordMatcherName, WordMatcher>;
    };
  };
}

/** Remembers the last answer: both kinds of matchers ask for the same. */
function onceInARow(make: (password: string) => readonly Reading[]): typeof make {
  let last: { readonly password: string; readonly made: readonly Reading[] } | undefined;
  return (password) => {
    if (last?.password !== password) last = { password, made: make(password) };
    return last.made;
  };
}

/** Words stand in a list in the order in which they are guessed, from 1 on. */
function treeOf(lists: readonly (readonly (string | number)[])[], tree: WordTree): WordTree {
  for (const list of lists) {
    for (let at = 0; at < list.length; at++) tree.add(String(list[at]), at + 1);
  }
  return tree;
}
