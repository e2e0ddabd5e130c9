/** Paths, field names and tags as people type them: normalised, bounded, without control characters. */
import { utf8 } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import {
  ENTRY_TYPES,
  type EntryType,
  MAX_FIELD_NAME_BYTES,
  MAX_PATH_BYTES,
  MAX_TAG_BYTES,
  MAX_TAGS,
} from "../core/vault/model.ts";

const CONTROL = /\p{Cc}|[\u2028\u2029]/u;

/**
 * The path of a new or renamed entry.
 * @throws PmError "usage", or "limit" where it is too long.
 */
export function parsePath(text: string): string {
  const path = cleanText(text, "the name", MAX_PATH_BYTES);
  if (/^id:/i.test(path)) {
    throw new PmError("usage", `the name "${path}" begins with "id:", which addresses entries by id`);
  }
  if (path.startsWith("/") || path.endsWith("/") || path.includes("//")) {
    throw new PmError("usage", `the name "${path}" has an empty part between its slashes`, {
      hint: "write it as folder/name",
    });
  }
  return path;
}

/** A folder or an entry to look below: as {@link parsePath}, and "/" may stand at the end. */
export function parsePrefix(text: string): string {
  return parsePath(text.length > 1 && text.endsWith("/") ? text.slice(0, -1) : text);
}

/** @throws PmError "usage" or "limit". */
export function parseFieldName(text: string): string {
  return cleanText(text, "the field name", MAX_FIELD_NAME_BYTES);
}

/** @throws PmError "usage" or "limit". */
export function parseTag(text: string): string {
  const tag = cleanText(text, "the tag", MAX_TAG_BYTES);
  if (tag.includes(",") || /^[+-]|^\s|\s$/.test(tag)) {
    throw new PmError("usage", `the tag "${tag}" has a comma, a leading sign or a blank at an end`);
  }
  return tag;
}

/** Tags of `--tag a --tag b,c`, each once. */
export function parseTags(texts: readonly string[]): string[] {
  const tags = new Set(texts.flatMap((text) => text.split(",")).map((text) => parseTag(text)));
  if (tags.size > MAX_TAGS)
    throw new PmError("limit", `${tags.size} tags, more than the limit of ${MAX_TAGS}`);
  return [...tags];
}

export interface TagChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** Tags of `--tag +a,-b`; one without a sign is added. */
export function parseTagChange(texts: readonly string[]): TagChange {
  const signed = texts.flatMap((text) => text.split(","));
  const remove = signed.filter((text) => text.startsWith("-")).map((text) => parseTag(text.slice(1)));
  const add = signed.filter((text) => !text.startsWith("-")).map((text) => parseTag(text.replace(/^\+/, "")));
  const both = add.find((tag) => remove.includes(tag));
  if (both !== undefined) throw new PmError("usage", `the tag "${both}" is both added and removed`);
  return { add, remove };
}

/** @throws PmError "usage" for a word that is no type. */
export function parseType(text: string): EntryType {
  const type = ENTRY_TYPES.find((known) => known === text);
  if (type === undefined) {
    throw new PmError("usage", `"${text}" is not a type of entry`, {
      hint: `one of ${ENTRY_TYPES.join(", ")}`,
    });
  }
  return type;
}

function cleanText(text: string, what: string, maxBytes: number): string {
  if (text === "") throw new PmError("usage", `${what} is empty`);
  // A lone surrogate would silently become U+FFFD in the file.
  if (CONTROL.test(text) || !text.isWellFormed()) {
    throw new PmError("usage", `${what} has a control character in it`);
  }
  const clean = text.normalize("NFC");
  const length = utf8(clean).length;
  if (length > maxBytes) {
    throw new PmError("limit", `${what} is ${length} bytes long, more than the limit of ${maxBytes}`);
  }
  return clean;
}
