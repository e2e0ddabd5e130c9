/**
 * An entry as a text for an editor: docs/commands/edit.md has the grammar, document-reader.ts reads it.
 * What an editor might change on its own (blanks at the end of a line, odd characters) stands in quotes.
 */
import type { Entry, Field } from "../core/vault/model.ts";
import { isConcealedByDefault, standardFields } from "../core/vault/types.ts";

/** What can be changed of an entry in an editor. */
export type EditableEntry = Pick<
  Entry,
  "path" | "type" | "tags" | "expires" | "favourite" | "useOnly" | "fields"
>;

export const FIELDS_LINE = "[fields]";
export const BLOCK_SIGN = "<<";
/** Notes of pm about this text: on top, and gone when it is opened again. */
export const NOTICE_SIGN = "#! ";

/** Controls, line and paragraph separators, byte order marks, and what reorders text (UAX #9). */
const ODD = String.raw`\p{Cc}\u2028\u2029\ufeff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069`;
export const ODD_CHARACTER: RegExp = new RegExp(`[${ODD}]`, "u");
/** The same, where tabs and newlines may stand. */
export const ODD_IN_BLOCK: RegExp = new RegExp(String.raw`(?![\t\n])[${ODD}]`, "u");
const EVERY_ODD = new RegExp(`[${ODD}]`, "gu");

/** Words with single blanks between them; any other name is written in quotes. */
export const BARE_NAME: string = String.raw`[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.@/+-]*(?: [\p{L}\p{M}\p{N}_.@/+-]+)*`;
const IS_BARE_NAME = new RegExp(`^${BARE_NAME}$`, "u");

/** RFC 2045 §6.8. */
const BASE64_LINE_CHARS = 76;

const HELP = [
  "# Change the entry, save and leave the editor. An unchanged or an empty text changes nothing.",
  '# A field is a line "name: value"; (secret) behind the name masks it. Without a value it is removed.',
  "# A value of several lines stands between <<END and END; an empty line at its end is a newline there.",
  '# A value in quotes is a JSON string, for blanks at its ends and the like: " a\\tb ".',
  "# Lines that begin with # are comments.",
];

export function formatEntry(entry: EditableEntry): string {
  const known = new Set(entry.fields.map(({ name }) => name));
  const missing = standardFields(entry.type).filter((name) => !known.has(name));
  const lines = [
    ...HELP,
    "",
    line("path", scalar(entry.path)),
    line("type", entry.type),
    line("tags", entry.tags.map(tagText).join(", ")),
    line("expires", entry.expires ?? ""),
    line("favourite", entry.favourite ? "yes" : "no"),
    line("use-only", entry.useOnly ? "yes" : "no"),
    "",
    FIELDS_LINE,
    ...entry.fields.flatMap((field) => fieldLines(field, isConcealedByDefault(entry.type, field.name))),
    ...missing.map((name) =>
      line(name + marker(isConcealedByDefault(entry.type, name) ? ["secret"] : []), ""),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/** The lines of one field. */
export function fieldLines(field: Field, isSecretByDefault: boolean): string[] {
  const { name, text, encoding, concealed } = field;
  const words = [
    ...(concealed ? ["secret"] : []),
    ...(!concealed && isSecretByDefault ? ["plain"] : []),
    ...(encoding === "base64" ? ["base64"] : []),
  ];
  const head = (IS_BARE_NAME.test(name) ? name : quoted(name)) + marker(words);
  if (encoding === "base64" && text.length > BASE64_LINE_CHARS) return block(head, wrapped(text));
  const lines = text.split("\n");
  return lines.length > 1 && isPlainBlock(lines) ? block(head, lines) : [line(head, scalar(text))];
}

function isPlainBlock(lines: readonly string[]): boolean {
  return !lines.some((text) => /[ \t]$/.test(text) || ODD_IN_BLOCK.test(text));
}

function block(head: string, lines: readonly string[]): string[] {
  let end = "END";
  for (let number = 2; lines.includes(end); number++) end = `END${number}`;
  return [line(head, BLOCK_SIGN + end), ...lines, end];
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += BASE64_LINE_CHARS)
    lines.push(text.slice(at, at + BASE64_LINE_CHARS));
  return lines;
}

/** No blank at the end: many editors take it away. */
function line(head: string, value: string): string {
  return value === "" ? `${head}:` : `${head}: ${value}`;
}

function marker(words: readonly string[]): string {
  return words.length === 0 ? "" : ` (${words.join(", ")})`;
}

/** The text as it stands where nothing in it could be misread, else as a JSON string. */
function scalar(text: string): string {
  const isBare =
    text !== "" &&
    text === text.trim() &&
    !text.startsWith('"') &&
    !text.startsWith(BLOCK_SIGN) &&
    !ODD_CHARACTER.test(text);
  return isBare ? text : quoted(text);
}

function tagText(tag: string): string {
  return tag.includes(",") ? quoted(tag) : scalar(tag);
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    EVERY_ODD,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
