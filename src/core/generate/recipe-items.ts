/** The options that recipes are made of, and which of them go together. */
import { recipeError } from "./recipe-checks.ts";

export const CHAR_CLASSES = ["lower", "upper", "digit", "symbol"] as const;
export type CharClass = (typeof CHAR_CLASSES)[number];

export type RecipeKind = "password" | "charset" | "passphrase" | "pin" | "pronounceable" | "rules";

/** How an exclusion is said. */
export const EXCLUSIONS: Readonly<Record<CharClass, "no-lower" | "no-upper" | "no-digits" | "no-symbols">> = {
  lower: "no-lower",
  upper: "no-upper",
  digit: "no-digits",
  symbol: "no-symbols",
};

export const VALUES = [
  "length",
  "bits",
  "words",
  "sep",
  "pin",
  "charset",
  "exclude",
  "require",
  "rules",
] as const;
export const FLAGS = [
  "cap",
  "pronounceable",
  "no-lower",
  "no-upper",
  "no-digits",
  "no-symbols",
  "no-ambiguous",
] as const;
type ValueName = (typeof VALUES)[number];
type FlagName = (typeof FLAGS)[number];

/** The options of a recipe as they were given, by their long names. */
export type RecipeParts = { readonly [N in ValueName]?: string | undefined } & {
  readonly [N in FlagName]?: boolean;
};

/** What each kind of recipe understands; anything else beside it is a contradiction. */
const UNDERSTOOD: Readonly<Record<RecipeKind, readonly (ValueName | FlagName)[]>> = {
  pin: ["pin"],
  passphrase: ["words", "bits", "sep", "cap"],
  charset: ["charset", "length", "bits"],
  pronounceable: ["pronounceable", "length", "bits", "cap", "exclude", "no-ambiguous"],
  rules: ["rules", "length", "bits", "exclude", "no-ambiguous"],
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

/** Whether `parts` says anything at all. */
export function hasParts(parts: RecipeParts): boolean {
  return Object.values(parts).some(isGiven);
}

/** @throws PmError "usage" where `parts` has anything that a recipe of this kind does not understand */
export function requireUnderstood(kind: RecipeKind, parts: RecipeParts): void {
  const stranger = [...VALUES, ...FLAGS].find(
    (name) => isGiven(parts[name]) && !UNDERSTOOD[kind].includes(name),
  );
  if (stranger === undefined) return;
  throw recipeError(`"${stranger}" does not go with ${NAMES[kind]}`, conflictHint(kind, stranger));
}

/** Whether an option was given. */
export function isGiven(part: string | boolean | undefined): boolean {
  return part !== undefined && part !== false;
}

const NAMES: Readonly<Record<RecipeKind, string>> = {
  pin: "a pin",
  passphrase: "a passphrase",
  charset: "a charset",
  password: "a password",
  pronounceable: "a pronounceable password",
  rules: "rules",
};

/** What to type instead, where something else has the same effect. */
function conflictHint(kind: RecipeKind, stranger: ValueName | FlagName): string | undefined {
  if (kind === "rules" && stranger === "require")
    return "say it in the rules, as in 'required: upper, digit'";
  const isExclusion = stranger === "exclude" || stranger.startsWith("no-");
  if (!isExclusion) return undefined;
  if (kind === "charset") return "leave the characters out of --charset";
  if (kind === "pin") return "pm gen --charset 0123456 -l 6 draws from the digits you name";
  if (kind === "rules") return "--exclude leaves characters out of what the rules allow";
  return undefined;
}
