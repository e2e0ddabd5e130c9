/** Names as people type them in arguments: folders, tag lists, types. */
import { PmError } from "../core/errors.ts";
import { ENTRY_TYPES, type EntryType, MAX_TAGS } from "../core/vault/model.ts";
import { parsePath, parseTagName } from "../core/vault/names.ts";

/** A folder or an entry to look below: as {@link parsePath}, and "/" may stand at the end. */
export function parsePrefix(text: string): string {
  return parsePath(text.length > 1 && text.endsWith("/") ? text.slice(0, -1) : text);
}

/** @throws PmError "usage" or "limit". */
export function parseTag(text: string): string {
  const tag = parseTagName(text);
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
