/** Passwords for a site's rules: uniform over every string of the length that keeps them. */
import { pick, randomBigInt } from "../random.ts";
import type { Random } from "../random.ts";
import { AMBIGUOUS_CHARS, type Drawer, log2 } from "./password.ts";
import { recipeError } from "./recipe-checks.ts";
import type { RulesRecipe } from "./recipe-parts.ts";
import { rulesLengths } from "./rules-length.ts";
import { parseRules, PRINTABLE } from "./rules-syntax.ts";
import {
  countRuns,
  type Ending,
  endingsBefore,
  keepsLimits,
  type RunCounts,
  type RunLimits,
} from "./runs.ts";

/** All strings over `alphabet` with some of each required set, and no run over the limits. */
export interface RulesSpace {
  readonly alphabet: ReadonlySet<string>;
  /** None contains another. */
  readonly required: readonly ReadonlySet<string>[];
  readonly limits: RunLimits;
}

/** Counting doubles its work with each. */
const MAX_REQUIRED = 6;
/** Whole strings are drawn until one fits while one in this many does. */
const MAX_TRIES = 10_000n;
/** The same for the drawing that keeps the limits by itself, and costs more. */
const MAX_LIMITED_TRIES = 100n;
const BLANK = " ";
const RULES_HINT = "leave a rule out, or allow more characters";

/**
 * Prepares drawing; the size of `recipe` must be known by now.
 * @throws PmError "usage" where nothing fits
 */
export function rulesDrawer(recipe: RulesRecipe): Drawer {
  const space = rulesSpace(recipe);
  const counts = countSpace(space);
  const length = lengthOf(recipe, counts);
  const count = counts.fitting(length);
  if (count === 0n) throw recipeError(`no password of ${length} characters keeps the rules`, RULES_HINT);
  return { bits: log2(count), draw: drawerOf(space, counts, length) };
}

/** What `recipe` draws from. @throws PmError "usage" where the exclusions leave too little */
export function rulesSpace(recipe: Omit<RulesRecipe, "size">): RulesSpace {
  const rules = parseRules(recipe.rules);
  const left = new Set(recipe.exclude + (recipe.noAmbiguous ? AMBIGUOUS_CHARS : ""));
  // Sites cut blanks off the ends, and people lose them: one is drawn only where nothing else will do.
  if (!rules.required.includes(BLANK)) left.add(BLANK);
  const keep = (chars: string): ReadonlySet<string> => new Set(Array.from(chars).filter((c) => !left.has(c)));
  const named = rules.required.join("") + (rules.allowed ?? "");
  const alphabet = keep(named === "" ? PRINTABLE : named);
  const required = strictest(rules.required.map(keep));
  if (required.some((chars) => chars.size === 0)) {
    throw recipeError("the exclusions leave nothing of a class that the rules require", RULES_HINT);
  }
  if (alphabet.size < 2)
    throw recipeError("the rules leave fewer than 2 characters to draw from", RULES_HINT);
  if (required.length > MAX_REQUIRED) {
    throw recipeError(`the rules require more than ${MAX_REQUIRED} different classes`, RULES_HINT);
  }
  const { maxRepeating = Infinity, maxSequential = Infinity } = rules;
  return { alphabet, required, limits: { repeating: maxRepeating, sequential: maxSequential } };
}

/** Without those that another one implies. */
function strictest(sets: readonly ReadonlySet<string>[]): readonly ReadonlySet<string>[] {
  return sets.filter((set, i) =>
    sets.every((other, j) => {
      const isImplied = i !== j && [...other].every((char) => set.has(char));
      return !isImplied || (other.size === set.size && i < j);
    }),
  );
}

/** Sets of required classes as bits of a number. */
type Mask = number;

export interface SpaceCounts {
  /** How many strings of this length are in the space. */
  fitting(length: number): bigint;
  /** How many strings keep the limits, required classes or not. */
  limited(length: number): bigint;
  /** How many strings of this length end so and have, before the last character, some of each of `missing`. */
  ending(length: number, ending: Ending, missing: Mask): bigint;
}

