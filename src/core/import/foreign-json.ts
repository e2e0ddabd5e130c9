/** JSON that another program wrote, or that somebody made up: bounded before it is parsed. */
import { PmError } from "../errors.ts";

/** Bitwarden's deepest value stands on level 6, 1Password's on level 10. */
const MAX_JSON_DEPTH = 64;

const SPACES: ReadonlySet<string> = new Set([" ", "\t", "\n", "\r"]);

/**
 * The value of `text`; undefined where it is no JSON.
 * @throws PmError "usage" where it is nested too deep, or names a member twice: readers differ in what that means
 */
export function parseForeignJson(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    return undefined;
  }
  requireSound(text);
  return value;
}

/** The text is known to be JSON here, so that only strings and brackets have to be told apart. */
function requireSound(text: string): void {
  /** Of each open object the keys so far; undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "{" || char === "[") {
      if (open.push(char === "{" ? new Set() : undefined) > MAX_JSON_DEPTH) {
        throw new PmError("usage", `the JSON is nested more than ${MAX_JSON_DEPTH} levels deep`);
      }
    } else if (char === "}" || char === "]") open.pop();
    else if (char === '"') {
      const end = endOfString(text, at);
      if (isKey(text, end)) addKey(open.at(-1), text.slice(at, end + 1));
      at = end;
    }
  }
}

/** Whether the string that ends there stands before a colon. */
function isKey(text: string, end: number): boolean {
  let next = end + 1;
  while (SPACES.has(text[next] ?? "")) next++;
  return text[next] === ":";
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === "\\") slashes++;
  return slashes % 2 === 1;
}

function addKey(keys: Set<string> | undefined, token: string): void {
  const key = token.includes("\\") ? (JSON.parse(token) as string) : token.slice(1, -1);
  if (keys?.has(key) === true) throw new PmError("usage", "the JSON has an object that names a member twice");
  keys?.add(key);
}
