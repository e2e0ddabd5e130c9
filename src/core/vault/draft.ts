/**
 * A vault being changed: the whole verified content of a file, the entries that edits replaced, and
 * from both the plaintext of the next version. Unchanged records are copied as bytes, never parsed.
 */
import { PmError } from "../errors.ts";
import { damaged } from "./header.ts";
import { indexRow } from "./entry-view.ts";
import { buildPlaintext, type Content, type Extent, MAX_INDEX_BYTES, MAX_RECORD_BYTES } from "./layout.ts";
import { MAX_ENTRIES } from "./model.ts";
import { encodeRecord, type EntryRecord, parseRecord } from "./record.ts";
import { encodeRoot, parseRoot, type RootRecord } from "./root.ts";
import { encodeIndex, type IndexRow, isLive, parseIndex, type VaultIndex } from "./vault-index.ts";

interface Replacement {
  readonly record: EntryRecord;
  readonly bytes: Uint8Array;
}

/** What becomes of index counters and root in the next version. */
export interface NextRevision {
  readonly root: RootRecord;
  readonly index: Pick<VaultIndex, "generation" | "hlc" | "vector">;
}

export class VaultDraft {
  readonly index: VaultIndex;
  readonly root: RootRecord;
  readonly #content: Content;
  readonly #rowById = new Map<string, IndexRow>();
  readonly #replaced = new Map<string, Replacement>();
  #liveByPath: Map<string, Set<string>> | undefined;

  /** @throws PmError "index-invalid" or "record-invalid" */
  constructor(content: Content) {
    this.#content = content;
    this.index = parseIndex(content.index);
    this.root = parseRoot(content.record(this.index.root));
    for (const row of this.index.rows) this.#rowById.set(row[0], row);
    if (this.#rowById.size !== this.index.rows.length)
      throw damaged("index-invalid", "two entries share an id");
  }

  /** The current record of an entry, undefined where no entry has this id. */
  record(id: string): EntryRecord | undefined {
    const replaced = this.#replaced.get(id);
    if (replaced !== undefined) return replaced.record;
    const row = this.#rowById.get(id);
    if (row === undefined) return undefined;
    return parseRecord(this.#content.record({ offset: row[1], length: row[2] }), id);
  }

  /** Ids of the live entries at this path. */
  liveIdsAt(path: string): readonly string[] {
    return [...(this.#livePaths().get(path) ?? [])];
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
    const paths = this.#livePaths();
    if (before !== undefined && isLive(before)) paths.get(before[3])?.delete(record.id);
    if (isLive(after)) paths.set(after[3], (paths.get(after[3]) ?? new Set()).add(record.id));
    this.#rowById.set(record.id, after);
    this.#replaced.set(record.id, { record, bytes });
  }

  /** The padded plaintext of the next version. */
  build(next: NextRevision): Uint8Array {
    const records: Uint8Array[] = [];
    let offset = 0;
    const append = (bytes: Uint8Array): Extent => {
      records.push(bytes);
      offset += bytes.length;
      return { offset: offset - bytes.length, length: bytes.length };
    };
    const keep = (extent: Extent): Extent => append(this.#content.record(extent));
    const rows = [...this.#rowById.values()].map((row): IndexRow => {
      const replaced = this.#replaced.get(row[0]);
      const extent =
        replaced === undefined ? keep({ offset: row[1], length: row[2] }) : append(replaced.bytes);
      const [id, , , ...rest] = row;
      return [id, extent.offset, extent.length, ...rest];
    });
    const log = next.root.log.map(keep);
    const attachments = next.root.attachments.map(keep);
    const root = append(encodeRoot({ ...next.root, log, attachments }));
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
    return buildPlaintext(index, records);
  }

  #livePaths(): Map<string, Set<string>> {
    if (this.#liveByPath !== undefined) return this.#liveByPath;
    const paths = new Map<string, Set<string>>();
    for (const row of this.#rowById.values()) {
      if (isLive(row)) paths.set(row[3], (paths.get(row[3]) ?? new Set()).add(row[0]));
    }
    this.#liveByPath = paths;
    return paths;
  }
}
