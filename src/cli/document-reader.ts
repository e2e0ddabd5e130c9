/**
 * Reads what document.ts writes and a person has changed. Messages name the line and never repeat what
 * stands behind a colon.
 */
import { fromBase64, utf8 } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { ENTRY_TYPES, type EntryType, type Field } from "../core/vault/model.ts";
import { fieldFromBytes } from "../core/vault/record.ts";
import { isConcealedByDefault } from "../core/vault/types.ts";
import {
  BARE_NAME,
  BLOCK_SIGN,
  type EditableEntry,
  FIELDS_LINE,
  ODD_CHARACTER,
  ODD_IN_BLOCK,
} from "./document.ts";

const QUOTED = String.raw`"(?:[^"\\]|\\.)*"`;
const ITEM = new RegExp(`^(${BARE_NAME}|${QUOTED}) *(?:\\(([^()]*)\\) *)?:(.*)$`, "su");
const TAG = new RegExp(String.raw`\s*(?:(${QUOTED})|([^\s",][^,]*?))\s*(?:,|$)`, "y");
const BLOCK = /^<<(\w+)\s*$/;
const FACTS = ["path", "type", "tags", "expires", "favourite", "use-only"] as const;
const MARKERS: ReadonlySet<string> = new Set(["secret", "plain", "base64"]);

/** One line, or a block of them. */
interface Item {
  /** From 1. */
  readonly line: number;
  readonly name: string;
  readonly markers: readonly string[];
  /** What stands behind the colon; of a block, its first line. */
  readonly raw: string;
  /** The lines of a block. */
  readonly block: readonly string[] | undefined;
}

/** Whether there is nothing in it but comments. */
export function isEmptyDocument(text: string): boolean {
  return linesOf(text).every(isIgnored);
}

/** @throws PmError "usage" that names the first line that is wrong */
export function parseDocument(text: string): EditableEntry {
  const lines = linesOf(text);
  const split = lines.findIndex((line) => line.trimEnd() === FIELDS_LINE);
  const end = split === -1 ? lines.length : split;
  const facts = new Map<string, Item>();
  for (const item of itemsOf(lines, 0, end)) {
    if (!FACTS.some((name) => name === item.name)) {
      throw malformed(item.line, `"${item.name}" is no fact of an entry; fields stand below ${FIELDS_LINE}`);
    }
    if (item.markers.length > 0) throw malformed(item.line, `"${item.name}" takes nothing in brackets`);
    if (facts.has(item.name)) throw malformed(item.line, `"${item.name}" stands there twice`);
    facts.set(item.name, item);
  }
  const missing = FACTS.find((name) => !facts.has(name));
  if (missing !== undefined) throw malformed(end + 1, `the line "${missing}:" is missing above it`);
  if (split === -1) throw malformed(end, `the line ${FIELDS_LINE} is missing`);
  const fact = (name: (typeof FACTS)[number]): Item => facts.get(name) as Item;
  const type = typeOf(fact("type"));
  return {
    path: requireValue(fact("path")),
    type,
    tags: tagsOf(fact("tags")),
    expires: dayOf(fact("expires")),
    favourite: answerOf(fact("favourite")),
    useOnly: answerOf(fact("use-only")),
    fields: fieldsOf(itemsOf(lines, split + 1, lines.length), type),
  };
}

/** Some editors write a byte order mark, or end every line in the way of Windows. */
function linesOf(text: string): string[] {
  const lines = text.replace(/^\ufeff/, "").split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.every((line) => line.endsWith("\r")) ? lines.map((line) => line.slice(0, -1)) : lines;
}

function isIgnored(line: string): boolean {
  return line.startsWith("#") || line.trim() === "";
}

function itemsOf(lines: readonly string[], from: number, to: number): Item[] {
  const items: Item[] = [];
  for (let at = from; at < to; at++) {
    const text = lines[at] ?? "";
    if (isIgnored(text)) continue;
    const line = at + 1;
    const [, name = "", words, rest = ""] = ITEM.exec(text) ?? [];
    if (name === "") throw malformed(line, 'it is not of the form "name: value"');
    const raw = rest.startsWith(" ") ? rest.slice(1) : rest;
    const head = {
      line,
      name: name.startsWith('"') ? unquoted(name, line) : name,
      markers: markersOf(words, line),
      raw,
    };
    if (!raw.startsWith(BLOCK_SIGN)) {
      items.push({ ...head, block: undefined });
      continue;
    }
    const block = blockOf(lines, head);
    items.push({ ...head, block });
    at += block.length + 1;
  }
  return items;
}

