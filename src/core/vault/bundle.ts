/**
 * Bundles, as people call shares (kind 2): what goes into one, and its file. Nothing of the vault but the
 * chosen values, under keys of its own (docs/format.md section 6.8).
 */
import { concat, fromHex, release, toHex } from "../bytes.ts";
import type { CryptoBackend } from "../crypto/backend.ts";
import { PmError } from "../errors.ts";
import type { Random } from "../random.ts";
import type { BundleInfo } from "./bundle-info.ts";
import { indexRow, viewEntry } from "./entry-view.ts";
import { requireReopens, sealFile } from "./format.ts";
import { KIND } from "./header.ts";
import { encodeJson, type Json } from "./json.ts";
import { buildPlaintext } from "./layout.ts";
import type { EntryType } from "./model.ts";
import { nameFilter } from "./name-glob.ts";
import { encodeRecord, type EntryRecord, fieldValueJson, KEY } from "./record.ts";
import { type Stamp, writeRegister } from "./register.ts";
import { encodeRoot, type RootRecord } from "./root.ts";
import { slotBookWrite } from "./slot-book.ts";
import { canonicalField } from "./types.ts";
import { encodeIndex, type IndexRow, isLive } from "./vault-index.ts";
import { newTag } from "./version-vector.ts";

/** More would make the vault's own root record large: it remembers which entries a bundle ever had. */
const MAX_BUNDLE_ENTRIES = 1000;

export type BundleScope = Pick<BundleInfo, "only" | "fields">;

/** What a bundle has of an entry. */
export interface BundleEntry {
  readonly id: string;
  readonly path: string;
  readonly type: EntryType;
  readonly useOnly: boolean;
  /** Name and value of each field, as records have them. */
  readonly fields: readonly (readonly [name: string, value: Json])[];
  readonly hasSecret: boolean;
}

/** Entries to choose from: a draft, or an open file. */
export interface EntrySource {
  readonly rows: readonly IndexRow[];
  record(row: IndexRow): EntryRecord;
}

/**
 * The live entries that the patterns mean, with the wanted fields; an entry with none of these is left out.
 * By id, so that their order tells nothing.
 * @throws PmError "limit" where there are too many
 */
