/** What differs between two copies of a vault, by content: dots and times do not count. */
import { equalBytes } from "../bytes.ts";
import type { VaultDraft } from "./draft.ts";
import { isLiveRecord, isPurgedRecord, shownFact, viewEntry } from "./entry-view.ts";
import type { Json } from "./json.ts";
import { type EntryRecord, KEY } from "./record.ts";

/** One entry that is not the same in both. */
export interface Difference {
  readonly id: string;
  readonly path: string;
  /** "added" is only in the other copy, "removed" only in this one. */
  readonly kind: "added" | "removed" | "changed";
  /** Fields and facts that differ: "password", "path", "tag:work", "attachment:key.pem", "trash". */
  readonly names: readonly string[];
}

/** What would have to be done to this vault to give it the other's content, by path. */
export function compareCopies(here: VaultDraft, other: VaultDraft): readonly Difference[] {
  const ids = new Set([...here.index.rows, ...other.index.rows].map(([id]) => id));
  const differences: Difference[] = [];
  for (const id of ids) {
    const difference = compareEntry(id, here, other);
    if (difference !== undefined) differences.push(difference);
  }
  return byPath(differences);
}

/** A copy, sorted. */
export function byPath<T extends { readonly path: string }>(items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
}

function compareEntry(id: string, here: VaultDraft, other: VaultDraft): Difference | undefined {
  const [x, y] = [here.originalBytes(id), other.originalBytes(id)];
  if (x !== undefined && y !== undefined && equalBytes(x, y)) return undefined;
  const [before, after] = [present(here.original(id)), present(other.original(id))];
  // What the other copy does not have belongs in the trash: there is nothing left to do.
  if (after === undefined && before !== undefined && !isLiveRecord(before)) return undefined;
  return differenceOf(before, after);
}

/** A tombstone is no entry. */
export function present(record: EntryRecord | undefined): EntryRecord | undefined {
  return record === undefined || isPurgedRecord(record) ? undefined : record;
}

/** What makes `after` another entry than `before`; undefined where nothing that people see does. */
export function differenceOf(
  before: EntryRecord | undefined,
  after: EntryRecord | undefined,
): Difference | undefined {
  const record = after ?? before;
  if (record === undefined) return undefined;
  const { id, path } = viewEntry(record);
  if (before === undefined) return { id, path, kind: "added", names: [] };
  if (after === undefined) return { id, path, kind: "removed", names: [] };
  const keys = new Set([...before.registers.keys(), ...after.registers.keys()]);
  const names = [...keys].filter((key) => !sameShown(key, before, after)).map(nameOf);
  if (isLiveRecord(before) !== isLiveRecord(after)) names.push("trash");
  return names.length === 0 ? undefined : { id, path, kind: "changed", names };
}

function sameShown(key: string, a: EntryRecord, b: EntryRecord): boolean {
  if (key === KEY.live || key === KEY.purged) return true;
  return JSON.stringify(valueOf(key, a)) === JSON.stringify(valueOf(key, b));
}

/** One that was removed, or never written, is none. */
function valueOf(key: string, record: EntryRecord): Json {
  const value = shownFact(record, key) ?? null;
  return value === false ? null : value;
}

/** The name of a register for people: a field's name, "tag:NAME", "attachment:NAME", or the fact. */
export function nameOf(key: string): string {
  if (key.startsWith(KEY.field)) return key.slice(KEY.field.length);
  if (key.startsWith(KEY.tag)) return `tag:${key.slice(KEY.tag.length)}`;
  if (key.startsWith(KEY.attachment)) return `attachment:${key.slice(KEY.attachment.length)}`;
  return key.replace(/^m:/, "");
}
