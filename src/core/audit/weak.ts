/** Which passwords are easy to guess: those of which `pm strength` says so, for thousands. */
import { MAX_RATED_CHARS, ownWordsOf, type Strength } from "../generate/strength.ts";
import type { Password } from "./facts.ts";
import { loadScorer } from "./scorer.ts";
import { createProof } from "./strong.ts";

export type Score = Strength["score"];

/** A score where the password's is below the one that is asked for, else undefined. */
export type WeakCheck = (password: Pick<Password, "text" | "ownWords">) => Score | undefined;

/** @param minScore the lowest that is not weak, 1 to 4 */
export async function createWeakCheck(minScore: number): Promise<WeakCheck> {
  const scorer = await loadScorer();
  const proves = createProof(scorer, minScore);
  const known = new Map<string, Score>();
  return ({ text, ownWords }) => {
    const rated = text.slice(0, MAX_RATED_CHARS);
    const words = ownWordsOf(ownWords);
    if (proves(rated, words)) return undefined;
    const key = [rated, ...words].join("\n");
    const score = known.get(key) ?? scorer.rate(rated, words).score;
    known.set(key, score);
    return score < minScore ? score : undefined;
  };
}
