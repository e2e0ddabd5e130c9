/** The record of one entry: named registers and the history (docs/format.md section 6.4). */
import { fromBase64, fromUtf8, toBase64, utf8 } from "../bytes.ts";
import type { PmError } from "../errors.ts";
import { damaged } from "./header.ts";
import {
  encodeJson,
  isArray,
  isCount,
  isString,
  type Json,
  type JsonObject,
  parseCanonicalObject,
} from "./json.ts";
import type { Attachment, Field, FieldValue } from "./model.ts";
import { isDay } from "./day.ts";
import { parseSibling, type Register, type Sibling, siblingJson } from "./register.ts";

/** Register keys: facts of the entry, and prefixes for its fields, tags and other facts. */
export const KEY: Readonly<
  Record<
    | "path"
    | "type"
    | "live"
    | "purged"
    | "expires"
    | "favourite"
    | "useOnly"
    | "recipe"
    | "field"
    | "tag"
    | "attachment",
    string
  >
> = {
  path: "path",
  type: "type",
  live: "live",
  purged: "m:purged",
  expires: "m:expires",
  favourite: "m:favourite",
  useOnly: "m:use-only",
  recipe: "m:recipe",
  field: "f:",
  tag: "t:",
  attachment: "a:",
};

/** A replaced value of a register, kept with the dot of its write. */
export interface HistoryRecord extends Sibling {
  readonly key: string;
}

export interface EntryRecord {
  /** 32 hex digits. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly created: number;
  /** In the order in which they were first written. */
  readonly registers: ReadonlyMap<string, Register>;
  /** Oldest first. */
  readonly history: readonly HistoryRecord[];
  /** Members that this version does not know. */
  readonly unknown: JsonObject;
}

export const ENTRY_ID: RegExp = /^[0-9a-f]{32}$/;

const MEMBERS = ["id", "created", "r", "h"];

/** @throws PmError "record-invalid"; the message never quotes the record */
export function parseRecord(bytes: Uint8Array, expectedId: string): EntryRecord {
  const invalid = (rule: string): PmError =>
    damaged("record-invalid", `the record of entry ${expectedId} is invalid: ${rule}`);
  const { id, created, r, h, ...unknown } = parseCanonicalObject(bytes, MEMBERS, invalid);
  if (!isString(id) || id !== expectedId) throw invalid("it belongs to another entry");
  if (!isCount(created)) throw invalid("its creation time is not a number");
  if (!isArray(r) || !isArray(h)) throw invalid("its registers are missing");
  const registers = new Map<string, Register>();
  for (const item of r) {
    const [key, register] = parseRegister(item) ?? [];
    if (key === undefined || register === undefined || registers.has(key))
      throw invalid("a register is malformed");
    registers.set(key, register);
  }
  if (!registers.has(KEY.live) || !registers.has(KEY.path)) throw invalid("a register is missing");
  const history = h.map((item) => {
    const parsed = parseHistory(item);
    if (parsed === undefined) throw invalid("a history item is malformed");
    return parsed;
  });
  return { id, created, registers, history, unknown };
}

function parseRegister(json: Json): readonly [string, Register] | undefined {
  if (!isArray(json) || json.length !== 2) return undefined;
  const [key, siblings] = json;
  if (!isString(key) || !isArray(siblings) || siblings.length === 0) return undefined;
  const parsed = siblings.map((sibling) => parseSibling(sibling, (value) => parseValue(key, value)));
  return parsed.every((sibling) => sibling !== undefined) ? [key, parsed] : undefined;
}

const BOOLEANS: ReadonlySet<string> = new Set([KEY.live, KEY.purged, KEY.favourite, KEY.useOnly]);

/** The value, of the types of the known registers; others hold any. Undefined where it is none. */
export function parseValue(key: string, value: Json): Json | undefined {
  if (key.startsWith(KEY.field)) return value === null || fieldValue(value) !== undefined ? value : undefined;
  if (key.startsWith(KEY.attachment))
    return value === null || contentRef(value) !== undefined ? value : undefined;
  if (key === KEY.path || key === KEY.type) return isString(value) ? value : undefined;
  if (BOOLEANS.has(key) || key.startsWith(KEY.tag)) return typeof value === "boolean" ? value : undefined;
  if (key === KEY.expires) return value === null || (isString(value) && isDay(value)) ? value : undefined;
  if (key === KEY.recipe) return value === null || isString(value) ? value : undefined;
  return value;
}

/** `[key, value, replica, seq, hlc]`, or undefined where it is not one. */
export function parseHistory(json: Json): HistoryRecord | undefined {
  if (!isArray(json) || json.length !== 5) return undefined;
  const [key, ...rest] = json;
  const sibling = isString(key) ? parseSibling(rest, (value) => parseValue(key, value)) : undefined;
  return sibling === undefined || !isString(key) ? undefined : { key, ...sibling };
}

export function encodeRecord(record: EntryRecord): Uint8Array {
  const r = [...record.registers].map(([key, register]) => [key, register.map(siblingJson)]);
  const h = record.history.map(historyJson);
  return encodeJson({ id: record.id, created: record.created, r, h, ...record.unknown });
}

export function historyJson(item: HistoryRecord): Json {
  return [item.key, ...(siblingJson(item) as readonly Json[])];
}

/**
 * `[kind, text]`: "p" plain or "c" concealed text, "P" and "C" the same with the bytes as base64 where
 * they are not UTF-8.
 */
export function fieldValueJson({ text, encoding, concealed }: FieldValue): Json {
  const kind = concealed ? "c" : "p";
  return [encoding === "utf8" ? kind : kind.toUpperCase(), text];
}

/** The field value that `json` is; undefined where it is not one, or the field was removed. */
export function fieldValue(json: Json | undefined): FieldValue | undefined {
  if (!isArray(json) || json.length !== 2) return undefined;
  const [kind, text] = json;
  if (!isString(text)) return undefined;
  if (kind === "p" || kind === "c") return { text, encoding: "utf8", concealed: kind === "c" };
  if ((kind === "P" || kind === "C") && fromBase64(text) !== undefined) {
    return { text, encoding: "base64", concealed: kind === "C" };
  }
  return undefined;
}

/** The exact bytes of a value. */
export function fieldBytes(value: FieldValue): Uint8Array {
  return value.encoding === "utf8" ? utf8(value.text) : (fromBase64(value.text) ?? new Uint8Array(0));
}

/** A field from exact bytes: text where they are UTF-8, base64 where not. */
export function fieldFromBytes(name: string, bytes: Uint8Array, concealed: boolean): Field {
  const text = fromUtf8(bytes);
  return text === undefined
    ? { name, text: toBase64(bytes), encoding: "base64", concealed }
    : { name, text, encoding: "utf8", concealed };
}

/** What the register of an attachment says of its data, which is found by the hash. */
export type ContentRef = Pick<Attachment, "size" | "sha256">;

/** `[size, SHA-256]`; undefined where the value is none, or the attachment was removed. */
export function contentRef(value: Json | undefined): ContentRef | undefined {
  if (!isArray(value) || value.length !== 2) return undefined;
  const [size, sha256] = value;
  return isCount(size) && isString(sha256) && /^[0-9a-f]{64}$/.test(sha256) ? { size, sha256 } : undefined;
}

export function contentRefJson({ size, sha256 }: ContentRef): Json {
  return [size, sha256];
}
