/** How hard a password is to guess for someone who knows what people choose (zxcvbn). */
import type { OptionsGraph, OptionsType, ZxcvbnFactory } from "@zxcvbn-ts/core";
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

/** Building the dictionaries takes a quarter of a second, so it is done once. */
let zxcvbn: ReturnType<typeof loadZxcvbn> | undefined;

async function loadZxcvbn() {
  const { ZxcvbnFactory: Factory, lists, ...given } = await loadPackages();
  return new Factory({ dictionary: lists, ...given });
}

/** zxcvbn, its lists of words, and the options that pm gives it. */
export interface ZxcvbnPackages extends Pick<OptionsType, "graphs" | "translations" | "maxLength"> {
  readonly ZxcvbnFactory: typeof ZxcvbnFactory;
  readonly lists: Readonly<Record<string, (string | number)[]>>;
  readonly graphs: OptionsGraph;
}

export async function loadPackages(): Promise<ZxcvbnPackages> {
  const [core, common, english] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
    import("@zxcvbn-ts/language-en"),
  ]);
  return {
    ZxcvbnFactory: core.ZxcvbnFactory,
    lists: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    translations: english.translations,
    maxLength: MAX_RATED_CHARS,
  };
}
