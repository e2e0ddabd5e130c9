/** The deep check: every record parsed, the index held against the records, nothing left over. */
import { encodeIndex, isLive, isTrashed, parseIndex, type IndexRow, knownColumns } from "./vault-index.ts";
import { equalBytes, toHex } from "../bytes.ts";
import type { CryptoBackend } from "../crypto/backend.ts";
import { mentionsOf, storedContents } from "./contents.ts";
import { damaged } from "./header.ts";
import { indexRow } from "./entry-view.ts";
import type { Content, Extent } from "./layout.ts";
import { parseLog } from "./op-log.ts";
import { contentRef, KEY, parseRecord } from "./record.ts";
import { parseRoot, type RootRecord } from "./root.ts";

export interface ContentReport {
  readonly entries: number;
  readonly trashed: number;
  /** Entries, tombstones, the root and what it lists. */
  readonly records: number;
}

/** The same of a file. */
export interface VerifyReport extends ContentReport {
  readonly chunks: number;
  readonly fileBytes: number;
}

/** @throws PmError "index-invalid" or "record-invalid", naming the entry by its id */
export function verifyContent(crypto: CryptoBackend, content: Content): ContentReport {
  const index = parseIndex(content.index);
  if (!equalBytes(encodeIndex(index), content.index)) {
    throw damaged("index-invalid", "the vault's index is not in canonical form");
  }
  const root = parseRoot(content.record(index.root));
  if (root.rev !== index.generation)
    throw damaged("index-invalid", "index and root record disagree on the revision");
  const ids = new Set<string>();
  for (const row of index.rows) {
    if (ids.has(row[0])) throw damaged("index-invalid", `two entries have the id ${row[0]}`);
    ids.add(row[0]);
    requireMatch(row, content);
  }
  parseLog(root.log.map((extent) => content.record(extent)));
  const whole = wholeContents(crypto, root, content);
  for (const row of index.rows) requireData(row, { content, whole });
  const extents = [
    ...index.rows.map(([, offset, length]) => ({ offset, length })),
    index.root,
    ...root.log,
    ...root.attachments,
  ];
  requireCoverage(extents, content.layout.recordsLength);
  return {
    entries: index.rows.filter(isLive).length,
    trashed: index.rows.filter(isTrashed).length,
    records: extents.length,
  };
}

function requireMatch(row: IndexRow, content: Content): void {
  const [id, offset, length] = row;
  const fresh = indexRow(parseRecord(content.record({ offset, length }), id), { offset, length });
  if (JSON.stringify(fresh) !== JSON.stringify(knownColumns(row).slice(0, fresh.length))) {
    throw damaged("index-invalid", `the index does not match the record of entry ${id}`);
  }
}

/** The sizes of the contents by their hashes, each hashed anew. */
function wholeContents(
  crypto: CryptoBackend,
  root: RootRecord,
  content: Content,
): ReadonlyMap<string, number> {
  const stored = storedContents(root);
  for (const [sha256, { pieces }] of stored) {
    if (toHex(crypto.sha256(...pieces.map((extent) => content.record(extent)))) !== sha256)
      throw damaged("record-invalid", "the data of an attachment is not what its hash says");
  }
  return new Map(root.contents.map(({ sha256, size }) => [sha256, size]));
}

/** What an entry has attached is there, with all its siblings. */
function requireData(
  [id, offset, length]: IndexRow,
  { content, whole }: { readonly content: Content; readonly whole: ReadonlyMap<string, number> },
): void {
  const bytes = content.record({ offset, length });
  if (mentionsOf(bytes).length === 0) return;
  for (const [key, register] of parseRecord(bytes, id).registers) {
    const refs = key.startsWith(KEY.attachment) ? register.map(({ value }) => contentRef(value)) : [];
    const isThere = refs.every((ref) => ref === undefined || whole.get(ref.sha256) === ref.size);
    if (!isThere) throw damaged("record-invalid", `the data of an attachment of entry ${id} is missing`);
  }
}

/** The records lie one behind the other: no byte twice, none that nothing points at. */
function requireCoverage(extents: readonly Extent[], recordsLength: number): void {
  let end = 0;
  for (const { offset, length } of extents.toSorted((a, b) => a.offset - b.offset)) {
    if (offset !== end)
      throw damaged("index-invalid", "the records overlap, or leave bytes that belong to none");
    end = offset + length;
  }
  if (end !== recordsLength) throw damaged("index-invalid", "the records leave bytes that belong to none");
}
