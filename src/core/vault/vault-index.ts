/** The index: what listing and searching need, without a secret (docs/format.md section 6.2). */
import { fromUtf8 } from "../bytes.ts";
import type { PmError } from "../errors.ts";
import { damaged } from "./header.ts";
import {
  encodeJson,
  isArray,
  isCount,
  isObject,
  isString,
  type Json,
  type JsonObject,
  parseJson,
  requireLimits,
  requireMembers,
} from "./json.ts";
import type { Extent } from "./layout.ts";
import { ENTRY_TYPES, MAX_ENTRIES, type Row } from "./model.ts";
import { ENTRY_ID } from "./record.ts";
import { parseVersionVector, type VersionVector } from "./version-vector.ts";

/** Bits of a row's flags; the type's number stands in bits 8 to 11. */
const FLAG = { trashed: 1, purged: 2, favourite: 4, otp: 8, conflict: 16 };
const TYPE_SHIFT = 8;
const TYPE_MASK = 15;

/** id, offset, length, path, user name, hosts, tags, flags, modified; later versions may add columns. */
export type IndexRow = readonly [
  id: string,
  offset: number,
  length: number,
  path: string,
  username: string,
  hosts: readonly string[],
  tags: readonly string[],
  flags: number,
  modified: number,
  ...later: Json[],
];

export interface VaultIndex {
  /** Saves since the beginning, over all replicas; the root record's `rev`. */
  readonly generation: number;
  /** The highest hybrid logical clock in the vault. */
  readonly hlc: number;
  readonly vector: VersionVector;
  readonly root: Extent;
  readonly rows: readonly IndexRow[];
  readonly unknown: JsonObject;
}

const invalid = (rule: string): PmError => damaged("index-invalid", `the vault's index is invalid: ${rule}`);

const MEMBERS = ["v", "gen", "hlc", "vv", "root", "e"];
const KNOWN_COLUMNS = 9;
/** A column stands in a row, in the list of rows, in the index. */
const COLUMN_DEPTH = 4;

/** @throws PmError "index-invalid" */
export function parseIndex(bytes: Uint8Array): VaultIndex {
  const text = fromUtf8(bytes);
  if (text === undefined) throw invalid("it is not UTF-8");
  const json = parseJson(text, invalid);
  if (!isObject(json)) throw invalid("it is not an object");
  requireMembers(json, MEMBERS, invalid);
  const { v, gen, hlc, vv, root, e, ...unknown } = json;
  requireLimits(unknown, 1, invalid);
  if (v !== 1) throw invalid("its version is unknown");
  const vector = parseVersionVector(vv);
  if (!isCount(gen) || gen < 1 || !isCount(hlc) || vector === undefined)
    throw invalid("its counters are malformed");
  if (!isArray(root) || root.length !== 2) throw invalid("its root is malformed");
  const [offset, length] = root;
  if (!isCount(offset) || !isCount(length)) throw invalid("its root is malformed");
  if (!isArray(e) || e.length > MAX_ENTRIES)
    throw invalid(`it has no list of at most ${MAX_ENTRIES} entries`);
  for (const row of e) if (!isRow(row)) throw invalid("an entry is malformed");
  return {
    generation: gen,
    hlc,
    vector,
    root: { offset, length },
    rows: e as unknown as IndexRow[],
    unknown,
  };
}

function isRow(row: Json): boolean {
  if (!isArray(row) || row.length < KNOWN_COLUMNS) return false;
  for (let n = KNOWN_COLUMNS; n < row.length; n++) requireLimits(row[n] ?? null, COLUMN_DEPTH, invalid);
  const [id, offset, length, path, username, hosts, tags, flags, modified] = row;
  return (
    isString(id) &&
    ENTRY_ID.test(id) &&
    isCount(offset) &&
    isCount(length) &&
    isString(path) &&
    isString(username) &&
    isArray(hosts) &&
    hosts.every(isString) &&
    isArray(tags) &&
    tags.every(isString) &&
    isCount(flags) &&
    isCount(modified)
  );
}

export function encodeIndex(index: VaultIndex): Uint8Array {
  const { generation, hlc, vector, root, rows, unknown } = index;
  return encodeJson({
    v: 1,
    gen: generation,
    hlc,
    vv: vector as unknown as Json,
    root: [root.offset, root.length],
    e: rows as unknown as Json,
    ...unknown,
  });
}

export function rowFlags(row: Row, purged: boolean): number {
  return (
    (row.trashed ? FLAG.trashed : 0) |
    (purged ? FLAG.purged : 0) |
    (row.favourite ? FLAG.favourite : 0) |
    (row.hasOtp ? FLAG.otp : 0) |
    (row.conflict ? FLAG.conflict : 0) |
    (ENTRY_TYPES.indexOf(row.type) << TYPE_SHIFT)
  );
}

export function isTrashed(row: IndexRow): boolean {
  return (row[7] & (FLAG.trashed | FLAG.purged)) === FLAG.trashed;
}

export function isPurged(row: IndexRow): boolean {
  return (row[7] & FLAG.purged) !== 0;
}

/** Neither in the trash nor erased. */
export function isLive(row: IndexRow): boolean {
  return (row[7] & (FLAG.trashed | FLAG.purged)) === 0;
}

export function viewRow(row: IndexRow): Row {
  const flags = row[7];
  return {
    id: row[0],
    path: row[3],
    username: row[4],
    hosts: row[5],
    tags: row[6],
    // A type of a later version.
    type: ENTRY_TYPES[(flags >> TYPE_SHIFT) & TYPE_MASK] ?? "custom",
    trashed: (flags & FLAG.trashed) !== 0,
    favourite: (flags & FLAG.favourite) !== 0,
    hasOtp: (flags & FLAG.otp) !== 0,
    conflict: (flags & FLAG.conflict) !== 0,
    modified: row[8],
  };
}

/** The row as this version would write it: the type of a later version, which its record names too, as custom. */
export function knownColumns(row: IndexRow): IndexRow {
  const type = (row[7] >> TYPE_SHIFT) & TYPE_MASK;
  if (type < ENTRY_TYPES.length) return row;
  const [id, offset, length, path, username, hosts, tags, flags, ...rest] = row;
  return [id, offset, length, path, username, hosts, tags, flags & ~(TYPE_MASK << TYPE_SHIFT), ...rest];
}
