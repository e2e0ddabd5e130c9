/** The JSON shapes of docs/json.md: entries and rows out, one entry in. */
import { fromBase64, fromUtf8, utf8 } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { Entry, EntryType, Field, FieldValue, Row } from "../core/vault/model.ts";
import { isConcealedByDefault } from "../core/vault/types.ts";
import { parseExpiry } from "./dates.ts";
import { parseFieldName, parsePath } from "../core/vault/names.ts";
import { parseTag, parseType } from "./names.ts";
import { checkFieldCount, fieldOf } from "./values.ts";

export interface ShowOptions {
  /** Whether concealed values are included; without it they are null. */
  readonly reveal: boolean;
  readonly history: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** What `show --json` prints and `add --json` reads. */
export function entryToJson(entry: Entry, options: ShowOptions): Json {
  return {
    v: 1,
    id: entry.id,
    path: entry.path,
    type: entry.type,
    fields: entry.fields.map((field) => ({ name: field.name, ...valueToJson(field, options.reveal) })),
    attachments: entry.attachments,
    tags: entry.tags,
    expires: entry.expires ?? null,
    favourite: entry.favourite,
    useOnly: entry.useOnly,
    recipe: entry.recipe ?? null,
    trashed: entry.trashed,
    created: timeToJson(entry.created),
    modified: timeToJson(entry.modified),
    conflicts: entry.conflicts,
    ...(options.history ? { history: historyToJson(entry, options.reveal) } : {}),
  };
}

function historyToJson(entry: Entry, reveal: boolean): readonly Json[] {
  return entry.history.map((item) => ({
    field: item.field,
    ...valueToJson(item.value, reveal),
    written: timeToJson(item.written),
  }));
}

/** The value, or null where it is a secret that is not to be shown. */
export function valueToJson(value: FieldValue, reveal: boolean): Json {
  const shown = (reveal || !value.concealed) && value.withheld !== true;
  return {
    value: shown ? value.text : null,
    ...(shown && value.encoding === "base64" ? { encoding: "base64" } : {}),
    concealed: value.concealed,
  };
}

/** What `get --json` prints: one field by itself, several as an object. */
export function fieldsToJson(entry: Entry, fields: readonly Field[]): Json {
  const head = { v: 1, id: entry.id, path: entry.path };
  const [only, ...more] = fields;
  if (only !== undefined && more.length === 0) {
    const { name, text, encoding } = only;
    return { ...head, field: name, value: text, ...(encoding === "base64" ? { encoding } : {}) };
  }
  const encoded = fields.filter(({ encoding }) => encoding === "base64");
  return {
    ...head,
    fields: Object.fromEntries(fields.map(({ name, text }) => [name, text])),
    ...(encoded.length === 0
      ? {}
      : { encodings: Object.fromEntries(encoded.map(({ name, encoding }) => [name, encoding])) }),
  };
}

/** What `ls`, `find` and `trash ls` print for each entry. */
export function rowToJson(row: Row): Json {
  return {
    id: row.id,
    path: row.path,
    type: row.type,
    username: row.username,
    hosts: row.hosts,
    tags: row.tags,
    favourite: row.favourite,
    hasOtp: row.hasOtp,
    conflict: row.conflict,
    trashed: row.trashed,
    modified: timeToJson(row.modified),
  };
}

export function timeToJson(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** A new entry as `add --json` reads it. */
export interface EntryInput {
  readonly path: string | undefined;
  readonly type: EntryType;
  readonly fields: readonly Field[];
  readonly tags: readonly string[];
  readonly expires: string | undefined;
  readonly favourite: boolean;
  readonly useOnly: boolean;
  readonly recipe: string | undefined;
}

/** Keys of `show --json` that a new entry takes no notice of. */
const IGNORED = ["id", "trashed", "created", "modified", "conflicts", "history", "attachments"];
const READ = ["v", "path", "type", "fields", "tags", "expires", "favourite", "useOnly", "recipe"];
const KNOWN: ReadonlySet<string> = new Set(READ.concat(IGNORED));

/** @throws PmError "usage" that names the key at fault and never repeats a value. */
export function parseEntryJson(bytes: Uint8Array, nowMs: number): EntryInput {
  const data = objectOf(parseJson(bytes), "the JSON on standard input");
  const stranger = Object.keys(data).find((key) => !KNOWN.has(key));
  if (stranger !== undefined) throw bad(`the JSON key "${stranger}" is not known`);
  if (data["v"] !== undefined && data["v"] !== 1) throw bad('the JSON key "v" is not 1');
  const type = parseType(optionalText(data, "type") ?? "login");
  const path = optionalText(data, "path");
  const expires = optionalText(data, "expires");
  return {
    path: path === undefined ? undefined : parsePath(path),
    type,
    fields: parseFields(listOf(data, "fields"), type),
    tags: [
      ...new Set(listOf(data, "tags").map((tag) => parseTag(textOf(tag, 'an item of the JSON key "tags"')))),
    ],
    expires: expires === undefined ? undefined : parseExpiry(expires, nowMs),
    favourite: flagOf(data, "favourite") ?? false,
    useOnly: flagOf(data, "useOnly") ?? false,
    recipe: optionalText(data, "recipe"),
  };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(bytes) ?? "");
  } catch {
    // The parser's own message quotes the input.
    throw bad("standard input is not one JSON object");
  }
}

function parseFields(items: readonly unknown[], type: EntryType): Field[] {
  checkFieldCount(items.length);
  const fields = items.map((item) => parseField(objectOf(item, 'an item of the JSON key "fields"'), type));
  const twice = fields.find(({ name }, index) => fields.findIndex((field) => field.name === name) < index);
  if (twice !== undefined) throw bad(`field "${twice.name}" is given twice`);
  return fields;
}

function parseField(item: Json, type: EntryType): Field {
  const name = parseFieldName(textOf(item["name"], 'the JSON key "name" of a field'));
  if (item["value"] === null) {
    throw new PmError("usage", `field "${name}" has no value`, {
      hint: "pm show NAME --json --reveal includes it",
    });
  }
  const text = textOf(item["value"], `the value of "${name}"`);
  const encoding = optionalText(item, "encoding") ?? "utf8";
  if (encoding !== "utf8" && encoding !== "base64") throw bad(`the encoding of "${name}" is not known`);
  const bytes = encoding === "base64" ? fromBase64(text) : utf8(text);
  if (bytes === undefined) throw bad(`the value of "${name}" is not base64`);
  return fieldOf(name, bytes, flagOf(item, "concealed") ?? isConcealedByDefault(type, name));
}

function objectOf(value: unknown, what: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw bad(`${what} is not an object`);
  return value as Json;
}

function listOf(data: Json, key: string): readonly unknown[] {
  const value = data[key] ?? [];
  if (!Array.isArray(value)) throw bad(`the JSON key "${key}" is not a list`);
  return value;
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== "string" || !value.isWellFormed()) throw bad(`${what} is not a text`);
  return value;
}

function optionalText(data: Json, key: string): string | undefined {
  const value = data[key] ?? undefined;
  return value === undefined ? undefined : textOf(value, `the JSON key "${key}"`);
}

function flagOf(data: Json, key: string): boolean | undefined {
  const value = data[key] ?? undefined;
  if (value !== undefined && typeof value !== "boolean")
    throw bad(`the JSON key "${key}" is not true or false`);
  return value;
}

function bad(message: string): PmError {
  return new PmError("usage", message, { hint: "pm show NAME --json --reveal prints the shape" });
}
