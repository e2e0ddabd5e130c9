/** Passwords drawn character by character: uniform over every string that the recipe allows. */
import { pick } from "../random.ts";
import type { Random } from "../random.ts";
import { MAX_LENGTH, recipeError, type Size } from "./recipe-checks.ts";
import { CHAR_CLASSES } from "./recipe-items.ts";
import type { CharClass } from "./recipe-items.ts";
import type { CharsetRecipe, PasswordRecipe, PinRecipe } from "./recipe-parts.ts";

export const CLASS_CHARS: Readonly<Record<CharClass, string>> = {
  lower: "abcdefghijklmnopqrstuvwxyz",
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  digit: "0123456789",
  // All the printable ASCII that is neither letter, digit nor space.
  symbol: "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
};

/** Characters that people take for one another in many typefaces. */
export const AMBIGUOUS_CHARS = "Il1|O0";

/** What draws strings, all that it may draw being equally likely. */
export interface Drawer {
  /** How many there are, as the binary logarithm. */
  readonly bits: number;
  readonly draw: (random: Random) => string;
}

/** All strings of `length` characters of `alphabet` with at least one of each set in `required`. */
export interface Space {
  readonly alphabet: readonly string[];
  /** Disjoint subsets of the alphabet. */
  readonly required: readonly (readonly string[])[];
  readonly length: number;
}

/**
 * The strings that `recipe` allows; its size must be known by now.
 * @throws PmError "usage" where there is no such string, or only one.
 */
export function spaceOf(recipe: PasswordRecipe | CharsetRecipe | PinRecipe): Space {
  switch (recipe.kind) {
    case "pin":
      return { alphabet: Array.from(CLASS_CHARS.digit), required: [], length: recipe.digits };
    case "charset":
      return sized({ alphabet: Array.from(recipe.charset), required: [] }, recipe.size);
    case "password":
      return sized(passwordCharacters(recipe), recipe.size);
  }
}

/**
 * A uniform element of `space`: whole strings are drawn until one has every required class. Drawing
 * one character of each class first would favour strings with few of them. The rarest case, three
 * required classes with one character each out of 35 at length 3, takes 7,146 strings on average.
 */
export function drawString(space: Space, random: Random): string {
  const required = space.required.map((chars) => new Set(chars));
  for (;;) {
    const chars = Array.from({ length: space.length }, () => pick(random, space.alphabet));
    if (required.every((set) => chars.some((char) => set.has(char)))) return chars.join("");
  }
}

/** How many strings `space` has, by inclusion and exclusion over the required classes. */
export function countStrings(space: Space): bigint {
  let strings = 0n;
  for (let missing = 0; missing < 2 ** space.required.length; missing++) {
    let left = space.alphabet.length;
    let sign = 1n;
    for (const [i, chars] of space.required.entries()) {
      if ((missing & (1 << i)) === 0) continue;
      left -= chars.length;
      sign = -sign;
    }
    strings += sign * BigInt(left) ** BigInt(space.length);
  }
  return strings;
}

/** Base 2 logarithm of a positive number of any size, as exact as a double is. */
export function log2(value: bigint): number {
  const excess = Math.max(0, value.toString(2).length - 64);
  return Math.log2(Number(value >> BigInt(excess))) + excess;
}

type Characters = Pick<Space, "alphabet" | "required">;

function passwordCharacters(recipe: PasswordRecipe): Characters {
  const left = new Set(recipe.exclude + (recipe.noAmbiguous ? AMBIGUOUS_CHARS : ""));
  const charsOf = (name: CharClass): readonly string[] =>
    recipe.without.includes(name) ? [] : Array.from(CLASS_CHARS[name]).filter((char) => !left.has(char));
  const alphabet = CHAR_CLASSES.flatMap(charsOf);
  const gone = recipe.require.find((name) => charsOf(name).length === 0);
  if (gone !== undefined)
    throw recipeError(`"require" has the class "${gone}", of which the exclusions leave nothing`);
  if (alphabet.length < 2) throw recipeError("the exclusions leave fewer than 2 characters to draw from");
  return { alphabet, required: recipe.require.map(charsOf) };
}

function sized(characters: Characters, size: Size | undefined): Space {
  if (size === undefined) throw new TypeError("the length of a recipe must be known before drawing");
  const length = size.by === "count" ? size.count : lengthForBits(characters, size.bits);
  if (length < characters.required.length) {
    throw recipeError(`${characters.required.length} required classes do not fit into ${length} characters`);
  }
  return { ...characters, length };
}

/** The least length whose strings number 2^bits or more. */
function lengthForBits(characters: Characters, bits: number): number {
  const enough = 2n ** BigInt(bits);
  // Never above the answer, as requirements only take strings away.
  let length = Math.max(
    1,
    characters.required.length,
    Math.floor(bits / Math.log2(characters.alphabet.length)),
  );
  while (countStrings({ ...characters, length }) < enough) length += 1;
  if (length > MAX_LENGTH) throw recipeError(`"bits" would need more than ${MAX_LENGTH} characters`);
  return length;
}
