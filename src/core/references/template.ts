/** Templates: text in which `{{ pm://… }}` stands for a value. Nothing else in it has a meaning. */
import { fromUtf8, joined, utf8 } from "../bytes.ts";
import { PmError } from "../errors.ts";
import { isReference, parseReference, type Reference } from "./reference.ts";

export type TemplatePart =
  | { readonly kind: "literal"; readonly bytes: Uint8Array }
  | { readonly kind: "reference"; readonly ref: Reference; readonly line: number };

const [OPEN, CLOSE, LF] = [0x7b, 0x7d, 0x0a];
const SCHEME = utf8("pm://");

/**
 * The parts of a template, in order. Literal parts are its own bytes, whatever they are.
 * @param name what errors call it, such as the name of the file
 * @param firstLine the number of its first line
 * @throws PmError "usage" with the line where braces hold a reference that is malformed or not closed
 */
export function parseTemplate(
  template: Uint8Array | string,
  name: string,
  firstLine = 1,
): readonly TemplatePart[] {
  const bytes = typeof template === "string" ? utf8(template) : template;
  const parts: TemplatePart[] = [];
  let literal = 0;
  let line = firstLine;
  let at = bytes.indexOf(OPEN);
  let counted = 0;
  while (at !== -1) {
    const start = referenceAt(bytes, at);
    if (start === undefined) {
      at = bytes.indexOf(OPEN, at + 1);
      continue;
    }
    line += newlinesIn(bytes.subarray(counted, at));
    counted = at;
    const end = endOf(bytes, start, `${name}:${line}`);
    if (at > literal) parts.push({ kind: "literal", bytes: bytes.subarray(literal, at) });
    parts.push({ kind: "reference", ref: referenceIn(bytes.subarray(start, end), `${name}:${line}`), line });
    literal = end + 2;
    at = bytes.indexOf(OPEN, literal);
  }
  if (literal < bytes.length) parts.push({ kind: "literal", bytes: bytes.subarray(literal) });
  return parts;
}

/** Whether a value of an env file is more than its own text. */
export function hasReferences(value: string): boolean {
  return isReference(value) || /\{\{[ \t]*pm:\/\//.test(value);
}

/** The parts of such a value: the whole of it is a reference, or it is a template. @throws PmError "usage" */
export function parseValue(value: string, name: string, line: number): readonly TemplatePart[] {
  if (!isReference(value)) return parseTemplate(value, name, line);
  return [{ kind: "reference", ref: placed(`${name}:${line}`, () => parseReference(value)), line }];
}

/**
 * The template with its references replaced, in order. Values are not looked at again.
 * @param values one for each reference; they stay the caller's
 */
export function fillTemplate(parts: readonly TemplatePart[], values: readonly Uint8Array[]): Uint8Array {
  const rest = values.values();
  return joined(
    parts.map((part) => (part.kind === "literal" ? part.bytes : (rest.next().value ?? new Uint8Array(0)))),
  );
}

/** Where the reference begins that the braces at `open` hold; undefined where they hold none. */
function referenceAt(bytes: Uint8Array, open: number): number | undefined {
  if (bytes[open + 1] !== OPEN) return undefined;
  let start = open + 2;
  while (isBlank(bytes[start])) start++;
  return SCHEME.every((byte, index) => bytes[start + index] === byte) ? start : undefined;
}

function endOf(bytes: Uint8Array, start: number, place: string): number {
  for (let end = start; end + 1 < bytes.length && bytes[end] !== LF; end++) {
    if (bytes[end] === CLOSE && bytes[end + 1] === CLOSE) return end;
  }
  throw new PmError("usage", `${place}: {{ pm:// is not closed on its line`, {
    hint: "{{ pm://web/github/password }}",
  });
}

function referenceIn(bytes: Uint8Array, place: string): Reference {
  let end = bytes.length;
  while (isBlank(bytes[end - 1])) end--;
  const text = fromUtf8(bytes.subarray(0, end));
  if (text === undefined) {
    throw new PmError("usage", `${place}: a reference is not UTF-8`, { hint: "save the file as UTF-8" });
  }
  return placed(place, () => parseReference(text));
}

/** Blanks, no newline: a reference stands on one line. */
function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}

function newlinesIn(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === LF) count++;
  return count;
}

/** Errors with the place that they are about. */
function placed<T>(place: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof PmError)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    throw new PmError(error.code, `${place}: ${error.message}`, { ...hint, cause: error });
  }
}
