/**
 * The password rules that sites publish: the value of the `passwordrules` attribute of Apple's proposal
 * (https://github.com/whatwg/html/issues/3518), with the two properties that took the place of
 * `max-consecutive` later (https://github.com/apple/password-manager-resources/pull/1255).
 */
import { PmError } from "../errors.ts";

export interface PasswordRules {
  readonly minLength: number;
  readonly maxLength: number | undefined;
  /** The longest run of one character, as in "aaa". */
  readonly maxRepeating: number | undefined;
  /** The longest run of neighbours in a-z, A-Z or 0-9, up or down, as in "abc" or "321". */
  readonly maxSequential: number | undefined;
  /** Sets of characters of which each password has at least one. */
  readonly required: readonly string[];
  /** The characters that `allowed` names beside the required ones; undefined where it names none. */
  readonly allowed: string | undefined;
  /** What the proposal says to ignore, each as a sentence that gives the place. */
  readonly ignored: readonly string[];
}

/** The text of a recipe has to hold them, with a backslash before each comma, and the longest exclusion. */
export const MAX_RULES_CHARS = 700;

/** Printable ASCII; as far as pm is concerned, that is all there is to `unicode`. */
export const PRINTABLE: string = Array.from({ length: 95 }, (_, i) => String.fromCodePoint(0x20 + i)).join(
  "",
);

const CLASSES: ReadonlyMap<string, string> = new Map([
  ["upper", PRINTABLE.replaceAll(/[^A-Z]/g, "")],
  ["lower", PRINTABLE.replaceAll(/[^a-z]/g, "")],
  ["digit", PRINTABLE.replaceAll(/[^0-9]/g, "")],
  ["special", PRINTABLE.replaceAll(/[A-Za-z0-9]/g, "")],
  ["ascii-printable", PRINTABLE],
  ["unicode", PRINTABLE],
]);

const HINT = "pm gen --rules 'minlength: 12; required: lower, upper; required: digit; allowed: [-_.]'";

/** Where parsing is in the text, and what was ignored up to there. */
interface Reader {
  readonly text: string;
  at: number;
  readonly ignored: string[];
}

/**
 * Reads rules. What stands several times adds up: each `required` is a requirement of its own, each
 * `allowed` adds characters, of several numbers the strictest counts. A number 0 and an empty value
 * say nothing.
 * @throws PmError "usage" where they are malformed, naming the place
 */
export function parseRules(text: string): PasswordRules {
  if (text.length > MAX_RULES_CHARS) {
    throw new PmError("usage", `"rules" takes at most ${MAX_RULES_CHARS} characters`, { hint: HINT });
  }
  const reader: Reader = { text, at: 0, ignored: [] };
  let rules: PasswordRules = {
    minLength: 0,
    maxLength: undefined,
    maxRepeating: undefined,
    maxSequential: undefined,
    required: [],
    allowed: undefined,
    ignored: reader.ignored,
  };
  for (;;) {
    skipBlanks(reader);
    if (reader.at >= text.length) return rules;
    if (!isAtEnd(reader)) rules = withProperty(rules, reader);
    reader.at += 1;
  }
}

/** `rules` with the property that begins here; leaves the reader where the property ends. */
function withProperty(rules: PasswordRules, reader: Reader): PasswordRules {
  const start = reader.at;
  const name = readIdentifier(reader);
  if (name === "") throw malformed(reader, 'a property such as "minlength"');
  skipBlanks(reader);
  if (reader.text[reader.at] !== ":") throw malformed(reader, '":"');
  reader.at += 1;
  skipBlanks(reader);
  const readProperty = PROPERTIES.get(name);
  if (readProperty === undefined) {
    reader.ignored.push(`the property ${placeOf(reader.text, start)} is not known`);
    skipValue(reader);
    return rules;
  }
  if (isAtEnd(reader)) return rules;
  const changed = { ...rules, ...readProperty(reader, rules) };
  skipBlanks(reader);
  if (!isAtEnd(reader)) throw malformed(reader, '";"');
  return changed;
}

type ReadProperty = (reader: Reader, rules: PasswordRules) => Partial<PasswordRules>;

