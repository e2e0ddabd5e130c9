/** Building blocks of readers: fields out of the texts of an export. */
import type { EntryType, Field } from "../vault/model.ts";
import { isConcealedByDefault } from "../vault/types.ts";
import type { ImportedEntry } from "./imported.ts";

/** What most entries have not. */
export const PLAIN_ENTRY: Omit<ImportedEntry, "folders" | "title" | "type" | "fields"> = {
  tags: [],
  favourite: false,
  history: [],
  attachments: [],
  trashed: false,
};

/** The field, or none where the export has no text for it. Concealed by its name unless it is said. */
export function textField(
  type: EntryType,
  name: string,
  text: string | null | undefined,
  concealed: boolean = isConcealedByDefault(type, name),
): readonly Field[] {
  if (text === null || text === undefined || text === "") return [];
  return [{ name, text, encoding: "utf8", concealed }];
}

/** Addresses as url, url2, url3 …; each once. */
export function urlFields(urls: readonly (string | null | undefined)[]): readonly Field[] {
  const texts = new Set(urls.filter((url) => url !== null && url !== undefined && url !== ""));
  return [...texts].flatMap((url, n) => textField("login", n === 0 ? "url" : `url${n + 1}`, url));
}

/** The calendar day of a time or date text in ISO 8601; undefined where it is none. */
export function dayOf(text: string | null | undefined): string | undefined {
  return /^\d{4}-\d{2}-\d{2}/.exec(text ?? "")?.[0];
}
