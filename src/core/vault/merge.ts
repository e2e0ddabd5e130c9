/**
 * Merging two copies of a vault, register by register (docs/format.md section 6.7): what one copy has
 * overwritten is dropped, what was written on both sides unseen stays as siblings. Nothing outside of the
 * two records is looked at, so the order of merges does not matter.
 */
import { isPurgedRecord } from "./entry-view.ts";
import { boundHistory } from "./history.ts";
import type { Json, JsonObject } from "./json.ts";
import { type EntryRecord, historyJson, type HistoryRecord, KEY } from "./record.ts";
import { compareSiblings, type Register, type Sibling } from "./register.ts";
import type { Dot } from "./version-vector.ts";

/** What each side knows of the other's writes: see `knowledge` in version-vector.ts. */
export interface Sides {
  /** Whether side B knows what side A wrote at this dot. */
  readonly bKnows: (dot: Dot) => boolean;
  readonly aKnows: (dot: Dot) => boolean;
}

type Registers = ReadonlyMap<string, Register>;

/** The registers of both sides. One that a side lacks is kept: absence is never a deletion. */
export function mergeRegisters(a: Registers, b: Registers, sides: Sides): Map<string, Register> {
  const merged = new Map<string, Register>();
  const [first, second] = inOrder(a, b);
  for (const key of [...first.keys(), ...second.keys()]) {
    if (merged.has(key)) continue;
    const [x, y] = [a.get(key), b.get(key)];
    merged.set(key, x === undefined || y === undefined ? (x ?? y ?? []) : mergeRegister(x, y, sides));
  }
  return merged;
}

/** The order of the keys is the same whichever side comes first: the longer list leads. */
function inOrder(a: Registers, b: Registers): readonly [Registers, Registers] {
  if (a.size !== b.size) return a.size > b.size ? [a, b] : [b, a];
  return [...a.keys()].join("\n") <= [...b.keys()].join("\n") ? [a, b] : [b, a];
}

/** Keeps what both have, and what one has and the other has not seen; the newest first. */
function mergeRegister(a: Register, b: Register, { aKnows, bKnows }: Sides): Register {
  const has = (register: Register, sibling: Sibling): boolean =>
    register.some((other) => isSame(other, sibling));
  const kept = [
    ...a.filter((sibling) => has(b, sibling) || !bKnows(sibling)),
    ...b.filter((sibling) => !has(a, sibling) && !aKnows(sibling)),
  ];
  // Each side overwrote what the other wrote: only files that break the rules do that. Nothing is lost.
  const all = kept.length > 0 ? kept : [...a, ...b];
  return all.toSorted((x, y) => compareSiblings(y, x));
}

function isSame(a: Sibling, b: Sibling): boolean {
  return (
    a.seq === b.seq &&
    a.replica === b.replica &&
    a.hlc === b.hlc &&
    JSON.stringify(a.value) === JSON.stringify(b.value)
  );
}

/** Two records of one entry as one. */
export function mergeRecords(a: EntryRecord, b: EntryRecord, sides: Sides): EntryRecord {
  const registers = mergeRegisters(a.registers, b.registers, sides);
  const merged: EntryRecord = {
    id: a.id,
    created: Math.min(a.created, b.created),
    registers,
    history: mergeHistory(a, b, sides),
    unknown: mergeUnknown(a.unknown, b.unknown),
  };
  return isPurgedRecord(merged) ? { ...merged, history: [] } : boundHistory(merged);
}

/** All of both, by the time of writing where they differ. */
function mergeHistory(a: EntryRecord, b: EntryRecord, { aKnows, bKnows }: Sides): readonly HistoryRecord[] {
  const left = withoutErased(a, b, { aKnows, bKnows });
  const right = withoutErased(b, a, { aKnows: bKnows, bKnows: aKnows });
  if (left.length === right.length && left.every((item, n) => isSameItem(item, right[n]))) return left;
  const items = new Map([...left, ...right].map((item) => [itemText(item), item]));
  return [...items.values()].toSorted((x, y) => compareSiblings(x, y) || (x.key < y.key ? -1 : 1));
}

/**
 * The history of `a`, but for what `b` erased: where it has seen an erasure (or the end of one) that `a` has
 * not, what it knew and has nowhere any more.
 */
function withoutErased(a: EntryRecord, b: EntryRecord, { aKnows, bKnows }: Sides): readonly HistoryRecord[] {
  const erasures = b.registers.get(KEY.purged) ?? [];
  if (erasures.every((erasure) => aKnows(erasure))) return a.history;
  return a.history.filter((item) => !bKnows(item) || hasItem(b, item));
}

function hasItem({ history, registers }: EntryRecord, item: HistoryRecord): boolean {
  const register = registers.get(item.key) ?? [];
  return (
    history.some((other) => isSameItem(other, item)) || register.some((sibling) => isSame(sibling, item))
  );
}

function isSameItem(a: HistoryRecord, b: HistoryRecord | undefined): boolean {
  return b !== undefined && a.key === b.key && isSame(a, b);
}

function itemText(item: HistoryRecord): string {
  return JSON.stringify(historyJson(item));
}

/** Members of a later version: of two values the greater text, so that both sides choose the same. */
export function mergeUnknown(a: JsonObject, b: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const own = merged[key];
    if (own === undefined || JSON.stringify(value) > JSON.stringify(own)) merged[key] = value;
  }
  return merged;
}
