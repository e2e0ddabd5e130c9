/**
 * Use-only entries in a session to which nobody has proven the master password: what it withholds, and
 * which changes it refuses (docs/use-only.md). A guard against accidents, no boundary.
 */
import { PmError } from "../errors.ts";
import type { VaultDraft } from "./draft.ts";
import type { Edit } from "./edit.ts";
import { isPurgedRecord, isUseOnlyRecord, viewEntry } from "./entry-view.ts";
import type { Entry, FieldValue } from "./model.ts";
import type { EntryRecord } from "./record.ts";
import type { Change } from "./revision.ts";
import type { Conflict } from "./session.ts";

/** A use-only entry without its concealed values, those of its history included. */
export function withhold(entry: Entry): Entry {
  return {
    ...entry,
    withheld: true,
    fields: entry.fields.map((field) => withoutValue(field)),
    ...(entry.pending === undefined ? {} : { pending: entry.pending.map((field) => withoutValue(field)) }),
    history: entry.history.map((item) => ({ ...item, value: withoutValue(item.value) })),
  };
}

/** The same for a register that holds several values. */
export function withholdConflict(conflict: Conflict): Conflict {
  const values = conflict.values.map(({ value, ...written }) => ({
    ...written,
    value: value === undefined ? undefined : withoutValue(value),
  }));
  return { ...conflict, values };
}

function withoutValue<T extends FieldValue>(value: T): T {
  return value.concealed ? { ...value, text: "", encoding: "utf8", withheld: true } : value;
}

/** What a change of entries has to pass. */
export type Guard = (change: Change) => Change;

/**
 * The change, refused where an entry that was use-only would not be any longer, or would be copied. An entry
 * that is erased may be; whatever the change is made of, its outcome is judged.
 * @param edits what the change is made of, where it is edits
 */
export function keepingUseOnly(change: Change, edits: readonly Edit[]): Change {
  return (draft, context, header) => {
    const outcome = change(draft, context, header);
    for (const record of draft.replaced()) requireKept(draft.original(record.id), record);
    for (const edit of edits) if (edit.kind === "copy") requireFree(draft, edit.id);
    return outcome;
  };
}

function requireKept(before: EntryRecord | undefined, after: EntryRecord): void {
  if (before === undefined || !isUseOnlyRecord(before)) return;
  if (!isUseOnlyRecord(after) && !isPurgedRecord(after)) throw useOnly(viewEntry(before).path);
}

function requireFree(draft: VaultDraft, id: string): void {
  const record = draft.original(id);
  if (record !== undefined && isUseOnlyRecord(record)) throw useOnly(viewEntry(record).path);
}

/** The refusal of what takes the master password again. */
export function useOnly(path: string): PmError {
  return new PmError("use-only", `"${path}" is use-only`, {
    hint: "give the master password: --password-file FILE, or type it at a terminal",
  });
}
