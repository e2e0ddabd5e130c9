/**
 * The one place where names of other managers become names of pm. What is lost on the way (never more than a
 * character that pm has no place for, or an end that is too long) is kept: see `fit.ts`.
 */
import { isLongerThan, utf8 } from "../bytes.ts";
import { hostOf } from "../vault/entry-view.ts";
import {
  MAX_ATTACHMENT_NAME_BYTES,
  MAX_FIELD_NAME_BYTES,
  MAX_PATH_BYTES,
  MAX_TAG_BYTES,
} from "../vault/model.ts";
import type { ImportedEntry } from "./imported.ts";

/** Of one folder or title: six of them fit into a path. */
const MAX_PART_BYTES = 160;

/** What names of pm don't have (names.ts of the vault), one or several, with the blanks beside them. */
const CONTROLS = /\s*(?:\p{Cc}|\p{Cs}|[\u2028\u2029])+\s*/gu;

/** Between folders and title of an entry, and in the place of one that stands in a name. */
const SLASH = "/";
const SLASH_IN_NAME = "-";

export interface ImportName {
  /** Folders and title, a path of pm. */
  readonly path: string;
  /** The title as it was, where the path can't say it: another slash, control characters, too long. */
  readonly title?: string;
  /** The same of the folders, joined by slashes. */
  readonly folder?: string;
}

/** The path of an entry, below `prefix` (a path of pm, or empty). */
export function importName({ folders, ...entry }: ImportedEntry, prefix: string): ImportName {
  const named = [
    ...folders.map(pathPart).filter((part) => part !== ""),
    pathPart(entry.title) || untitled(entry),
  ];
  // At the beginning of a path this addresses an entry by its id.
  const parts = prefix === "" ? named.with(0, (named[0] ?? "").replace(/^id:/i, "id-")) : named;
  const last = parts.at(-1) ?? "";
  const kept = fitting(parts.slice(0, -1), prefix, last);
  const path = [prefix, ...kept, last].filter((part) => part !== "").join(SLASH);
  const plainFolders = folders
    .map(plain)
    .filter((part) => part !== "")
    .join(SLASH);
  return {
    path,
    ...(plain(entry.title) === last || plain(entry.title) === "" ? {} : { title: entry.title }),
    ...(plainFolders === kept.join(SLASH) ? {} : { folder: folders.join(SLASH) }),
  };
}

/** What differs from this only in how Unicode spells it, or in blanks at its ends, says the same. */
function plain(text: string): string {
  return text.normalize("NFC").trim();
}

function pathPart(text: string): string {
  return cutTo(oneLine(text).replaceAll(SLASH, SLASH_IN_NAME), MAX_PART_BYTES);
}

/** NFC, control characters as one blank, no blanks at the ends. */
function oneLine(text: string): string {
  return text.normalize("NFC").replaceAll(CONTROLS, " ").trim();
}

/** The outermost folders that leave room for the title. */
function fitting(parts: readonly string[], prefix: string, last: string): readonly string[] {
  const limit = MAX_PATH_BYTES - SUFFIX_BYTES;
  if (!isLongerThan([prefix, ...parts, last].join(SLASH), limit)) return parts;
  let room = limit - utf8(prefix).length - utf8(last).length;
  return parts.filter((part) => (room -= utf8(part).length + 1) >= 0);
}

/** What tells two entries of one name apart: " (name)", see {@link otherNames}. */
const SUFFIX_BYTES = 140;

/** An entry without a title is called by where it is used, by who uses it, or by what it is. */
function untitled({ type, fields }: Omit<ImportedEntry, "folders">): string {
  const text = (name: string): string => fields.find((field) => field.name === name)?.text ?? "";
  return pathPart(hostOf(text("url")) ?? "") || pathPart(text("username")) || `untitled ${type}`;
}

/** How an entry is called where its path has another one: by its user name, then by number. */
export function* otherNames(path: string, username: string): Generator<string, never> {
  yield path;
  const user = cutTo(oneLine(username).replaceAll(SLASH, SLASH_IN_NAME), SUFFIX_BYTES - 10);
  const named = user === "" ? path : `${path} (${user})`;
  if (named !== path) yield named;
  for (let number = 2; ; number++) yield `${path} (${number})`;
}

/** The name of a field; "field" where it has none. */
export function fieldName(text: string): string {
  return cutTo(oneLine(text), MAX_FIELD_NAME_BYTES - 8) || "field";
}

/** The name of a tag; empty where there is nothing to it. */
export function tagName(text: string): string {
  return cutTo(oneLine(text), MAX_TAG_BYTES);
}

/** The name of an attachment, which is no path; "attachment" where it has none. */
export function attachmentName(text: string): string {
  return cutTo(oneLine(text).replaceAll(/[/\\]/g, "-"), MAX_ATTACHMENT_NAME_BYTES - 10) || "attachment";
}

/** The beginning that is at most `limit` bytes, with a mark that it is one. */
function cutTo(text: string, limit: number): string {
  if (!isLongerThan(text, limit)) return text;
  let cut = "";
  let length = utf8(ELLIPSIS).length;
  for (const char of text) {
    length += utf8(char).length;
    if (length > limit) break;
    cut += char;
  }
  return cut.trimEnd() + ELLIPSIS;
}

const ELLIPSIS = "…";
