/** Giving a vault the content of another copy of it: what `pm restore FILE` does. */
import type { EditContext } from "./apply.ts";
import { compareCopies, type Difference, present } from "./compare.ts";
import type { VaultDraft } from "./draft.ts";
import { isLiveRecord, shownFact } from "./entry-view.ts";
import type { Json } from "./json.ts";
import { type EntryRecord, KEY } from "./record.ts";
import { removal, write, type Writes } from "./write.ts";

/**
 * Writes what differs, as edits: so it can be undone, and other devices take it over. Entries that the
 * copy does not have go to the trash; replaced values stay in the history.
 */
export function takeContent(
  draft: VaultDraft,
  copy: VaultDraft,
  context: EditContext,
): readonly Difference[] {
  const differences = compareCopies(draft, copy);
  draft.contents.lend(copy.contents);
  for (const { id } of differences) {
    const [record, wanted] = [draft.original(id), present(copy.original(id))];
    if (record === undefined && wanted !== undefined) addRecord(draft, wanted, context);
    else if (record !== undefined) write(draft, record, writesTo(record, wanted), context);
  }
  return differences;
}

/** One that this vault never had comes in as it is, its values written anew. */
function addRecord(draft: VaultDraft, wanted: EntryRecord, context: EditContext): void {
  const empty: EntryRecord = { ...wanted, registers: new Map() };
  write(draft, empty, writesTo(empty, wanted), context);
}

function writesTo(record: EntryRecord, wanted: EntryRecord | undefined): Writes {
  if (wanted === undefined) return new Map([[KEY.live, false]]);
  const writes = new Map<string, Json>([[KEY.live, isLiveRecord(wanted)]]);
  for (const key of new Set([...wanted.registers.keys(), ...record.registers.keys()])) {
    if (key === KEY.live || key === KEY.purged) continue;
    const value = shownFact(wanted, key) ?? removal(key)?.[1];
    if (value !== undefined && !isWritten(record, key, value)) writes.set(key, value);
  }
  return writes;
}

function isWritten(record: EntryRecord, key: string, value: Json): boolean {
  const register = record.registers.get(key);
  if (register === undefined) return false;
  return register.every((sibling) => JSON.stringify(sibling.value) === JSON.stringify(value));
}
