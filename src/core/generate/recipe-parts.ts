/** What the generator is to make, as data, and how it follows from the options that were given. */
import { PmError } from "../errors.ts";

export const CHAR_CLASSES = ["lower", "upper", "digit", "symbol"] as const;
export type CharClass = (typeof CHAR_CLASSES)[number];

/** How much to draw: a number of characters or words, or as many as reach an entropy. */
export type Size =
  | { readonly by: "count"; readonly count: number }
  | { readonly by: "bits"; readonly bits: number };

export interface PasswordRecipe {
  readonly kind: "password";
  /** Undefined takes the default length. */
  readonly size: Size | undefined;
  /** Classes that are left out, in the order of {@link CHAR_CLASSES}. */
  readonly without: readonly CharClass[];
  /** Characters that are left out, each once. */
  readonly exclude: string;
  readonly noAmbiguous: boolean;
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

export type Recipe = PasswordRecipe | CharsetRecipe | PassphraseRecipe | PinRecipe;

export const DEFAULT_LENGTH = 20;
export const MAX_LENGTH = 1024;
const DEFAULT_WORDS = 6;
export const MAX_WORDS = 100;
export const MAX_PIN_DIGITS = 64;
export const MAX_BITS = 1024;
const MAX_CHARSET_CHARS = 256;
const MAX_SEPARATOR_CHARS = 16;
const DEFAULT_SEPARATOR = "-";

/** How an exclusion is said. */
export const EXCLUSIONS: Readonly<Record<CharClass, "no-lower" | "no-upper" | "no-digits" | "no-symbols">> = {
  lower: "no-lower",
  upper: "no-upper",
  digit: "no-digits",
  symbol: "no-symbols",
};

export const VALUES = ["length", "bits", "words", "sep", "pin", "charset", "exclude", "require"] as const;
export const FLAGS = ["cap", "no-lower", "no-upper", "no-digits", "no-symbols", "no-ambiguous"] as const;
type ValueName = (typeof VALUES)[number];
type FlagName = (typeof FLAGS)[number];

/** The options of a recipe as they were given, by their long names. */
export type RecipeParts = { readonly [N in ValueName]?: string | undefined } & {
  readonly [N in FlagName]?: boolean;
};

/** What each kind of recipe understands; anything else beside it is a contradiction. */
const UNDERSTOOD: Readonly<Record<Recipe["kind"], readonly (ValueName | FlagName)[]>> = {
  pin: ["pin"],
  passphrase: ["words", "bits", "sep", "cap"],
  charset: ["charset", "length", "bits"],
  password: [
    "length",
    "bits",
    "no-lower",
    "no-upper",
    "no-digits",
    "no-symbols",
    "exclude",
    "no-ambiguous",
    "require",
  ],
};

const HINT =
  'pm help gen lists the options; a recipe is one like "24", "length=24,no-symbols" or "words=6,cap"';

/** A complaint about a recipe. Messages name items only: a value may be a secret in the wrong place. */
export function recipeError(message: string, hint: string = HINT): PmError {
  return new PmError("usage", message, { hint });
}

/** Whether `parts` says anything at all. */
export function hasParts(parts: RecipeParts): boolean {
  return Object.values(parts).some(isGiven);
}

/**
 * The recipe that these options ask for.
 * @throws PmError "usage" where one is out of range or two contradict each other.
 */
export function buildRecipe(parts: RecipeParts): Recipe {
  const kind = kindOf(parts);
  const stranger = [...VALUES, ...FLAGS].find(
    (name) => isGiven(parts[name]) && !UNDERSTOOD[kind].includes(name),
  );
  if (stranger !== undefined) throw recipeError(`"${stranger}" does not go with a ${kind}`);
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
    case "password":
      return {
        kind,
        size: size(parts, "length", MAX_LENGTH),
        without: CHAR_CLASSES.filter((name) => parts[EXCLUSIONS[name]] === true),
        exclude: distinct(checkedText("exclude", parts.exclude ?? "", MAX_CHARSET_CHARS)),
        noAmbiguous: parts["no-ambiguous"] === true,
        require: classes(parts.require),
      };
  }
}

/** `recipe` with `length` characters where it leaves the length open. */
export function withDefaultLength(recipe: Recipe, length: () => number): Recipe {
  if ((recipe.kind !== "password" && recipe.kind !== "charset") || recipe.size !== undefined) return recipe;
  return { ...recipe, size: { by: "count", count: length() } };
}

/**
 * The length of a password that nobody chose: `PM_LENGTH`, else the setting, else 20.
 * @throws PmError "usage" where the variable is not a length.
 */
export function defaultLength(variable: string | undefined, setting: () => number | undefined): number {
  if (variable !== undefined && variable !== "") return wholeNumber("PM_LENGTH", variable, MAX_LENGTH);
  return setting() ?? DEFAULT_LENGTH;
}

/** A whole number from 1 to `max`, named in the complaint. @throws PmError "usage" */
export function wholeNumber(name: string, text: string, max: number): number {
  const value = /^[0-9]{1,9}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > max) throw recipeError(`"${name}" must be a whole number from 1 to ${max}`);
  return value;
}

function isGiven(part: string | boolean | undefined): boolean {
  return part !== undefined && part !== false;
}

function kindOf(parts: RecipeParts): Recipe["kind"] {
  if (isGiven(parts.pin)) return "pin";
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

/** Control characters and broken UTF-16 could neither be typed nor stored. */
function checkedText(name: string, text: string, maxChars: number): string {
  if (/\p{Cc}/u.test(text) || !text.isWellFormed()) {
    throw recipeError(`"${name}" has a control character in it`);
  }
  if (Array.from(text).length > maxChars) throw recipeError(`"${name}" takes at most ${maxChars} characters`);
  return text;
}

function distinct(text: string): string {
  return [...new Set(text)].join("");
}
