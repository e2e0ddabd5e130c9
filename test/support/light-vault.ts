/**
 * A vault in memory, for tests that need thousands: real edits, real merges, real logs, and the real next
 * version of it all, but no plaintext, no cipher and no file.
 */
import { applyEdit } from "../../src/core/vault/apply.ts";
import { Contents } from "../../src/core/vault/contents.ts";
import type { NextRevision, VaultDraft } from "../../src/core/vault/draft.ts";
import type { Edit } from "../../src/core/vault/edit.ts";
import { isLiveRecord, viewEntry } from "../../src/core/vault/entry-view.ts";
import type { Header } from "../../src/core/vault/header.ts";
import { mergeCopy, type MergeReport } from "../../src/core/vault/merge-copies.ts";
import { encodeRecord, type EntryRecord } from "../../src/core/vault/record.ts";
import type { Stamp } from "../../src/core/vault/register.ts";
import { type Change, nextVersion, type Tools } from "../../src/core/vault/revision.ts";
import type { RootRecord } from "../../src/core/vault/root.ts";
import type { IndexRow } from "../../src/core/vault/vault-index.ts";
import type { VersionVector } from "../../src/core/vault/version-vector.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import { EMPTY_ROOT, NOW } from "./draft-builder.ts";

/** A record, encoded when somebody asks for its bytes. */
class Stored {
  readonly record: EntryRecord;
  #bytes: Uint8Array | undefined;

  constructor(record: EntryRecord) {
    this.record = record;
  }

  get bytes(): Uint8Array {
    this.#bytes ??= encodeRecord(this.record);
    return this.#bytes;
  }
}

/** One version. Nothing in it changes any more. */
export interface LightVault {
  readonly entries: ReadonlyMap<string, Stored>;
  readonly root: RootRecord;
  readonly log: readonly Uint8Array[];
  readonly vector: VersionVector;
  readonly hlc: number;
  readonly generation: number;
}

export const EMPTY_VAULT: LightVault = {
  entries: new Map(),
  root: EMPTY_ROOT,
  log: [],
  vector: {},
  hlc: NOW,
  generation: 1,
};

/** What a draft does for those who edit, merge and undo; `next` is what it was built into. */
class LightDraft {
  readonly index;
  readonly root: RootRecord;
  /** Of attachments their registers only: their data is nowhere. */
  readonly contents: Contents = new Contents(EMPTY_ROOT, () => new Uint8Array(0));
  readonly #vault: LightVault;
  readonly #replaced = new Map<string, Stored>();
  next: LightVault | undefined;

  constructor(vault: LightVault) {
    this.#vault = vault;
    const rows = [...vault.entries.keys()].map((id) => [id] as unknown as IndexRow);
    const { vector, hlc, generation } = vault;
    this.index = { vector, hlc, generation, rows, unknown: {}, root: { offset: 0, length: 1 } };
    this.root = { ...vault.root, log: vault.log.map(({ length }, offset) => ({ offset, length })) };
  }

  record(id: string): EntryRecord | undefined {
    return (this.#replaced.get(id) ?? this.#vault.entries.get(id))?.record;
  }

  original(id: string): EntryRecord | undefined {
    return this.#vault.entries.get(id)?.record;
  }

  originalBytes(id: string): Uint8Array | undefined {
    return this.#vault.entries.get(id)?.bytes;
  }

  replaced(): readonly EntryRecord[] {
    return [...this.#replaced.values()].map(({ record }) => record);
  }

  logRecords(): readonly Uint8Array[] {
    return this.#vault.log;
  }

  entryMentions(): ReadonlySet<string> {
    return new Set();
  }

  logMentions(): readonly string[] {
    return [];
  }

  liveIdsAt(path: string): readonly string[] {
    return [...this.entries()]
      .filter(([, { record }]) => isLiveRecord(record) && viewEntry(record).path === path)
      .map(([id]) => id);
  }

  put(record: EntryRecord): void {
    this.#replaced.set(record.id, new Stored(record));
  }

  entries(): Map<string, Stored> {
    return new Map([...this.#vault.entries, ...this.#replaced]);
  }

  build({ root, log, index }: NextRevision): Uint8Array {
    const records = log.map((part) => (part instanceof Uint8Array ? part : this.#kept(part.offset)));
    this.next = { entries: this.entries(), root, log: records, ...index };
    return new Uint8Array(0);
  }

  #kept(at: number): Uint8Array {
    const record = this.#vault.log[at];
    if (record === undefined) throw new Error(`the log has no record ${at}`);
    return record;
  }
}

const VAULT_ID = new Uint8Array(16);
const ROOT_KEY = new Uint8Array(32);
const HASH = new Uint8Array(32);
// One slot that no slot book knows: those stay in every merge.
const SLOT = { type: 2, id: new Uint8Array(16), bytes: new Uint8Array(192) };
const HEADER = { kind: 1, vaultId: VAULT_ID, slots: [SLOT] } as unknown as Header;

/** The draft as the core takes it: it uses no more of a draft than there is here. */
function draftOf(light: LightDraft): VaultDraft {
  return light as unknown as VaultDraft;
}

export interface Writer extends Tools {
  readonly replica: string;
}

export interface Saved {
  readonly vault: LightVault;
  readonly stamp: Stamp;
  readonly replaced: readonly EntryRecord[];
}

/** The version that a change makes. */
export function saved(vault: LightVault, writer: Writer, change: Change): Saved {
  const light = new LightDraft(vault);
  const current = { header: HEADER, draft: draftOf(light), hash: HASH, rootKey: ROOT_KEY };
  const { stamp } = nextVersion(writer, current, { replica: writer.replica, change, by: "test" });
  if (light.next === undefined) throw new Error("nothing was built");
  return { vault: light.next, stamp, replaced: light.replaced() };
}

/** The change that a session makes of edits. */
export function editing(edits: readonly Edit[]): Change {
  const erased = edits.flatMap((edit) => (edit.kind === "purge" ? [edit.id] : []));
  return (draft, context) => {
    for (const edit of edits) applyEdit(draft, edit, context);
    return erased.length > 0 ? { kind: "barrier", erased } : {};
  };
}

/** The change that a session makes of another copy. */
export function merging(other: LightVault): Change {
  const copy = { header: HEADER, draft: draftOf(new LightDraft(other)), rootKey: ROOT_KEY, hash: HASH };
  return (draft) =>
    mergeCopy(nativeBackend, { header: HEADER, draft, rootKey: ROOT_KEY, hash: HASH }, copy).outcome;
}

export interface Joined {
  readonly vault: LightVault;
  readonly report: MergeReport;
}

/** What merging makes of two versions, before the save that it is part of. */
export function joined(a: LightVault, b: LightVault): Joined {
  const [here, other] = [new LightDraft(a), new LightDraft(b)];
  const { outcome, report } = mergeCopy(
    nativeBackend,
    { header: HEADER, draft: draftOf(here), rootKey: ROOT_KEY, hash: HASH },
    { header: HEADER, draft: draftOf(other), rootKey: ROOT_KEY, hash: HASH },
  );
  const { merged } = outcome;
  if (merged === undefined) throw new Error("nothing was merged");
  const { vector, root, index } = merged;
  const hlc = Math.max(a.hlc, index.hlc);
  return { report, vault: { ...a, entries: here.entries(), root, vector, hlc } };
}
