/**
 * A vault being changed: the whole verified content of a file, the entries that edits replaced, and
 * from both the plaintext of the next version. Unchanged records are copied as bytes, never parsed.
 */
import { PmError } from "../errors.ts";
import { damaged } from "./header.ts";
import { indexRow } from "./entry-view.ts";
import {
  buildPlaintext,
  type Extent,
  MAX_INDEX_BYTES,
  MAX_RECORD_BYTES,
  type WholeContent,
} from "./layout.ts";
import { MAX_ENTRIES } from "./model.ts";
import { Contents, type KeptContent, mentionsOf } from "./contents.ts";
import { encodeRecord, type EntryRecord, parseRecord } from "./record.ts";
import { RecordWriter } from "./record-writer.ts";
import { encodeRoot, parseRoot, type RootRecord } from "./root.ts";
import { encodeIndex, type IndexRow, isLive, parseIndex, type VaultIndex } from "./vault-index.ts";

interface Replacement {
  /** Where its record stood before; undefined for a new entry. */
  readonly original: IndexRow | undefined;
  readonly record: EntryRecord;
  readonly bytes: Uint8Array;
}

/** What becomes of index counters and root in the next version. */
export interface NextRevision {
  readonly root: RootRecord;
  /** The records of the operation log: of the current version, or new. */
  readonly log: readonly (Extent | Uint8Array)[];
  readonly index: Pick<VaultIndex, "generation" | "hlc" | "vector">;
}

/** So many lookups of a path scan the rows before a table is made. */
const MAX_SCANS = 8;

export class VaultDraft {
  readonly index: VaultIndex;
  readonly root: RootRecord;
  /** The data of attachments. */
  readonly contents: Contents;
  readonly #content: WholeContent;
  readonly #rowById = new Map<string, IndexRow>();
  readonly #replaced = new Map<string, Replacement>();
  #liveByPath: Map<string, readonly string[]> | undefined;
  #lookups = 0;

