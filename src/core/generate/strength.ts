/** How hard a password is to guess for someone who knows what people choose (zxcvbn). */
import { fromUtf8 } from "../bytes.ts";

export interface Strength {
  /** From 0 (guessed at once) to 4 (out of reach). */
  readonly score: 0 | 1 | 2 | 3 | 4;
  /** Base 10 logarithm of the guesses that a good attack needs. */
  readonly guessesLog10: number;
  /** What is wrong with it, as a sentence. */
  readonly warning: string | undefined;
  /** What would make it better, as sentences. */
  readonly suggestions: readonly string[];
}

/** A score in words. */
export const SCORE_WORDS = ["very weak", "weak", "fair", "good", "strong"] as const;

/** zxcvbn's time grows with the square of the length, and what is longer is not weak any more. */
export const MAX_RATED_CHARS = 100;
const MAX_OWN_WORDS = 100;
/** A master password of this many characters is taken as it is. */
const MIN_MASTER_CHARS = 12;
/** A shorter master password needs this score. */
const MIN_MASTER_SCORE = 3;

/**
 * Rates `password`, or its first 100 characters.
 * @param ownWords what an attacker would try first: names of the user, the site, the entry.
 */
export async function strength(password: string, ownWords: readonly string[] = []): Promise<Strength> {
  zxcvbn ??= loadZxcvbn();
  const rater = await zxcvbn;
  const rated = rater.check(password.slice(0, MAX_RATED_CHARS), ownWordsOf(ownWords));
  const { score, guessesLog10, feedback } = rated;
  return { score, guessesLog10, warning: feedback.warning ?? undefined, suggestions: feedback.suggestions };
}

/** What is taken of the words of a call, as zxcvbn sees them. */
export function ownWordsOf(words: readonly string[]): string[] {
  return words.slice(0, MAX_OWN_WORDS).map((word) => word.slice(0, MAX_RATED_CHARS));
}

/**
 * Why `password` may not protect a vault, as the message of an error, or undefined where it may.
 * The dictionaries are loaded only where the length does not decide.
 */
export async function masterPasswordProblem(password: Uint8Array): Promise<string | undefined> {
  const text = fromUtf8(password);
  if (text === undefined) return "the password is not valid UTF-8";
  if (text === "") return "the password is empty";
  if (/\p{Cc}/u.test(text)) return "the password has a control character in it";
  if (Array.from(text.normalize("NFC")).length >= MIN_MASTER_CHARS) return undefined;
  if ((await strength(text)).score >= MIN_MASTER_SCORE) return undefined;
  return `the password is too easy to guess: use at least ${MIN_MASTER_CHARS} characters`;
}

/** Scores alone, for thousands of passwords. */
export interface Scorer {
  /** Exactly that of {@link strength}. */
  score(password: string, ownWords: readonly string[]): Strength["score"];
  /** That score or a higher one: of the ways in which signs can stand for letters it looks at few. */
  quickScore(password: string, ownWords: readonly string[]): Strength["score"];
  /** What zxcvbn knows: each word once; those that it takes in a row for one pattern; … */
  readonly words: readonly string[];
  readonly countingWords: readonly string[];
  /** … letters, and what people write for them; keys, and their neighbours. */
  readonly substitutions: Readonly<Record<string, readonly string[]>>;
  readonly keyboards: readonly Readonly<Record<string, readonly (string | null)[]>>[];
}

/**
 * zxcvbn looks each part of a password up in every dictionary, and only the lowest rank counts. With one
 * dictionary of the lowest ranks the guesses are the same, and it takes a fifth of the time; which list a
 * word came from can't be told any more.
 */
export async function loadScorer(): Promise<Scorer> {
  scorer ??= buildScorer();
  return await scorer;
}

let scorer: Promise<Scorer> | undefined;

const QUICK_SUBSTITUTIONS = 4;

async function buildScorer(): Promise<Scorer> {
  const { ZxcvbnFactory, lists, ...given } = await loadPackages();
  const rater = new ZxcvbnFactory({ dictionary: {}, ...given });
  const { options } = rater as unknown as Inside;
  const joined = joinRanks(Object.values(lists));
  // Words that are counted ("one two three") are looked for in lists that have certain names.
  const counting = joinRanks(
    Object.entries(lists).flatMap(([name, list]) => (options.isWordSequence(name) ? [list] : [])),
  );
  options.rankedDictionaries = { words: joined, months: counting };
  options.rankedDictionariesMaxWordSize = { words: longest(joined), months: longest(counting) };
  const all = options.l33tMaxSubstitutions;
  const scoreWith = (substitutions: number) => (password: string, own: readonly string[]) => {
    options.l33tMaxSubstitutions = substitutions;
    return rater.check(password.slice(0, MAX_RATED_CHARS), ownWordsOf(own)).score;
  };
  return {
    score: scoreWith(all),
    quickScore: scoreWith(QUICK_SUBSTITUTIONS),
    words: Object.keys(joined),
    countingWords: Object.keys(counting),
    substitutions: options.l33tTable,
    keyboards: Object.values(given.graphs),
  };
}

/** Declared private, and there is no other way to say it. */
interface Inside {
  readonly options: {
    rankedDictionaries: Readonly<Record<string, Ranks>>;
    rankedDictionariesMaxWordSize: Readonly<Record<string, number>>;
    l33tMaxSubstitutions: number;
    readonly l33tTable: Scorer["substitutions"];
    isWordSequence(name: string): boolean;
  };
}

type Ranks = Readonly<Record<string, number>>;

/** Words stand in a list in the order in which they are guessed, from 1 on. */
function joinRanks(lists: readonly (readonly (string | number)[])[]): Ranks {
  const ranks: Record<string, number> = {};
  for (const list of lists) {
    for (const [at, word] of list.entries()) {
      const known = ranks[word];
      // What every object has ("constructor") is no number.
      if (typeof known !== "number" || known > at) ranks[word] = at + 1;
    }
  }
  return ranks;
}

function longest(ranks: Ranks): number {
  return Object.keys(ranks).reduce((length, word) => Math.max(length, word.length), 0);
}

/** Building the dictionaries takes a quarter of a second, so it is done once. */
let zxcvbn: ReturnType<typeof loadZxcvbn> | undefined;

async function loadZxcvbn() {
  const { ZxcvbnFactory, lists, ...given } = await loadPackages();
  return new ZxcvbnFactory({ dictionary: lists, ...given });
}

async function loadPackages() {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
    import("@zxcvbn-ts/language-en"),
  ]);
  return {
    ZxcvbnFactory,
    lists: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    translations: english.translations,
    maxLength: MAX_RATED_CHARS,
  };
}
