/** What `gen` was asked for, read from its arguments and options alone. */
import { PmError } from "../core/errors.ts";
import { wholeNumber } from "../core/generate/recipe-checks.ts";
import { parseRules } from "../core/generate/rules-syntax.ts";
import type { RecipeParts } from "../core/generate/recipe-items.ts";

const MAX_COUNT = 1000;

/** The arguments and options of `gen`, under their names. */
export interface GenInput extends RecipeParts {
  readonly words: string | undefined;
  readonly length: string | undefined;
  /** The value of `--name`. */
  readonly name: string | undefined;
  readonly count: string | undefined;
  readonly clip: string | undefined;
}

export interface GenRequest {
  /** The entry that gets the value; undefined prints only. */
  readonly name: string | undefined;
  readonly parts: RecipeParts;
  /** How many values; undefined is one that is not in a list. */
  readonly count: number | undefined;
}

/**
 * Sorts out the words after `gen`: one that is all digits is the length, another one is the name.
 * @throws PmError "usage" where they can't be told apart or exclude each other.
 */
export function readGenRequest(words: readonly string[], input: GenInput): GenRequest {
  const negative = words.find((word) => /^-[0-9]+$/.test(word));
  if (negative !== undefined) {
    throw new PmError("usage", `"${negative}" is not a length`, {
      hint: `pm gen ${negative.slice(1)}, or --name=${negative} for an entry called so`,
    });
  }
  const lengths = words.filter(isLength);
  const names = [
    ...words.filter((word) => !isLength(word)),
    ...(input.name === undefined ? [] : [input.name]),
  ];
  const [name, secondName] = names;
  const [length, secondLength] = [...lengths, ...(input.length === undefined ? [] : [input.length])];
  if (secondLength !== undefined) {
    throw new PmError("usage", "the length is given twice", {
      hint: "pm gen --name 1234 20 makes a password of 20 for the entry 1234",
    });
  }
  if (secondName !== undefined) {
    throw new PmError("usage", `"${secondName}" is a second name, and not a length`, {
      hint: "quote a name with blanks, as in pm gen 'web/my bank' 24",
    });
  }
  const count = input.count === undefined ? undefined : wholeNumber("count", input.count, MAX_COUNT);
  if (count !== undefined && (name !== undefined || input.clip !== undefined)) {
    const other = name === undefined ? "--clip" : "the name of an entry";
    throw new PmError("usage", `--count does not go with ${other}`, { hint: "pm gen --count 5" });
  }
  return { name, parts: { ...recipeParts(input), length }, count };
}

/** What is in the rules and says nothing, each as a clause. @throws PmError "usage" where they are malformed */
export function ignoredRules({ rules }: RecipeParts): readonly string[] {
  return rules === undefined ? [] : parseRules(rules).ignored;
}

function isLength(word: string): boolean {
  return /^[0-9]+$/.test(word);
}

function recipeParts(input: GenInput): RecipeParts {
  const { bits, words, sep, pin, charset, exclude, require, rules } = input;
  const flags = {
    cap: input.cap === true,
    pronounceable: input.pronounceable === true,
    "no-lower": input["no-lower"] === true,
    "no-upper": input["no-upper"] === true,
    "no-digits": input["no-digits"] === true,
    "no-symbols": input["no-symbols"] === true,
    "no-ambiguous": input["no-ambiguous"] === true,
  };
  return { bits, words, sep, pin, charset, exclude, require, rules, ...flags };
}