  /** @throws PmError "index-invalid" or "record-invalid" */
  constructor(content: WholeContent) {
    this.#content = content;
    this.index = parseIndex(content.index);
    this.root = parseRoot(content.record(this.index.root));
    this.contents = new Contents(this.root, (extent) => content.record(extent));
    for (const row of this.index.rows) this.#rowById.set(row[0], row);
    if (this.#rowById.size !== this.index.rows.length)
      throw damaged("index-invalid", "two entries share an id");
  }

  /** The current record of an entry, undefined where no entry has this id. */
  record(id: string): EntryRecord | undefined {
    const replaced = this.#replaced.get(id);
    if (replaced !== undefined) return replaced.record;
    return this.original(id);
  }

  /** The record of an entry as it stands in the current version. */
  original(id: string): EntryRecord | undefined {
    const bytes = this.originalBytes(id);
    return bytes === undefined ? undefined : parseRecord(bytes, id);
  }

  /** The same, not parsed. */
  originalBytes(id: string): Uint8Array | undefined {
    const row = this.#replaced.has(id) ? this.#replaced.get(id)?.original : this.#rowById.get(id);
    return row === undefined ? undefined : this.#recordAt(row);
  }

  /** The entries that were put, in the order of their first time. */
  replaced(): readonly EntryRecord[] {
    return [...this.#replaced.values()].map(({ record }) => record);
  }

  /** The records of the operation log of the current version. */
  logRecords(): readonly Uint8Array[] {
    return this.root.log.map((extent) => this.#content.record(extent));
  }

  /** Ids of the live entries at this path. */
  liveIdsAt(path: string): readonly string[] {
    this.#lookups++;
    // One edit looks once or twice: then a scan is cheaper than a table of every path.
    if (this.#lookups > MAX_SCANS) this.#liveByPath ??= this.#livePaths();
    if (this.#liveByPath !== undefined) return this.#liveByPath.get(path) ?? [];
    return [...this.#rowById.values()].filter((row) => row[3] === path && isLive(row)).map(([id]) => id);
  }

  /** Replaces or adds an entry. @throws PmError "limit" */
  put(record: EntryRecord): void {
    const bytes = encodeRecord(record);
    if (bytes.length > MAX_RECORD_BYTES) {
      throw new PmError("limit", `the entry would be larger than ${MAX_RECORD_BYTES / 1024} KiB`, {
        hint: "store large values in entries of their own",
      });
    }
    const before = this.#rowById.get(record.id);
    if (before === undefined && this.#rowById.size >= MAX_ENTRIES) {
      throw new PmError("limit", `a vault holds at most ${MAX_ENTRIES} entries`, {
        hint: "use a second vault",
      });
    }
    const after = indexRow(record, { offset: 0, length: bytes.length });
    this.#movePath(before, after);
    this.#rowById.set(record.id, after);
    const original = this.#replaced.has(record.id) ? this.#replaced.get(record.id)?.original : before;
    this.#replaced.set(record.id, { record, bytes, original });
  }

  /** The contents that the entries mention, as they are by now. */
  entryMentions(): ReadonlySet<string> {
    if (this.contents.isEmpty) return new Set();
    const records = [...this.#rowById.values()].map(
      (row) => this.#replaced.get(row[0])?.bytes ?? this.#recordAt(row),
    );
    return new Set(records.flatMap(mentionsOf));
  }

  /** The contents that a record of the operation log mentions, one of this version or a new one. */
  logMentions(part: Extent | Uint8Array): readonly string[] {
    if (this.contents.isEmpty) return [];
    return mentionsOf(part instanceof Uint8Array ? part : this.#content.record(part));
  }

  /** The padded plaintext of the next version. */
  build(next: NextRevision): Uint8Array<ArrayBuffer> {
    const records = new RecordWriter(this.#content);
    const rows = [...this.#rowById.values()].map((row) => {
      const replaced = this.#replaced.get(row[0]);
      const [offset, length] = [row[1], row[2]];
      const extent =
        replaced === undefined ? records.keep({ offset, length }) : records.append(replaced.bytes);
      return moveRow(row, extent);
    });
    const place = (part: Extent | Uint8Array): Extent =>
      part instanceof Uint8Array ? records.append(part) : records.keep(part);
    const log = next.log.map(place);
    const kept = this.#keptContents(next.log);
    const attachments = [...kept.flatMap(({ pieces }) => pieces), ...this.contents.unknown].map(place);
    const root = records.append(
      requireRecord(encodeRoot({ ...next.root, log, attachments, contents: kept })),
    );
    const index = encodeIndex({ ...next.index, root, rows, unknown: this.index.unknown });
    if (index.length > MAX_INDEX_BYTES) {
      throw new PmError(
        "limit",
        `the vault's index would be larger than ${MAX_INDEX_BYTES / 1_048_576} MiB`,
        {
          hint: "use a second vault",
        },
      );
    }
    return buildPlaintext(index, records.finish());
  }

  /** What the next version mentions anywhere; what it does not is gone. @throws PmError "record-invalid" */
  #keptContents(log: NextRevision["log"]): readonly KeptContent[] {
    for (const { bytes, original } of this.#replaced.values()) {
      const known = original === undefined ? [] : mentionsOf(this.#recordAt(original));
      const lost = mentionsOf(bytes).find(
        (sha256) => this.contents.size(sha256) === undefined && !known.includes(sha256),
      );
      if (lost !== undefined) throw damaged("record-invalid", "the data of an attachment is missing");
    }
    const mentioned = [...this.entryMentions(), ...log.flatMap((part) => this.logMentions(part))];
    return this.contents.kept(new Set(mentioned));
  }

  #recordAt([, offset, length]: IndexRow): Uint8Array {
    return this.#content.record({ offset, length });
  }

  #movePath(before: IndexRow | undefined, after: IndexRow): void {
    const paths = this.#liveByPath;
    if (paths === undefined) return;
    if (before !== undefined && isLive(before)) {
      paths.set(
        before[3],
        (paths.get(before[3]) ?? []).filter((id) => id !== before[0]),
      );
    }
    if (isLive(after)) paths.set(after[3], [...(paths.get(after[3]) ?? []), after[0]]);
  }

  #livePaths(): Map<string, readonly string[]> {
    const paths = new Map<string, readonly string[]>();
    for (const row of this.#rowById.values()) {
      if (isLive(row)) paths.set(row[3], [...(paths.get(row[3]) ?? []), row[0]]);
    }
    return paths;
  }
}

/** @throws PmError "limit" where no reader would take the root record */
function requireRecord(root: Uint8Array): Uint8Array {
  if (root.length <= MAX_RECORD_BYTES) return root;
  throw new PmError("limit", "the vault would remember too many bundles and attachments", {
    hint: "forget some: pm bundle rm ID",
  });
}

/** The same row where nothing moved: most rows, and then nothing is copied. */
function moveRow(row: IndexRow, extent: Extent): IndexRow {
  if (row[1] === extent.offset && row[2] === extent.length) return row;
  const [id, , , ...rest] = row;
  return [id, extent.offset, extent.length, ...rest];
}
