/**
 * A vault of its own with the entries of another one (docs/export.md): their records are copied as they are, so
 * that histories, times, the trash and conflicts stay. Keys, the log and what is remembered of bundles don't.
 */
import { release } from "../bytes.ts";
import { PmError } from "../errors.ts";
import { Contents, mentionsOf } from "./contents.ts";
import { isUseOnlyRecord } from "./entry-view.ts";
import { requireReopens, type SealParts, sealFile } from "./format.ts";
import { KIND } from "./header.ts";
import { buildPlaintext, type Content, type Extent } from "./layout.ts";
import { nameFilter } from "./name-glob.ts";
import { parseRecord } from "./record.ts";
import { writeRegister } from "./register.ts";
import { newReplica, type Tools } from "./revision.ts";
import { encodeRoot, type RootRecord } from "./root.ts";
import type { NewSlot } from "./session.ts";
import { slotBookWrite } from "./slot-book.ts";
import { useOnly } from "./use-only.ts";
import { encodeIndex, type IndexRow, isPurged, isTrashed, type VaultIndex } from "./vault-index.ts";
import { addSave, newTag } from "./version-vector.ts";

/** What is wanted of an export. */
export interface NewExport {
  /** Patterns of names; none means all entries. */
  readonly only: readonly string[];
  /** What opens it; its secrets stay the caller's. */
  readonly slot: NewSlot;
}

export interface SealedExport {
  /** The whole file. */
  readonly file: Uint8Array;
  readonly entries: number;
  readonly trashed: number;
}

/** What a session does for an export. */
export interface ExportSession {
  /**
   * Seals the entries that are meant, those in the trash too, as a vault of its own; its file is the caller's to
   * write.
   * @throws PmError "not-found" where a pattern means no entry; "use-only"; "limit"
   */
  sealExport(wanted: NewExport): Promise<SealedExport>;
}

/** An open vault to take entries from. */
export interface ExportSource {
  readonly index: VaultIndex;
  readonly content: Content;
  readonly root: RootRecord;
}

/**
 * The rows that `only` means, of those in the trash, too.
 * @throws PmError "not-found" where a pattern means nothing, "use-only" where the session was not confirmed
 */
export function selectForExport(
  { index, content }: Pick<ExportSource, "index" | "content">,
  { only, isConfirmed }: { readonly only: readonly string[]; readonly isConfirmed: boolean },
): readonly IndexRow[] {
  const kept = index.rows.filter((row) => !isPurged(row));
  requireEachMeans(
    only,
    kept.map((row) => row[3]),
  );
  const rows = only.length === 0 ? kept : kept.filter((row) => nameFilter(only)(row[3]));
  if (!isConfirmed) for (const row of rows) requireFree(row, content);
  return rows;
}

/** @throws PmError "not-found" naming a pattern that means none of the paths */
export function requireEachMeans(only: readonly string[], paths: readonly string[]): void {
  const idle = only.find((glob) => {
    const isMeant = nameFilter([glob]);
    return !paths.some(isMeant);
  });
  if (idle === undefined) return;
  throw new PmError("not-found", `no entry has a name like "${idle}"`, { hint: "pm ls" });
}

function requireFree([id, offset, length, path]: IndexRow, content: Content): void {
  if (isUseOnlyRecord(parseRecord(content.record({ offset, length }), id))) throw useOnly(path);
}

/** The keys of an export: new ones. */
export interface ExportKeys extends Pick<SealParts, "vaultId" | "rootKey"> {
  /** 192 bytes: its only slot. */
  readonly slot: Uint8Array;
  /** Of the slot. */
  readonly label: string;
}

/** The file. Draws from `random`: a replica id, 8 bytes, the tag of its only save, 3, and the salt of the body, 24. */
export function sealExport(
  tools: Tools,
  source: ExportSource,
  { rows, keys }: { readonly rows: readonly IndexRow[]; readonly keys: ExportKeys },
): SealedExport {
  const plaintext = exportPlaintext(tools, source, { rows, keys });
  const { vaultId, rootKey, slot } = keys;
  const parts = { kind: KIND.vault, vaultId, slots: [slot], rootKey, plaintext };
  try {
    const file = sealFile(tools, parts);
    requireReopens(tools.crypto, file, parts);
    const trashed = rows.filter(isTrashed).length;
    return { file, entries: rows.length - trashed, trashed };
  } finally {
    release(plaintext);
  }
}

function exportPlaintext(
  { random, now }: Tools,
  { index, content, root: from }: ExportSource,
  { rows, keys }: { readonly rows: readonly IndexRow[]; readonly keys: ExportKeys },
): Uint8Array<ArrayBuffer> {
  const created = now();
  const stamp = { replica: newReplica(random), seq: 1, hlc: Math.max(created, index.hlc + 1) };
  const records: Uint8Array[] = [];
  let end = 0;
  const add = (bytes: Uint8Array): Extent => {
    records.push(bytes);
    end += bytes.length;
    return { offset: end - bytes.length, length: bytes.length };
  };
  const copied = rows.map(([id, start, size, ...facts]): IndexRow => {
    const { offset, length } = add(content.record({ offset: start, length: size }));
    return [id, offset, length, ...facts];
  });
  const kept = new Contents(from, content.record).kept(new Set(records.flatMap(mentionsOf)));
  const pieces = kept.flatMap((one) => one.pieces);
  const attachments = pieces.map((piece) => add(piece instanceof Uint8Array ? piece : content.record(piece)));
  const [key, value] = slotBookWrite(keys.slot, { label: keys.label, created, epoch: 1 });
  const registers = new Map([[key, writeRegister(value, stamp)]]);
  const root = add(encodeRoot({ ...EMPTY_ROOT, registers, attachments, contents: kept }));
  const encoded = encodeIndex({
    generation: 1,
    hlc: stamp.hlc,
    // Of the saves that the records tell of, so that their dots mean what they meant.
    vector: addSave(index.vector, stamp.replica, newTag(random)),
    root,
    rows: copied,
    unknown: {},
  });
  return buildPlaintext(encoded, records);
}

const EMPTY_ROOT: RootRecord = {
  rev: 1,
  parents: [],
  keyEpoch: 1,
  registers: new Map(),
  log: [],
  attachments: [],
  contents: [],
  keyHistory: [],
  unknown: {},
};
