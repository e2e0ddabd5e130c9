/** Env files: `KEY=value` lines by the rules of docs/references.md. Whatever is not known is refused. */
import { PmError } from "../errors.ts";

export interface EnvLine {
  readonly name: string;
  readonly value: string;
  /** Where it begins; the first line is 1. */
  readonly line: number;
  /** Where the value stands in the text, its quotes included: UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

const BLANK_OR_COMMENT = /[ \t]*(?:#[^\n]*|\r?)(?:\n|$)/y;
const START = /[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=/y;
const SINGLE = /'([^']*)'/y;
const DOUBLE = /"([^"\\]*(?:\\[^][^"\\]*)*)"/y;
const UNQUOTED = /[^\n]*/y;
/** After a quoted value; a comment needs white space before it. */
const REST_OF_LINE = /(?:[ \t]+#[^\n]*|[ \t]*\r?)(?:\n|$)/y;

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\", $: "$" };

/**
 * The assignments of an env file in their order; a name may stand several times.
 * @param name what errors call the file
 * @throws PmError "usage" with file and line for anything that is no assignment, comment or blank line
 */
export function parseEnvFile(text: string, name: string): readonly EnvLine[] {
  const lines: EnvLine[] = [];
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const blank = take(BLANK_OR_COMMENT, text, at);
    const read = blank === undefined ? assignment(text, at, `${name}:${line}`) : undefined;
    if (read !== undefined) lines.push({ name: read.name, ...read.value, line });
    const next = read?.next ?? at + (blank?.[0].length ?? 0);
    line += newlinesIn(text, at, next);
    at = next;
  }
  return lines;
}

interface Value {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

interface Assignment {
  readonly name: string;
  readonly value: Value;
  /** Where the next line begins. */
  readonly next: number;
}

function assignment(text: string, at: number, place: string): Assignment {
  const head = take(START, text, at);
  if (head === undefined) throw refused(place, "is no KEY=value, no comment and no empty line");
  const [whole, name = ""] = head;
  const begin = at + whole.length;
  const isQuoted = text[begin] === '"' || text[begin] === "'";
  const { value, next } = isQuoted ? quoted(text, begin, place) : unquoted(text, begin, place);
  if (value.value.includes("\0"))
    throw refused(place, `gives ${name} a NUL character, which no variable can hold`);
  return { name, value, next };
}

type Read = Omit<Assignment, "name">;

function quoted(text: string, start: number, place: string): Read {
  const isSingle = text[start] === "'";
  const found = take(isSingle ? SINGLE : DOUBLE, text, start);
  if (found === undefined) throw refused(place, "has a quote that is not closed");
  const end = start + found[0].length;
  const after = take(REST_OF_LINE, text, end);
  if (after === undefined) throw refused(place, "has something after the closing quote");
  const inner = (found[1] ?? "").replaceAll("\r\n", "\n");
  const value = isSingle ? inner : inner.replace(/\\([^])/gu, (_, char: string) => unescaped(char, place));
  return { value: { value, start, end }, next: end + after[0].length };
}

/** Up to the end of the line or a comment; quotes and backslashes within are as they stand. */
function unquoted(text: string, start: number, place: string): Read {
  const rest = take(UNQUOTED, text, start)?.[0] ?? "";
  const value = rest
    .replace(/\r$/, "")
    .replace(/(?:^|[ \t])#.*$/s, "")
    .replace(/[ \t]+$/, "");
  if (/^[ \t]/.test(value)) throw refused(place, "has white space after the =");
  // Other programs take it for a quote.
  if (value.startsWith("`")) throw refused(place, "begins with a backtick");
  if (value.includes("\r")) throw refused(place, "has a carriage return within the line");
  return { value: { value, start, end: start + value.length }, next: start + rest.length + 1 };
}

function unescaped(character: string, place: string): string {
  const meant = Object.hasOwn(ESCAPES, character) ? ESCAPES[character] : undefined;
  if (meant !== undefined) return meant;
  throw refused(place, `has a backslash before ${character === "\n" ? "a newline" : `"${character}"`}`);
}

function take(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function newlinesIn(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at !== -1 && at < to; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function refused(place: string, what: string): PmError {
  return new PmError("usage", `${place} ${what}`, { hint: `KEY=value, KEY='value' or KEY="value"` });
}
