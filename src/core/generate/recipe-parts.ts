/** What the generator is to make, as data, and how it follows from the options that were given. */
import { checkedText, distinct, MAX_LENGTH, recipeError, type Size, wholeNumber } from "./recipe-checks.ts";
import {
  CHAR_CLASSES,
  type CharClass,
  EXCLUSIONS,
  isGiven,
  type RecipeKind,
  type RecipeParts,
  requireUnderstood,
} from "./recipe-items.ts";
import { lengthWithin, rulesLengths } from "./rules-length.ts";
import { parseRules } from "./rules-syntax.ts";

/** Characters that are left out. */
export interface Exclusions {
  /** Each once. */
  readonly exclude: string;
  /** Whether those that look alike are. */
  readonly noAmbiguous: boolean;
}

export interface PasswordRecipe extends Exclusions {
  readonly kind: "password";
  /** Undefined takes the default length. */
  readonly size: Size | undefined;
  /** Classes that are left out, in the order of {@link CHAR_CLASSES}. */
  readonly without: readonly CharClass[];
  /** Classes of which at least one character is present, in the order of {@link CHAR_CLASSES}. */
  readonly require: readonly CharClass[];
}

export interface CharsetRecipe {
  readonly kind: "charset";
  /** Undefined takes the default length. */
  readonly size: Size | undefined;
  /** The alphabet, each code point once. */
  readonly charset: string;
}

export interface PassphraseRecipe {
  readonly kind: "passphrase";
  readonly size: Size;
  readonly separator: string;
  /** Whether each word begins with a capital letter. */
  readonly capitalize: boolean;
}

export interface PinRecipe {
  readonly kind: "pin";
  readonly digits: number;
}

export interface PronounceableRecipe extends Exclusions {
  readonly kind: "pronounceable";
  /** Undefined takes the default length. */
  readonly size: Size | undefined;
  /** Whether it begins with a capital letter. */
  readonly capitalize: boolean;
}

export interface RulesRecipe extends Exclusions {
  readonly kind: "rules";
  /** Undefined takes the default length, or the nearest that the rules allow. */
  readonly size: Size | undefined;
  /** As the site says them, without blanks around; well-formed. */
  readonly rules: string;
}

export type Recipe =
  | PasswordRecipe
  | CharsetRecipe
  | PassphraseRecipe
  | PinRecipe
  | PronounceableRecipe
  | RulesRecipe;

export const DEFAULT_LENGTH = 20;
const DEFAULT_WORDS = 6;
export const MAX_WORDS = 100;
export const MAX_PIN_DIGITS = 64;
export const MAX_BITS = 1024;
const MAX_CHARSET_CHARS = 256;
const MAX_SEPARATOR_CHARS = 16;
const DEFAULT_SEPARATOR = "-";

/**
 * The recipe that these options ask for.
 * @throws PmError "usage" where one is out of range or two contradict each other.
 */
export function buildRecipe(parts: RecipeParts): Recipe {
  const kind = kindOf(parts);
  requireUnderstood(kind, parts);
  switch (kind) {
    case "pin":
      return { kind, digits: wholeNumber("pin", parts.pin ?? "", MAX_PIN_DIGITS) };
    case "passphrase":
      return {
        kind,
        size: size(parts, "words", MAX_WORDS) ?? { by: "count", count: DEFAULT_WORDS },
        separator: checkedText("sep", parts.sep ?? DEFAULT_SEPARATOR, MAX_SEPARATOR_CHARS),
        capitalize: parts.cap === true,
      };
    case "charset":
      return { kind, size: size(parts, "length", MAX_LENGTH), charset: charset(parts.charset ?? "") };
    case "pronounceable": {
      const capitalize = parts.cap === true;
      return { kind, size: size(parts, "length", MAX_LENGTH), capitalize, ...exclusions(parts) };
    }
    case "rules":
      return rulesRecipe(parts);
    case "password":
      return {
        kind,
        size: size(parts, "length", MAX_LENGTH),
        without: CHAR_CLASSES.filter((name) => parts[EXCLUSIONS[name]] === true),
        ...exclusions(parts),
        require: classes(parts.require),
      };
  }
}

/** `recipe` with `length` characters where it leaves the length open. */
export function withDefaultLength(recipe: Recipe, length: () => number): Recipe {
  if (recipe.kind === "pin" || recipe.size !== undefined) return recipe;
  const count = length();
  if (recipe.kind !== "rules") return { ...recipe, size: { by: "count", count } };
  const { shortest, longest } = rulesLengths(parseRules(recipe.rules));
  return { ...recipe, size: { by: "count", count: Math.min(Math.max(count, shortest), longest) } };
}

/**
 * The length of a password that nobody chose: `PM_LENGTH`, else the setting, else 20.
 * @throws PmError "usage" where the variable is not a length.
 */
export function defaultLength(variable: string | undefined, setting: () => number | undefined): number {
  if (variable !== undefined && variable !== "") return wholeNumber("PM_LENGTH", variable, MAX_LENGTH);
  return setting() ?? DEFAULT_LENGTH;
}

function kindOf(parts: RecipeParts): RecipeKind {
  if (isGiven(parts.pin)) return "pin";
  if (isGiven(parts.rules)) return "rules";
  if (isGiven(parts.pronounceable)) return "pronounceable";
  if (isGiven(parts.words) || isGiven(parts.sep) || isGiven(parts.cap)) return "passphrase";
  return isGiven(parts.charset) ? "charset" : "password";
}

function size(parts: RecipeParts, unit: "length" | "words", max: number): Size | undefined {
  const counted = parts[unit];
  if (counted !== undefined && parts.bits !== undefined)
    throw recipeError(`"bits" does not go with "${unit}"`);
  if (parts.bits !== undefined) return { by: "bits", bits: wholeNumber("bits", parts.bits, MAX_BITS) };
  return counted === undefined ? undefined : { by: "count", count: wholeNumber(unit, counted, max) };
}

function exclusions(parts: RecipeParts): Exclusions {
  return {
    exclude: distinct(checkedText("exclude", parts.exclude ?? "", MAX_CHARSET_CHARS)),
    noAmbiguous: parts["no-ambiguous"] === true,
  };
}

function rulesRecipe(parts: RecipeParts): RulesRecipe {
  const rules = (parts.rules ?? "").trim();
  const lengths = rulesLengths(parseRules(rules));
  const wanted = size(parts, "length", MAX_LENGTH);
  if (wanted?.by === "count") lengthWithin(lengths, wanted.count);
  return { kind: "rules", size: wanted, rules, ...exclusions(parts) };
}

function charset(text: string): string {
  const chars = distinct(checkedText("charset", text, MAX_CHARSET_CHARS));
  // One character only would be a password without any secret in it.
  if (Array.from(chars).length < 2) throw recipeError('"charset" needs at least 2 different characters');
  return chars;
}

function classes(text: string | undefined): readonly CharClass[] {
  if (text === undefined) return [];
  const names = text.split(/[,+]/);
  if (names.some((name) => !(CHAR_CLASSES as readonly string[]).includes(name))) {
    throw recipeError(`"require" takes some of ${CHAR_CLASSES.join(", ")}`, "pm gen --require upper,digit");
  }
  return CHAR_CLASSES.filter((name) => names.includes(name));
}