/** Counts by inclusion and exclusion over the required classes that a string lacks. */
export function countSpace({ alphabet, required, limits }: RulesSpace): SpaceCounts {
  const without = new Map<Mask, RunCounts>();
  const countsWithout = (lacking: Mask): RunCounts => {
    const known = without.get(lacking);
    if (known !== undefined) return known;
    const gone = required.filter((_, i) => (lacking & (1 << i)) !== 0);
    const chars = [...alphabet].filter((char) => gone.every((set) => !set.has(char)));
    const counts = countRuns(new Set(chars), limits);
    without.set(lacking, counts);
    return counts;
  };
  const sum = (missing: Mask, count: (counts: RunCounts) => bigint): bigint => {
    let strings = 0n;
    for (let lacking = 0; lacking <= missing; lacking++) {
      if ((lacking & ~missing) !== 0) continue;
      const counted = count(countsWithout(lacking));
      strings += bitsIn(lacking) % 2 === 0 ? counted : -counted;
    }
    return strings;
  };
  return {
    fitting: (length) => sum(2 ** required.length - 1, (counts) => counts.total(length)),
    limited: (length) => countsWithout(0).total(length),
    ending: (length, ending, missing) => sum(missing, (counts) => counts.ending(length, ending)),
  };
}

function bitsIn(mask: Mask): number {
  return mask.toString(2).replaceAll("0", "").length;
}

function lengthOf(recipe: RulesRecipe, counts: SpaceCounts): number {
  if (recipe.size === undefined) throw new TypeError("the length of a recipe must be known before drawing");
  if (recipe.size.by === "count") return recipe.size.count;
  const { shortest, longest } = rulesLengths(parseRules(recipe.rules));
  const enough = 2n ** BigInt(recipe.size.bits);
  for (let length = shortest; length <= longest; length++) {
    if (counts.fitting(length) >= enough) return length;
  }
  throw recipeError(
    `the rules have no passwords of ${recipe.size.bits} bits up to ${longest} characters`,
    RULES_HINT,
  );
}

/**
 * Draws whole strings where enough of them fit. Else, where the limits are what most break, strings that
 * keep them. Else each character by the number of strings that fit and go on so: no string is thrown away.
 */
function drawerOf(space: RulesSpace, counts: SpaceCounts, length: number): Drawer["draw"] {
  const fits = (text: string): boolean =>
    space.required.every((set) => Array.from(text).some((char) => set.has(char))) &&
    keepsLimits(text, space.limits);
  const count = counts.fitting(length);
  const alphabet = [...space.alphabet];
  if (count * MAX_TRIES >= BigInt(alphabet.length) ** BigInt(length)) {
    return repeated(fits, (random) => Array.from({ length }, () => pick(random, alphabet)).join(""));
  }
  const isLimited = count * MAX_LIMITED_TRIES >= counts.limited(length);
  const required = isLimited ? [] : space.required;
  const total = isLimited ? counts.limited(length) : count;
  return repeated(fits, (random) =>
    stringAt(randomBigInt(random, total), { ...space, required }, counts, length),
  );
}

function repeated(fits: (text: string) => boolean, draw: (random: Random) => string): Drawer["draw"] {
  return (random) => {
    for (;;) {
      const text = draw(random);
      if (fits(text)) return text;
    }
  };
}

/** The string of that rank: each rank below the number of strings gives another one. */
export function stringAt(rank: bigint, space: RulesSpace, counts: SpaceCounts, length: number): string {
  let rest = rank;
  let missing = 2 ** space.required.length - 1;
  let text = "";
  const indices = Array.from(space.alphabet, (char) => PRINTABLE.indexOf(char));
  let endings: readonly Ending[] = indices.map((char) => ({ char, run: undefined }));
  for (let left = length; left > 0; left--) {
    for (const ending of endings) {
      const char = PRINTABLE.charAt(ending.char);
      const stillMissing = space.required.reduce(
        (mask, set, i) => (set.has(char) ? mask & ~(1 << i) : mask),
        missing,
      );
      const strings = counts.ending(left, ending, stillMissing);
      if (rest >= strings) {
        rest -= strings;
        continue;
      }
      text = char + text;
      missing = stillMissing;
      endings = endingsBefore(ending, { indices, limits: space.limits });
      break;
    }
  }
  return text;
}