export function selectEntries(source: EntrySource, { only, fields }: BundleScope): readonly BundleEntry[] {
  const isMeant = nameFilter(only);
  const meant = source.rows.filter((row) => isLive(row) && isMeant(row[3]));
  if (meant.length > MAX_BUNDLE_ENTRIES) {
    throw new PmError("limit", `a bundle has at most ${MAX_BUNDLE_ENTRIES} entries, not ${meant.length}`, {
      hint: "narrow --only, or make several bundles",
    });
  }
  const chosen = meant.map((row) => choose(source.record(row), fields));
  const entries = chosen.filter((entry) => fields === null || entry.fields.length > 0);
  return entries.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function choose(record: EntryRecord, wanted: BundleScope["fields"]): BundleEntry {
  const { id, path, type, useOnly, fields } = viewEntry(record);
  const names = wanted?.flatMap((name) => [name, canonicalField(type, name)]);
  const kept = fields.filter(({ name }) => names?.includes(name) ?? true);
  return {
    id,
    path,
    type,
    useOnly,
    fields: kept.map((field) => [field.name, fieldValueJson(field)]),
    hasSecret: kept.some(({ concealed, text }) => concealed && text !== ""),
  };
}

/**
 * Patterns and field names that nothing answers to are mistakes of whoever makes a bundle.
 * @throws PmError "not-found"
 */
export function requireAllMeant(entries: readonly BundleEntry[], { only, fields }: BundleScope): void {
  const glob = only.find((pattern) => !entries.some(({ path }) => nameFilter([pattern])(path)));
  if (glob !== undefined) {
    const which = fields === null ? "entry" : `entry with a field ${fields.join(" or ")}`;
    throw new PmError("not-found", `no ${which} has a name like "${glob}"`, { hint: "pm ls" });
  }
  const missing = fields?.find(
    (wanted) =>
      !entries.some(({ type, fields: has }) =>
        has.some(([name]) => name === wanted || name === canonicalField(type, wanted)),
      ),
  );
  if (missing === undefined) return;
  throw new PmError("not-found", `no entry of the bundle has a field "${missing}"`, {
    hint: "pm show NAME names the fields",
  });
}

/** What tells whether a bundle would have another content than it has: 64 hex digits. */
export function digestEntries(crypto: CryptoBackend, entries: readonly BundleEntry[]): string {
  const facts = entries.map(({ id, path, type, useOnly, fields }) => [id, path, type, useOnly, fields]);
  return toHex(crypto.sha256(encodeJson(facts)));
}

/** The keys of a bundle, which stay the same as long as the vault remembers it. */
export interface BundleKeys {
  /** 32 hex digits: the vault id of its file. */
  readonly id: string;
  /** 32 bytes. */
  readonly rootKey: Uint8Array;
  /** 192 bytes: the slot of its machine token. */
  readonly slot: Uint8Array;
}

export interface BundleContent extends Pick<BundleInfo, "label" | "notAfter"> {
  readonly entries: readonly BundleEntry[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The file. Draws from `random`: the tag of its only save, 3 bytes, and the salt of the body, 24. */
export function sealBundle(
  tools: { readonly crypto: CryptoBackend; readonly random: Random },
  keys: BundleKeys,
  content: BundleContent,
): Uint8Array {
  const { rootKey, slot } = keys;
  const vaultId = fromHex(keys.id) ?? new Uint8Array(0);
  // Who writes, when and how often is the vault's business: every value has this one stamp.
  const stamp = { replica: keys.id.slice(0, 16), seq: 1, hlc: content.now };
  const plaintext = bundlePlaintext(content, { stamp, slot, tag: newTag(tools.random) });
  const parts = { kind: KIND.share, vaultId, slots: [slot], rootKey, plaintext };
  const file = sealFile(tools, parts);
  requireReopens(tools.crypto, file, parts);
  release(plaintext);
  return file;
}

function bundlePlaintext(
  content: BundleContent,
  { stamp, slot, tag }: { readonly stamp: Stamp; readonly slot: Uint8Array; readonly tag: string },
): Uint8Array<ArrayBuffer> {
  const records: Uint8Array[] = [];
  let offset = 0;
  const rows = content.entries.map((entry) => {
    const record = bundleRecord(entry, stamp);
    const bytes = encodeRecord(record);
    const row = indexRow(record, { offset, length: bytes.length });
    records.push(bytes);
    offset += bytes.length;
    return row;
  });
  const root = encodeRoot(bundleRoot(content, slot, stamp));
  const index = encodeIndex({
    generation: 1,
    hlc: stamp.hlc,
    vector: { [stamp.replica]: [[stamp.seq, tag]] },
    root: { offset, length: root.length },
    rows,
    unknown: {},
  });
  return buildPlaintext(index, [...records, root]);
}

function bundleRecord({ id, path, type, useOnly, fields }: BundleEntry, stamp: Stamp): EntryRecord {
  const values: (readonly [string, Json])[] = [
    [KEY.live, true],
    [KEY.path, path],
    [KEY.type, type],
    ...fields.map(([name, value]) => [KEY.field + name, value] as const),
    ...(useOnly ? ([[KEY.useOnly, true]] as const) : []),
  ];
  const registers = new Map(values.map(([key, value]) => [key, writeRegister(value, stamp)]));
  return { id, created: stamp.hlc, registers, history: [], unknown: {} };
}

function bundleRoot({ label, notAfter, now }: BundleContent, slot: Uint8Array, stamp: Stamp): RootRecord {
  const [key, value] = slotBookWrite(slot, { label, created: now, epoch: 1 });
  return {
    rev: 1,
    parents: [],
    keyEpoch: 1,
    registers: new Map([[key, writeRegister(value, stamp)]]),
    log: [],
    attachments: [],
    contents: [],
    keyHistory: [],
    share: { label, created: now, notAfter },
    unknown: {},
  };
}

/** The ids of entries as the vault remembers them: 16 bytes each, sorted, each once. */
export function joinIds(ids: Iterable<string>): Uint8Array {
  return concat(...[...new Set(ids)].toSorted().map((id) => fromHex(id) ?? new Uint8Array(0)));
}

/** The ids of {@link joinIds}. */
export function splitIds(bytes: Uint8Array): readonly string[] {
  return Array.from({ length: bytes.length / 16 }, (_, n) => toHex(bytes.subarray(16 * n, 16 * n + 16)));
}