function markersOf(words: string | undefined, line: number): readonly string[] {
  if (words === undefined) return [];
  const markers = words.split(",").map((word) => word.trim());
  const stranger = markers.find((word) => !MARKERS.has(word));
  if (stranger !== undefined) throw malformed(line, "in brackets stand secret, plain and base64 only");
  if (markers.includes("secret") && markers.includes("plain")) {
    throw malformed(line, "secret and plain exclude each other");
  }
  return markers;
}

function blockOf(lines: readonly string[], { raw, line }: Pick<Item, "raw" | "line">): readonly string[] {
  const word = BLOCK.exec(raw)?.[1];
  if (word === undefined) throw malformed(line, 'a value that begins with "<<" stands in quotes');
  const end = lines.indexOf(word, line);
  if (end === -1) throw malformed(line, `the line ${word} that ends the value is missing`);
  const block = lines.slice(line, end);
  const odd = block.findIndex((text) => ODD_IN_BLOCK.test(text));
  if (odd !== -1)
    throw malformed(line + odd + 1, "a control character; such a value stands in quotes, escaped");
  return block;
}

function typeOf(item: Item): EntryType {
  const text = requireValue(item);
  const type = ENTRY_TYPES.find((known) => known === text);
  if (type === undefined) throw malformed(item.line, `the type is one of ${ENTRY_TYPES.join(", ")}`);
  return type;
}

function tagsOf({ raw, block, line }: Item): string[] {
  const wrong = malformed(line, "tags are words with commas between them, or in quotes");
  if (block !== undefined) throw wrong;
  const tags = new Set<string>();
  for (TAG.lastIndex = 0; TAG.lastIndex < raw.trimEnd().length;) {
    const match = TAG.exec(raw);
    if (match === null) throw wrong;
    tags.add(match[1] === undefined ? (match[2] ?? "") : unquoted(match[1], line));
  }
  return [...tags];
}

/** As it was written; whether it is a day is judged where it differs. */
function dayOf(item: Item): string | undefined {
  const text = valueOf(item);
  return text === "never" || text === "none" ? undefined : text;
}

function answerOf(item: Item): boolean {
  const text = valueOf(item);
  if (text === "yes" || text === "true") return true;
  if (text === undefined || text === "no" || text === "false") return false;
  throw malformed(item.line, `"${item.name}" is yes or no`);
}

function fieldsOf(items: readonly Item[], type: EntryType): Field[] {
  const fields = new Map<string, Field>();
  const names = new Set<string>();
  for (const item of items) {
    if (names.has(item.name)) throw malformed(item.line, `the field "${item.name}" stands there twice`);
    names.add(item.name);
    const field = fieldOf(item, type);
    if (field !== undefined) fields.set(item.name, field);
  }
  return [...fields.values()];
}

function fieldOf(item: Item, type: EntryType): Field | undefined {
  const { name, markers, line } = item;
  if (name === "") throw malformed(line, "the name of the field is empty");
  const text = valueOf(item);
  if (text === undefined) return undefined;
  const isSecret =
    markers.includes("secret") || (!markers.includes("plain") && isConcealedByDefault(type, name));
  if (!markers.includes("base64")) return fieldFromBytes(name, utf8(text), isSecret);
  const bytes = fromBase64(text.replace(/\s/g, ""));
  if (bytes === undefined) throw malformed(line, `the value of "${name}" is not base64`);
  return fieldFromBytes(name, bytes, isSecret);
}

function requireValue(item: Item): string {
  const text = valueOf(item);
  if (text === undefined) throw malformed(item.line, `"${item.name}" has no value`);
  return text;
}

/** Undefined where nothing stands behind the colon. */
function valueOf({ raw, block, line }: Item): string | undefined {
  if (block !== undefined) return block.join("\n");
  if (raw.trim() === "") return undefined;
  if (raw.startsWith('"')) return unquoted(raw.trimEnd(), line);
  if (raw !== raw.trim()) throw malformed(line, "a value with a blank at an end stands in quotes");
  if (ODD_CHARACTER.test(raw))
    throw malformed(line, "a control character; such a value stands in quotes, escaped");
  return raw;
}

function unquoted(text: string, line: number): string {
  const value = parseJson(text);
  if (typeof value !== "string" || !value.isWellFormed()) {
    throw malformed(line, 'what begins with a quote is a JSON string, with \\" and \\\\ in it');
  }
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    return undefined;
  }
}

function malformed(line: number, why: string): PmError {
  return new PmError("usage", `line ${line}: ${why}`, { hint: "pm help edit explains the text" });
}
