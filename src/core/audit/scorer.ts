/** zxcvbn's scores for thousands of passwords: the same numbers, without saying which list a word stands in. */
import { loadPackages, MAX_RATED_CHARS, ownWordsOf, type Strength } from "../generate/strength.ts";
import { type Reading, readings, type Signs, signsOf } from "./readings.ts";
import { type WordMatcher, type WordMatcherName, wordMatchers } from "./word-matchers.ts";
import { treeOfOwn, WordTree } from "./word-tree.ts";

export interface Scorer {
  /** Exactly those of `strength()`; `password` and `ownWords` as it takes them. */
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
/** What zxcvbn finds in every list, though it stands in none: every object has them. Their rank is no number. */
const EVERYWHERE = ["constructor", "__proto__"];

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
  let own = new WordTree();
  const all = (isWhole: boolean) => [["words", words] as const, ...(isWhole ? [["own", own] as const] : [])];
  Object.assign(matching.matchers, wordMatchers({ readings: read, trees: all }));
  const counting = [["counted", countingWords] as const];
  Object.assign(matching.matchers.wordSequence, wordMatchers({ readings: read, trees: () => counting }));
  return {
    rate(password, ownWords) {
      own = treeOfOwn(ownWordsOf(ownWords));
      const { score, guessesLog10 } = rater.check(password.slice(0, MAX_RATED_CHARS));
      return { score, guessesLog10 };
    },
    words,
    countingNodes: new Set([...EVERYWHERE, ...counted.flat()].map((word) => words.nodeOf(String(word)))),
    signs,
    keyboards: Object.values(given.graphs),
  };
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
  for (const word of EVERYWHERE) tree.add(word, Number.NaN);
  for (const list of lists) {
    for (let at = 0; at < list.length; at++) tree.add(String(list[at]), at + 1);
  }
  return tree;
}
