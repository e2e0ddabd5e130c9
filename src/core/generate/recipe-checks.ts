/** What the parts of a recipe are checked with, and how they are complained about. */
import { PmError } from "../errors.ts";

/** How much to draw: a number of characters or words, or as many as reach an entropy. */
export type Size =
  | { readonly by: "count"; readonly count: number }
  | { readonly by: "bits"; readonly bits: number };

export const MAX_LENGTH = 1024;

const HINT =
  'pm help gen lists the options; a recipe is one like "24", "length=24,no-symbols" or "words=6,cap"';

/** A complaint about a recipe. Messages name items only: a value may be a secret in the wrong place. */
export function recipeError(message: string, hint: string = HINT): PmError {
  return new PmError("usage", message, { hint });
}

/** A whole number from 1 to `max`, named in the complaint. @throws PmError "usage" */
export function wholeNumber(name: string, text: string, max: number): number {
  const value = /^[0-9]{1,9}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > max) throw recipeError(`"${name}" must be a whole number from 1 to ${max}`);
  return value;
}

/** Control characters and broken UTF-16 could neither be typed nor stored. @throws PmError "usage" */
export function checkedText(name: string, text: string, maxChars: number): string {
  if (/\p{Cc}/u.test(text) || !text.isWellFormed()) {
    throw recipeError(`"${name}" has a control character in it`);
  }
  if (Array.from(text).length > maxChars) throw recipeError(`"${name}" takes at most ${maxChars} characters`);
  return text;
}

/** Each code point once. */
export function distinct(text: string): string {
  return [...new Set(text)].join("");
}
