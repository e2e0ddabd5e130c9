/**
 * Splits one text into a command and its arguments as `env -S` of GNU coreutils does: quotes,
 * backslash escapes and ${VARIABLE}, and never a shell.
 */
import { PmError } from "../core/errors.ts";

const SPACE = new Set([" ", "\t", "\n", "\v", "\f", "\r"]);
const CONTROL: Readonly<Record<string, string>> = { f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };
const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/y;

interface State {
  readonly words: string[];
  /** The word being built; undefined between words. */
  word: string | undefined;
  quote: "'" | '"' | undefined;
}

/**
 * @param name what holds the text, for messages; the text itself may hold a secret and is never shown
 * @throws PmError "usage" where the text is malformed or holds no word
 */
export function splitCommand(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  name: string,
): readonly string[] {
  const state: State = { words: [], word: undefined, quote: undefined };
  for (let at = 0; at < text.length;) {
    const next = step(state, { text, at, env, name });
    if (next === "end") break;
    at = next;
  }
  if (state.quote !== undefined) throw malformed(name, "a quote is not closed");
  endWord(state);
  if (!state.words[0]) throw malformed(name, "it names no command");
  return state.words;
}

interface Position {
  readonly text: string;
  readonly at: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly name: string;
}

/** Reads what stands at one position; gives the next one, or "end" where the rest is ignored. */
function step(state: State, position: Position): number | "end" {
  const { text, at } = position;
  const char = text.charAt(at);
  if ((char === "'" || char === '"') && (state.quote === undefined || state.quote === char)) {
    state.quote = state.quote === undefined ? char : undefined;
    append(state, "");
    return at + 1;
  }
  if (state.quote === undefined && SPACE.has(char)) {
    endWord(state);
    return at + 1;
  }
  if (char === "#" && state.quote === undefined && state.word === undefined) return "end";
  if (char === "\\" && !isLiteralBackslash(state, text.charAt(at + 1))) return escape(state, position);
  if (char === "$" && state.quote !== "'") return variable(state, position);
  append(state, char);
  return at + 1;
}

/** Between single quotes only \' and \\ are escapes. */
function isLiteralBackslash(state: State, next: string): boolean {
  return state.quote === "'" && next !== "'" && next !== "\\";
}

function escape(state: State, { text, at, name }: Position): number | "end" {
  const char = text.charAt(at + 1);
  if (char === "c") {
    if (state.quote === '"') throw malformed(name, "\\c can't stand in double quotes");
    return "end";
  }
  if (char === "_" && state.quote === undefined) {
    endWord(state);
    return at + 2;
  }
  const literal = char === "_" ? " " : (CONTROL[char] ?? (`"#$'\\`.includes(char) ? char : ""));
  if (literal === "") throw malformed(name, "a backslash stands before a character that it can't escape");
  append(state, literal);
  return at + 2;
}

function variable(state: State, { text, at, env, name }: Position): number {
  VARIABLE.lastIndex = at;
  const match = VARIABLE.exec(text);
  if (match?.[1] === undefined) {
    throw malformed(name, 'a "$" is not followed by {VARIABLE}; write \\$ for the sign itself');
  }
  // An unset variable is no word at all, a set one never splits: as env -S has it.
  const value = Object.hasOwn(env, match[1]) ? env[match[1]] : undefined;
  if (value !== undefined) append(state, value);
  return at + match[0].length;
}

function append(state: State, text: string): void {
  state.word = (state.word ?? "") + text;
}

function endWord(state: State): void {
  if (state.word !== undefined) state.words.push(state.word);
  state.word = undefined;
}

function malformed(name: string, why: string): PmError {
  return new PmError("usage", `${name} can't be split into words: ${why}`, {
    hint: "quote as for env -S; there is no shell",
  });
}
