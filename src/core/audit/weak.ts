/** Which passwords are easy to guess: those of which `pm strength` says so, for thousands. */
import { loadScorer, MAX_RATED_CHARS, ownWordsOf, type Strength } from "../generate/strength.ts";
import type { Password } from "./facts.ts";
import { createProof, MAX_WEAK_SCORE } from "./strong.ts";

export type Score = Strength["score"];

/**
 * A score where the password's is below the one that is asked for, else undefined. Whether it is below is exact;
 * the one that is told may be higher than the password's.
 */
export type WeakCheck = (password: Pick<Password, "text" | "ownWords">) => Score | undefined;

/** For fewer of them zxcvbn is done before the proof is made ready. */
const MIN_PROVEN = 30;

/**
 * @param minScore the lowest that is not weak
 * @param count about how many will be judged
 */
export async function createWeakCheck(minScore: number, count: number): Promise<WeakCheck> {
  const scorer = await loadScorer();
  const isProvable = count >= MIN_PROVEN && minScore <= MAX_WEAK_SCORE + 1;
  const proves = isProvable ? createProof(scorer) : () => false;
  const known = new Map<string, Score>();
  const judge = (text: string, words: readonly string[]): Score => {
    const quick = scorer.quickScore(text, words);
    return quick < minScore ? quick : scorer.score(text, words);
  };
  return ({ text, ownWords }) => {
    const rated = text.slice(0, MAX_RATED_CHARS);
    const words = ownWordsOf(ownWords);
    if (proves(rated, words)) return undefined;
    const key = [rated, ...words].join("\n");
    const score = known.get(key) ?? judge(rated, words);
    known.set(key, score);
    return score < minScore ? score : undefined;
  };
}
