/** The entries that edits are of. */
import { PmError } from "../errors.ts";
import type { VaultDraft } from "./draft.ts";
import { isLiveRecord, isPurgedRecord } from "./entry-view.ts";
import type { EntryRecord } from "./record.ts";
import { shownValue } from "./register.ts";

/** @throws PmError "not-found" */
export function requireLive(draft: VaultDraft, id: string): EntryRecord {
  const record = draft.record(id);
  if (record === undefined || !isLiveRecord(record))
    throw new PmError("not-found", `no entry has the id ${id}`);
  return record;
}

/** Live, or in the trash. */
export function requireEntry(draft: VaultDraft, id: string): EntryRecord {
  const record = draft.record(id);
  if (record === undefined || isPurgedRecord(record))
    throw new PmError("not-found", `no entry has the id ${id}`);
  return record;
}

export function requireTrashed(draft: VaultDraft, id: string): EntryRecord {
  const record = draft.record(id);
  if (record === undefined || isLiveRecord(record) || isPurgedRecord(record)) {
    throw new PmError("not-found", `no entry in the trash has the id ${id}`, { hint: "pm trash ls" });
  }
  return record;
}

/** Whether the entry shows such a field or attachment: one that was removed has a register still. */
export function hasValue(record: EntryRecord, key: string): boolean {
  return (shownValue(record.registers.get(key)) ?? null) !== null;
}
