/** How long a password for a site's rules may be. */
import { MAX_LENGTH, recipeError } from "./recipe-checks.ts";
import type { PasswordRules } from "./rules-syntax.ts";

export interface Lengths {
  readonly shortest: number;
  readonly longest: number;
}

/** Longer strings without runs take too much memory to count. */
const MAX_LIMITED_LENGTH = 256;
const HINT = "change the lengths in the rules";

/** @throws PmError "usage" where there is no such length, or only longer ones than pm makes */
export function rulesLengths(rules: PasswordRules): Lengths {
  const { minLength, maxLength = Infinity, maxRepeating, maxSequential } = rules;
  const hasLimits = maxRepeating !== undefined || maxSequential !== undefined;
  const most = hasLimits ? MAX_LIMITED_LENGTH : MAX_LENGTH;
  if (minLength > maxLength) throw recipeError("the rules ask for a minlength above their maxlength", HINT);
  if (minLength > most) throw recipeError(`the rules ask for more than ${most} characters`, HINT);
  return { shortest: Math.max(1, minLength), longest: Math.min(most, maxLength) };
}

/** `length` where the rules allow it. @throws PmError "usage" */
export function lengthWithin({ shortest, longest }: Lengths, length: number): number {
  if (length >= shortest && length <= longest) return length;
  throw recipeError(
    `"length" does not fit the rules: they take ${shortest} to ${longest} characters`,
    "leave the length out to get one that fits",
  );
}
