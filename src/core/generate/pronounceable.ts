/**
 * Passwords that can be said: groups of consonants and of vowels in turn, all strings of the length
 * equally likely. Since a group is always a whole run of consonants or of vowels, a string is made of
 * groups in one way only, and counting ways is counting strings.
 */
import { randomBigInt } from "../random.ts";
import { AMBIGUOUS_CHARS, type Drawer, log2 } from "./password.ts";
import { MAX_LENGTH, recipeError } from "./recipe-checks.ts";
import type { PronounceableRecipe } from "./recipe-parts.ts";

/** Groups of letters by where they may stand. `docs/commands/gen.md` lists them. */
export const GROUPS: Readonly<Record<"vowels" | "onsets" | "joints" | "codas", readonly string[]>> = {
  vowels: "a e i o u ai au ea ee ie oa oo ou".split(" "),
  /** Consonants before a vowel, at the beginning or after one. */
  onsets:
    "b c d f g h j k l m n p r s t v w y z bl br ch cl cr dr fl fr gl gr pl pr sc sh sk sl sm sn sp st sw th tr tw".split(
      " ",
    ),
  /** Between vowels only, besides the onsets. */
  joints:
    "ck ct ft ld lf lk lm lp lt mb mp nc nd ng nk ns nt pt rb rc rd rf rg rk rl rm rn rp rs rt rv x".split(
      " ",
    ),
  /** Consonants after a vowel at the end. */
  codas:
    "b d f g k l m n p r s t v x z ch ck ct ft ld lf lk lm lp lt mp nd ng nk nt pt rb rd rf rk rl rm rn rp rt sh sk sp st th".split(
      " ",
    ),
};

/** What the string ends with so far. */
type After = "nothing" | "vowel" | "consonant";

/** A way to go on: a group, and where that leads; "end" where nothing may follow. */
interface Step {
  readonly group: string;
  readonly next: After | "end";
}

/**
 * Prepares drawing; the size of `recipe` must be known by now.
 * @throws PmError "usage" where the exclusions leave fewer than 2 strings
 */
export function pronounceableDrawer(recipe: PronounceableRecipe): Drawer {
  const words = countWords(recipe);
  const length = lengthOf(recipe, words);
  const count = words.count(length);
  if (count < 2n)
    throw recipeError(
      `the exclusions leave fewer than 2 words of ${length} letters`,
      "exclude fewer letters",
    );
  return { bits: log2(count), draw: (random) => words.at(randomBigInt(random, count), length) };
}

export interface Words {
  /** How many there are of this length. */
  count(length: number): bigint;
  /** The word of that rank: each rank below the count gives another one. */
  at(rank: bigint, length: number): string;
}

/** Counts words by how many ways there are to go on from each state with so many letters left. */
export function countWords(recipe: Omit<PronounceableRecipe, "size" | "kind">): Words {
  const steps = stepsOf(recipe);
  const counts: Record<After, bigint[]> = { nothing: [0n], vowel: [1n], consonant: [0n] };
  const ways = ({ group, next }: Step, left: number): bigint => {
    if (next === "end") return group.length === left ? 1n : 0n;
    return counts[next][left - group.length] ?? 0n;
  };
  const fill = (length: number): void => {
    for (let left = counts.nothing.length; left <= length; left++) {
      for (const after of ["nothing", "vowel", "consonant"] as const) {
        counts[after][left] = steps[after].reduce((sum, step) => sum + ways(step, left), 0n);
      }
    }
  };
  return {
    count(length) {
      fill(length);
      return counts.nothing[length] ?? 0n;
    },
    at(rank, length) {
      fill(length);
      let rest = rank;
      let text = "";
      let after: After | "end" = "nothing";
      while (after !== "end" && text.length < length) {
        for (const step of steps[after]) {
          const strings = ways(step, length - text.length);
          if (rest < strings) {
            text += step.group;
            after = step.next;
            break;
          }
          rest -= strings;
        }
      }
      return text;
    },
  };
}

function stepsOf(recipe: Omit<PronounceableRecipe, "size" | "kind">): Record<After, readonly Step[]> {
  const gone = new Set(recipe.exclude + (recipe.noAmbiguous ? AMBIGUOUS_CHARS : ""));
  const allowed = ({ group }: Step): boolean => !Array.from(group).some((char) => gone.has(char));
  const to = (groups: readonly string[], next: Step["next"]): Step[] =>
    groups.map((group) => ({ group, next }));
  const first = [...to(GROUPS.vowels, "vowel"), ...to(GROUPS.onsets, "consonant")].map((step) =>
    recipe.capitalize ? { ...step, group: step.group.charAt(0).toUpperCase() + step.group.slice(1) } : step,
  );
  const inner = [...to([...GROUPS.onsets, ...GROUPS.joints], "consonant"), ...to(GROUPS.codas, "end")];
  return {
    nothing: first.filter(allowed),
    vowel: inner.filter(allowed),
    consonant: to(GROUPS.vowels, "vowel").filter(allowed),
  };
}

function lengthOf({ size }: PronounceableRecipe, words: Words): number {
  if (size === undefined) throw new TypeError("the length of a recipe must be known before drawing");
  if (size.by === "count") return size.count;
  const enough = 2n ** BigInt(size.bits);
  for (let length = 1; length <= MAX_LENGTH; length++) if (words.count(length) >= enough) return length;
  throw recipeError(`"bits" would need more than ${MAX_LENGTH} characters`);
}