const PROPERTIES: ReadonlyMap<string, ReadProperty> = new Map<string, ReadProperty>([
  ["minlength", (reader, { minLength }) => ({ minLength: Math.max(minLength, readNumber(reader)) })],
  ["maxlength", (reader, { maxLength }) => ({ maxLength: stricter(maxLength, readNumber(reader)) })],
  [
    "max-repeating",
    (reader, { maxRepeating }) => ({ maxRepeating: stricter(maxRepeating, readNumber(reader)) }),
  ],
  [
    "max-sequential",
    (reader, { maxSequential }) => ({ maxSequential: stricter(maxSequential, readNumber(reader)) }),
  ],
  [
    // Sites mean the one or the other by it; what keeps both satisfies all of them.
    "max-consecutive",
    (reader, { maxRepeating, maxSequential }) => {
      const most = readNumber(reader);
      return { maxRepeating: stricter(maxRepeating, most), maxSequential: stricter(maxSequential, most) };
    },
  ],
  [
    "required",
    (reader, { required }) => {
      const chars = readClasses(reader);
      return chars === "" ? {} : { required: [...required, chars] };
    },
  ],
  [
    "allowed",
    (reader, { allowed = "" }) => {
      const chars = readClasses(reader);
      return chars === "" ? {} : { allowed: inOrder(allowed + chars) };
    },
  ],
]);

function stricter(known: number | undefined, most: number): number | undefined {
  return most === 0 ? known : Math.min(known ?? most, most);
}

function readNumber(reader: Reader): number {
  const digits = /^[0-9]+/.exec(reader.text.slice(reader.at))?.[0];
  if (digits === undefined) throw malformed(reader, "a whole number");
  reader.at += digits.length;
  return Number(digits);
}

/** The characters of all the classes in a list with commas. */
function readClasses(reader: Reader): string {
  let chars = "";
  for (;;) {
    chars += reader.text[reader.at] === "[" ? readCustomClass(reader) : readNamedClass(reader);
    skipBlanks(reader);
    if (reader.text[reader.at] !== ",") return inOrder(chars);
    reader.at += 1;
    skipBlanks(reader);
  }
}

function readNamedClass(reader: Reader): string {
  const start = reader.at;
  const chars = CLASSES.get(readIdentifier(reader));
  if (chars !== undefined) return chars;
  reader.at = start;
  throw malformed(reader, 'a class such as "upper" or "[-_.]"');
}

/**
 * A class in brackets, which knows no ranges: "-" counts only as its first character, and "]" only as
 * its last, so that the class ends with "]]". Other characters than printable ASCII are left out.
 */
function readCustomClass(reader: Reader): string {
  const start = reader.at + 1;
  const first = reader.text.indexOf("]", start);
  if (first === -1) {
    reader.at = reader.text.length;
    throw malformed(reader, '"]"');
  }
  const end = reader.text[first + 1] === "]" ? first + 1 : first;
  const within = reader.text.slice(start, end);
  const chars = within.replaceAll(/[^ -~]|(?<!^)-/g, "");
  const dash = within.indexOf("-", 1);
  const stranger = within.search(/[^ -~]/);
  if (dash !== -1) {
    reader.ignored.push(`the "-" ${placeOf(reader.text, start + dash)} counts only right after "["`);
  }
  if (stranger !== -1) {
    reader.ignored.push(`what stands ${placeOf(reader.text, start + stranger)} is not printable ASCII`);
  }
  if (chars === "") reader.ignored.push(`the class ${placeOf(reader.text, start - 1)} has no characters`);
  reader.at = end + 1;
  return chars;
}

/** A word of letters and dashes, in small letters; empty where there is none. */
function readIdentifier(reader: Reader): string {
  const word = /^[A-Za-z-]*/.exec(reader.text.slice(reader.at))?.[0] ?? "";
  reader.at += word.length;
  return word.toLowerCase();
}

function skipValue(reader: Reader): void {
  while (!isAtEnd(reader)) {
    if (reader.text[reader.at] === "[") readCustomClass(reader);
    else reader.at += 1;
  }
}

function skipBlanks(reader: Reader): void {
  while (/^[ \t\n\f\r]/.test(reader.text.charAt(reader.at))) reader.at += 1;
}

/** Whether a property ends here. */
function isAtEnd({ text, at }: Reader): boolean {
  return at >= text.length || text[at] === ";";
}

function inOrder(chars: string): string {
  return [...new Set(chars)].sort().join("");
}

/** Messages give the place and not the text: it may be a secret in the wrong place. */
function malformed({ text, at }: Reader, expected: string): PmError {
  const place = at >= text.length ? "at the end" : placeOf(text, at);
  return new PmError("usage", `the rules are malformed ${place}: expected ${expected}`, { hint: HINT });
}

function placeOf(text: string, at: number): string {
  return `at character ${Array.from(text.slice(0, at)).length + 1}`;
}
