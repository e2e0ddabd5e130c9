/** Merging another copy of a vault into a draft: entries, slots, root key, log. */
import { equalBytes } from "../bytes.ts";
import type { CryptoBackend } from "../crypto/backend.ts";
import { PmError } from "../errors.ts";
import { byPath, type Difference, differenceOf, nameOf, present } from "./compare.ts";
import type { VaultDraft } from "./draft.ts";
import { isConflict, isLiveRecord, isPurgedRecord, viewEntry } from "./entry-view.ts";
import type { Header } from "./header.ts";
import { mergeRecords, mergeRegisters, mergeUnknown, type Sides } from "./merge.ts";
import { mergedKey, mergeSlots } from "./merge-slots.ts";
import { type Operation, parseLog, withoutEntries, withoutImages } from "./op-log.ts";
import { encodeRecord, type EntryRecord, KEY } from "./record.ts";
import type { Register } from "./register.ts";
import type { Outcome } from "./revision.ts";
import type { RootRecord } from "./root.ts";
import { joinVectors, knowledge, type VersionVector } from "./version-vector.ts";

/** One copy of a vault, opened and wholly verified. */
export interface Copy {
  readonly header: Header;
  readonly draft: VaultDraft;
  readonly rootKey: Uint8Array;
  /** SHA-256 of the file. */
  readonly hash: Uint8Array;
}

/** An entry whose register holds different values of two devices. */
export interface Divided {
  readonly id: string;
  readonly path: string;
  /** As in {@link Difference}. */
  readonly names: readonly string[];
}

export interface MergeReport {
  /** False where the other copy has nothing that this one does not know: then nothing is saved. */
  readonly isNew: boolean;
  /** What becomes of this copy's entries, by path, as are all that follow. */
  readonly changes: readonly Difference[];
  /** Entries that are divided after the merge. */
  readonly conflicts: readonly Divided[];
  /** Paths of entries that were edited in one copy and deleted in the other: they stay. */
  readonly revived: readonly string[];
  /** Replica ids that two machines wrote under. */
  readonly forked: readonly string[];
  /** Labels of slots that open no longer, because the other copy has a newer root key (or this one has). */
  readonly droppedSlots: readonly string[];
}

/**
 * Puts what the other copy has written into the draft.
 * @throws PmError "conflict" where it is another vault, "corrupt" where its root key does not follow from
 * this one's, "limit" where a reader would refuse the result
 */
export function mergeCopy(
  crypto: CryptoBackend,
  here: Copy,
  other: Copy,
): { readonly outcome: Outcome; readonly report: MergeReport } {
  requireMergeable(here, other);
  const [a, b] = [here.draft, other.draft];
  a.contents.lend(b.contents);
  const sides = {
    bKnows: knowledge(a.index.vector, b.index.vector),
    aKnows: knowledge(b.index.vector, a.index.vector),
  };
  const entries = mergeEntries(a, b, sides);
  const { choice, ...renewal } = mergedKey(crypto, here, other);
  const vector = joinVectors(a.index.vector, b.index.vector);
  const root = mergeRoot(a.root, b.root, sides);
  const { slots, dropped } = mergeSlots(here, other, { choice, root });
  const operations = otherOperations(a, b, sides);
  const outcome: Outcome = {
    slots,
    erased: entries.erased,
    renewal,
    merged: { vector, root, index: b.index, hash: other.hash, operations },
  };
  const { changes, conflicts, revived } = entries;
  const isNew = !sameVector(vector, a.index.vector) || changes.length > 0;
  return {
    outcome,
    report: { isNew, changes, conflicts, revived, forked: forkedIn(vector), droppedSlots: dropped },
  };
}

function requireMergeable(here: Copy, other: Copy): void {
  requireSameVault(here.header, other.header);
  if (other.draft.contents.unknown.length === 0) return;
  throw new PmError("conflict", "the other copy has data that this version of pm can't merge", {
    hint: "use a newer version of pm",
  });
}

