/** What an entry of the vault has already of what an import brings. */
import type { EarlierValue, NewAttachment } from "../vault/edit.ts";
import type { Entry, Field, FieldValue } from "../vault/model.ts";
import { MAX_HISTORY } from "../vault/model.ts";
import type { FittingEntry } from "./fit.ts";

/** What the entry lacks. All empty: it has everything. */
export interface Missing {
  readonly fields: readonly Field[];
  readonly tags: readonly string[];
  readonly favourite: boolean;
  readonly expires: string | undefined;
  /** Oldest first; none where the history has no room for them. */
  readonly history: readonly EarlierValue[];
  readonly attachments: readonly NewAttachment[];
}

/** 64 hex digits. */
export type Hash = (bytes: Uint8Array) => string;

/**
 * A value that the history has counts as known: the vault replaced it since, and an old export must not bring it
 * back. An expiry that the vault has stays.
 */
export function missingIn(entry: Entry, imported: FittingEntry, hash: Hash): Missing {
  const lacks = (field: string, value: FieldValue): boolean => !knows(entry, field, value);
  const history = imported.history.filter(({ field, value }) => lacks(field, value));
  return {
    fields: imported.fields.filter((field) => lacks(field.name, field)),
    tags: imported.tags.filter((tag) => !entry.tags.includes(tag)),
    favourite: imported.favourite && !entry.favourite,
    expires: entry.expires === undefined ? imported.expires : undefined,
    history: entry.history.length + 2 * history.length <= MAX_HISTORY ? history : [],
    attachments: missingAttachments(entry, imported, hash),
  };
}

export function isNothing({ fields, tags, favourite, expires, history, attachments }: Missing): boolean {
  const lists = [fields, tags, history, attachments];
  return lists.every((list) => list.length === 0) && !favourite && expires === undefined;
}

function knows({ fields, history }: Entry, name: string, { text, encoding }: FieldValue): boolean {
  const isIt = (value: FieldValue): boolean => value.text === text && value.encoding === encoding;
  if (fields.some((field) => field.name === name && isIt(field))) return true;
  return history.some((item) => item.field === name && isIt(item.value));
}

/** Compared by content; one whose name is taken by another content gets a name of its own. */
function missingAttachments(
  { attachments }: Entry,
  imported: FittingEntry,
  hash: Hash,
): readonly NewAttachment[] {
  const taken = new Set(attachments.map(({ name }) => name));
  const known = new Set(attachments.map(({ sha256 }) => sha256));
  return imported.attachments
    .filter(({ bytes }) => !known.has(hash(bytes)))
    .map(({ name, bytes }) => {
      let free = name;
      for (let number = 2; taken.has(free); number++) free = `${number} ${name}`;
      taken.add(free);
      return { name: free, bytes };
    });
}
