/** From an opened vault to the next version of its file: pure, no file system. */
import { equalBytes, release, toHex } from "../bytes.ts";
import type { CryptoBackend } from "../crypto/backend.ts";
import type { Random } from "../random.ts";
import type { EditContext } from "./apply.ts";
import type { VaultDraft } from "./draft.ts";
import { requireReopens, type SealParts, sealFile } from "./format.ts";
import { type Header, KIND } from "./header.ts";
import type { Json } from "./json.ts";
import { buildPlaintext } from "./layout.ts";
import { type Stamp, writeRegister } from "./register.ts";
import { encodeRoot, type KeyChange, type RootRecord } from "./root.ts";
import { nextLog } from "./next-log.ts";
import type { Operation } from "./op-log.ts";
import { encodeIndex, type VaultIndex } from "./vault-index.ts";
import { addSave, newestSeq, newTag, type VersionVector } from "./version-vector.ts";

export interface Tools {
  readonly crypto: CryptoBackend;
  readonly random: Random;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What a change does beside editing entries of the draft. */
export interface SlotChange {
  /** 192 bytes each: all the slots of the next version. */
  readonly slots?: readonly Uint8Array[];
  /** Registers of the root record: the slot book. */
  readonly rootWrites?: readonly (readonly [string, Json])[];
}

/** What another copy of the vault brought, beside the entries: see merge-copies.ts. */
export interface MergedCopy {
  readonly vector: VersionVector;
  readonly root: RootRecord;
  readonly index: Pick<VaultIndex, "hlc" | "generation">;
  /** SHA-256 of the other file. */
  readonly hash: Uint8Array;
  /** What the other copy's log says, as operations of kind "merged". */
  readonly operations: readonly Operation[];
}

/** What a change leaves beside the entries that it put into the draft. */
export interface Outcome extends SlotChange {
  /** "barrier": it can't be undone, nor what came before it. "silent": it is not worth a line in the log. */
  readonly kind?: "barrier" | "silent";
  /** Entries whose values must not survive, in the log neither. */
  readonly erased?: readonly string[];
  /** The key of the next version, where it is another one than the present one's. */
  readonly renewal?: {
    readonly rootKey: Uint8Array;
    readonly epoch: number;
    readonly keyHistory: readonly KeyChange[];
  };
  readonly merged?: MergedCopy;
}

/** Edits the draft of the version that is there now; what it returns goes into header, root and log. */
export type Change = (draft: VaultDraft, context: EditContext, header: Header) => Outcome;

/** What a save leaves in the version vector. */
interface SaveMark {
  readonly stamp: Stamp;
  readonly tag: string;
}

/** The next version, still to be sealed. */
export interface NextVersion extends SaveMark, SealParts {
  /** Whether the version before may stay as a backup: not where old values or old slots must not survive. */
  readonly keepsPrevious: boolean;
}

export interface NextFile extends SaveMark {
  readonly vaultId: Uint8Array;
  readonly bytes: Uint8Array;
}

/** The version that is there now, wholly verified. */
export interface Current {
  readonly header: Header;
  readonly draft: VaultDraft;
  /** SHA-256 of the file, the parent of the next version. */
  readonly hash: Uint8Array;
  readonly rootKey: Uint8Array;
}

const REPLICA_BYTES = 8;

/** A replica id that was never used: 64 random bits as 16 hex digits. */
export function newReplica(random: Random): string {
  return toHex(random(REPLICA_BYTES));
}

/** The stamp of a replica's next save; the clock never runs backwards within a vault. */
function nextStamp(vector: VersionVector, replica: string, clock: { now: number; hlc: number }): Stamp {
  return { replica, seq: newestSeq(vector, replica) + 1, hlc: Math.max(clock.now, clock.hlc + 1) };
}

/**
 * The stamp of a merge, later than all that it brought. Saves of the own id that came with the other copy
 * were made by a clone of this machine: then the id is given up.
 */
function mergeStamp(
  random: Random,
  { replica, seq, hlc }: Stamp,
  { before, merged }: { before: VaultIndex; merged: MergedCopy },
): Stamp {
  const clock = Math.max(hlc, merged.index.hlc + 1);
  const [known, joined] = [before.vector[replica], merged.vector[replica]];
  return JSON.stringify(known) === JSON.stringify(joined)
    ? { replica, seq, hlc: clock }
    : { replica: newReplica(random), seq: 1, hlc: clock };
}

/** Applies `change` to the current version. Nothing outside of the draft is touched. */
export function nextVersion(
  tools: Tools,
  { header, draft, hash, rootKey }: Current,
  { replica, change, by }: { replica: string; change: Change; by: string },
): NextVersion {
  const { index } = draft;
  const now = tools.now();
  const first = nextStamp(index.vector, replica, { now, hlc: index.hlc });
  const { random, crypto } = tools;
  const outcome = change(draft, { stamp: first, now, random, sha256: crypto.sha256 }, header);
  const { slots, rootWrites = [], renewal, merged, erased = [] } = outcome;
  const stamp = merged === undefined ? first : mergeStamp(random, first, { before: index, merged });
  const root = merged?.root ?? draft.root;
  const registers = new Map(root.registers);
  for (const [key, value] of rootWrites) registers.set(key, writeRegister(value, stamp));
  const tag = newTag(random);
  const rev = Math.max(draft.root.rev, index.generation, merged?.index.generation ?? 0) + 1;
  const vector = addSave(merged?.vector ?? index.vector, stamp.replica, tag);
  const parents = [hash, ...(merged === undefined ? [] : [merged.hash])].map(toHex);
  const { epoch: keyEpoch, keyHistory } = renewal ?? { epoch: root.keyEpoch, keyHistory: root.keyHistory };
  const plaintext = draft.build({
    root: { ...root, rev, parents, registers, keyEpoch, keyHistory },
    log: nextLog(draft, outcome, { ...stamp, by }),
    index: { generation: rev, hlc: stamp.hlc, vector },
  });
  const before = header.slots.map(({ bytes }) => bytes);
  return {
    kind: header.kind,
    vaultId: header.vaultId,
    slots: slots ?? before,
    keepsPrevious: erased.length === 0 && keepsAll(before, slots ?? before),
    rootKey: renewal?.rootKey ?? rootKey,
    plaintext,
    stamp,
    tag,
  };
}

function keepsAll(before: readonly Uint8Array[], after: readonly Uint8Array[]): boolean {
  return before.every((slot) => after.some((other) => equalBytes(slot, other)));
}

/** Seals a version, opens it again to be sure, and wipes its plaintext. */
export function sealVersion(tools: Tools, version: NextVersion): NextFile {
  const bytes = sealFile(tools, version);
  requireReopens(tools.crypto, bytes, version);
  release(version.plaintext);
  const { vaultId, stamp, tag } = version;
  return { bytes, vaultId, stamp, tag };
}

export interface NewVault {
  readonly vaultId: Uint8Array;
  readonly rootKey: Uint8Array;
  readonly slots: readonly Uint8Array[];
  readonly replica: string;
  readonly rootWrites: readonly (readonly [string, Json])[];
}

/** The first version of a vault, empty. */
export function firstFile(tools: Tools, vault: NewVault): NextFile {
  const stamp = nextStamp({}, vault.replica, { now: tools.now(), hlc: 0 });
  const tag = newTag(tools.random);
  const root: RootRecord = {
    rev: 1,
    parents: [],
    keyEpoch: 1,
    registers: new Map(vault.rootWrites.map(([key, value]) => [key, writeRegister(value, stamp)])),
    log: [],
    attachments: [],
    contents: [],
    keyHistory: [],
    unknown: {},
  };
  const record = encodeRoot(root);
  const index = encodeIndex({
    generation: 1,
    hlc: stamp.hlc,
    vector: addSave({}, vault.replica, tag),
    root: { offset: 0, length: record.length },
    rows: [],
    unknown: {},
  });
  const plaintext = buildPlaintext(index, [record]);
  return sealVersion(tools, { ...vault, kind: KIND.vault, plaintext, stamp, tag, keepsPrevious: true });
}