/** @throws PmError "conflict" */
export function requireSameVault(here: Header, other: Header): void {
  if (equalBytes(here.vaultId, other.vaultId)) return;
  throw new PmError("conflict", "this is a copy of another vault", {
    hint: "name a copy of this vault; pm status says which one this is",
  });
}

interface MergedEntries extends Pick<MergeReport, "changes" | "conflicts" | "revived"> {
  /** Entries of which the other copy erased values, be it that an edit which did not know of it saved others. */
  readonly erased: readonly string[];
}

function mergeEntries(a: VaultDraft, b: VaultDraft, sides: Sides): MergedEntries {
  const [changes, conflicts, revived, erased]: [Difference[], Divided[], string[], string[]] = [
    [],
    [],
    [],
    [],
  ];
  for (const [id] of b.index.rows) {
    const [mine, theirs] = [a.originalBytes(id), b.originalBytes(id)];
    if (mine !== undefined && theirs !== undefined && equalBytes(mine, theirs)) continue;
    const [before, record] = [a.original(id), b.original(id)];
    if (record === undefined) continue;
    const merged = before === undefined ? record : mergeRecords(before, record, sides);
    if (mine !== undefined && equalBytes(mine, encodeRecord(merged))) continue;
    a.put(merged);
    const difference = differenceOf(present(before), present(merged));
    if (difference !== undefined) changes.push(difference);
    if (before !== undefined && erasures(record).some((erasure) => !sides.aKnows(erasure))) erased.push(id);
    if (isRevived(merged)) revived.push(viewEntry(merged).path);
  }
  for (const record of a.replaced()) conflicts.push(...dividedOf(record));
  return { changes: byPath(changes), conflicts: byPath(conflicts), revived: revived.toSorted(), erased };
}

/** What says that an entry was erased, or that it was and has content again. */
function erasures({ registers }: EntryRecord): Register {
  return registers.get(KEY.purged) ?? [];
}

/** Deleted in one copy, and edited in the other by somebody who did not know. */
function isRevived(record: EntryRecord): boolean {
  const live = record.registers.get(KEY.live) ?? [];
  return isLiveRecord(record) && live.some(({ value }) => value === false);
}

/** The registers of an entry that people have to choose a value for. */
function dividedOf(record: EntryRecord): Divided[] {
  const names = [...record.registers].filter(([key, register]) => isConflict(key, register));
  if (names.length === 0 || isPurgedRecord(record)) return [];
  return [{ id: record.id, path: viewEntry(record).path, names: names.map(([key]) => nameOf(key)) }];
}

function mergeRoot(a: RootRecord, b: RootRecord, sides: Sides): RootRecord {
  const registers = mergeRegisters(a.registers, b.registers, sides);
  return { ...a, registers, unknown: mergeUnknown(a.unknown, b.unknown) };
}

/**
 * What the other copy's log says and this one's does not, without what it replaced: the merge itself can be
 * undone. Of entries that were ever erased, by whichever side, it says nothing: not their old names.
 */
function otherOperations(a: VaultDraft, b: VaultDraft, { aKnows }: Sides): readonly Operation[] {
  const operations = parseLog(b.logRecords()).filter((operation) => !aKnows(operation));
  const ids = new Set(operations.flatMap(({ images }) => images.map(({ id }) => id)));
  const gone = new Set([...ids].filter((id) => wasErased(a.record(id))));
  return operations
    .map((operation) => withoutImages(withoutEntries(operation, gone)))
    .map((operation): Operation => ({ ...operation, kind: "merged" }));
}

function wasErased(record: EntryRecord | undefined): boolean {
  return record === undefined || erasures(record).length > 0;
}

function forkedIn(vector: VersionVector): readonly string[] {
  return Object.entries(vector).flatMap(([replica, branches]) => (branches.length > 1 ? [replica] : []));
}

function sameVector(a: VersionVector, b: VersionVector): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((replica) => JSON.stringify(a[replica]) === JSON.stringify(b[replica]))
  );
}
