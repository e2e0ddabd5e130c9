/** Spaces of passwords, some of them small enough to be tried out whole. */
import { CLASS_CHARS, type Space, spaceOf } from "../../src/core/generate/password.ts";
import { CHAR_CLASSES, type CharClass } from "../../src/core/generate/recipe-items.ts";
import { parseRecipe } from "../../src/core/generate/recipe.ts";

/** The strings that the text of a recipe allows. */
export function space(recipe: string): Space {
  const parsed = parseRecipe(recipe);
  if (parsed.kind === "passphrase" || parsed.kind === "pronounceable" || parsed.kind === "rules") {
    throw new Error("not a recipe of characters that stand anywhere");
  }
  return spaceOf(parsed);
}

/** Every string of the space, found by trying all. */
export function enumerate({ alphabet, required, length }: Space): readonly string[] {
  let strings = [""];
  for (let i = 0; i < length; i++) strings = strings.flatMap((s) => alphabet.map((char) => s + char));
  return strings.filter((s) => required.every((chars) => chars.some((char) => s.includes(char))));
}

/** Leaves of each class only its first characters. */
export function small(kept: Readonly<Record<CharClass, number>>, rest: string): string {
  const gone = CHAR_CLASSES.map((name) => CLASS_CHARS[name].slice(kept[name])).join("");
  return `exclude=${gone.replaceAll(/[\\,]/g, "\\$&")},${rest}`;
}

/** [name, recipe]: spaces small enough to be tried out whole. */
export const SMALL: readonly (readonly [string, string])[] = [
  ["no requirement", small({ lower: 2, upper: 1, digit: 2, symbol: 0 }, "4")],
  ["one requirement", small({ lower: 2, upper: 1, digit: 2, symbol: 0 }, "4,require=digit")],
  ["two requirements", small({ lower: 2, upper: 1, digit: 2, symbol: 0 }, "4,require=digit+upper")],
  ["three in three", small({ lower: 2, upper: 1, digit: 2, symbol: 0 }, "3,require=lower+digit+upper")],
  ["four in four", small({ lower: 1, upper: 1, digit: 1, symbol: 2 }, "4,require=lower+digit+upper+symbol")],
  ["a rare class", small({ lower: 3, upper: 0, digit: 1, symbol: 0 }, "5,require=digit")],
  ["a single string", small({ lower: 1, upper: 1, digit: 0, symbol: 0 }, "1,require=upper")],
  ["a charset", "charset=abc,length=4"],
  ["a pin", "pin=3"],
];
