/** Which passwords are easy to guess: those of which `pm strength` says so, for thousands. */
import { MAX_RATED_CHARS, ownWordsOf, type Strength } from "../generate/strength.ts";
import type { Password } from "./facts.ts";
import { loadScorer } from "./scorer.ts";
import { createProof } from "./strong.ts";

export type Score = Strength["score"];

type Judged = Pick<Password, "text" | "ownWords">;

export interface WeakCheck {
  /** Whether a password is surely not weak: quick, and so of nearly all that were generated. */
  isStrong(password: Judged): boolean;
  /** Exactly that of `pm strength`: takes up to a tenth of a second for a long one. */
  score(password: Judged): Score;
}

/** @param minScore the lowest that is not weak, 1 to 4 */
export async function createWeakCheck(minScore: number): Promise<WeakCheck> {
  const scorer = await loadScorer();
  const proves = createProof(scorer, minScore);
  const known = new Map<string, Score>();
  return {
    isStrong: ({ text, ownWords }) => proves(text.slice(0, MAX_RATED_CHARS), ownWordsOf(ownWords)),
    score({ text, ownWords }) {
      const key = [text.slice(0, MAX_RATED_CHARS), ...ownWords].join("\n");
      const score = known.get(key) ?? scorer.rate(text, ownWords).score;
      known.set(key, score);
      return score;
    },
  };
}
