/** pm's own export as text: all of every entry (docs/export.md). Written entry by entry, never held as a whole. */
import { toBase64 } from "../bytes.ts";
import { timeText } from "../time-text.ts";
import type { FieldValue } from "../vault/model.ts";
import type { Conflict } from "../vault/session.ts";
import type { ExportedEntry } from "./exported.ts";

/** The version of its shape. */
export const PM_EXPORT_VERSION = 1;

type Members = Readonly<Record<string, unknown>>;

/** The same entries give the same text. One entry is one line. */
export async function* exportJson(entries: AsyncIterable<ExportedEntry>): AsyncGenerator<string> {
  yield `{"format":"pm-export","v":${PM_EXPORT_VERSION},"entries":[`;
  let before = "\n";
  for await (const entry of entries) {
    yield `${before}${JSON.stringify(entryMembers(entry))}`;
    before = ",\n";
  }
  yield "\n]}\n";
}

function entryMembers(entry: ExportedEntry): Members {
  return {
    id: entry.id,
    path: entry.path,
    type: entry.type,
    fields: entry.fields.map((field) => ({
      name: field.name,
      ...valueMembers(field),
      ...writtenMember(entry.written?.[field.name]),
    })),
    tags: entry.tags,
    expires: entry.expires ?? null,
    favourite: entry.favourite,
    useOnly: entry.useOnly,
    recipe: entry.recipe ?? null,
    trashed: entry.trashed,
    created: timeText(entry.created),
    modified: timeText(entry.modified),
    history: entry.history.map(({ field, value, written }) => ({
      field,
      ...valueMembers(value),
      written: timeText(written),
    })),
    conflicts: entry.conflicts.map(conflictMembers),
    attachments: entry.attachments.map(({ name, bytes }) => ({ name, data: toBase64(bytes) })),
  };
}

function valueMembers({ text, encoding, concealed }: FieldValue): Members {
  return { value: text, ...(encoding === "base64" ? { encoding } : {}), concealed };
}

function writtenMember(written: number | undefined): Members {
  return written === undefined ? {} : { written: timeText(written) };
}

function conflictMembers({ key, values }: Conflict): Members {
  return {
    register: key,
    values: values.map(({ value, replica, written }) => ({
      ...(value === undefined ? { value: null } : valueMembers(value)),
      replica,
      written: timeText(written),
    })),
  };
}
