/** From an opened vault to the next version of its file: pure, no file system. */
import { release, toHex } from "../bytes.ts";
import type { CryptoBackend } from "../crypto/backend.ts";
import type { Random } from "../random.ts";
import type { EditContext } from "./apply.ts";
import type { VaultDraft } from "./draft.ts";
import { requireReopens, type SealParts, sealFile } from "./format.ts";
import { type Header, KIND } from "./header.ts";
import type { Json } from "./json.ts";
import { buildPlaintext } from "./layout.ts";
import { type Stamp, writeRegister } from "./register.ts";
import { encodeRoot, type RootRecord } from "./root.ts";
import { encodeIndex } from "./vault-index.ts";
import { addSave, newestSeq, type VersionVector } from "./version-vector.ts";

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

/** Edits the draft of the version that is there now; what it returns goes into header and root. */
export type Change = (draft: VaultDraft, context: EditContext, header: Header) => SlotChange;

/** What a save leaves in the version vector. */
interface SaveMark {
  readonly stamp: Stamp;
  readonly tag: string;
}

/** The next version, still to be sealed. */
export interface NextVersion extends SaveMark, Omit<SealParts, "rootKey"> {}

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
}

const TAG_BYTES = 8;
const REPLICA_BYTES = 8;

/** A replica id that was never used: 64 random bits as 16 hex digits. */
export function newReplica(random: Random): string {
  return toHex(random(REPLICA_BYTES));
}

/** The stamp of a replica's next save; the clock never runs backwards within a vault. */
function nextStamp(vector: VersionVector, replica: string, clock: { now: number; hlc: number }): Stamp {
  return { replica, seq: newestSeq(vector, replica) + 1, hlc: Math.max(clock.now, clock.hlc + 1) };
}

/** Applies `change` to the current version. Nothing outside of the draft is touched. */
export function nextVersion(
  tools: Tools,
  { header, draft, hash }: Current,
  { replica, change }: { replica: string; change: Change },
): NextVersion {
  const { index, root } = draft;
  const now = tools.now();
  const stamp = nextStamp(index.vector, replica, { now, hlc: index.hlc });
  const { slots, rootWrites } = change(draft, { stamp, now, random: tools.random }, header);
  const registers = new Map(root.registers);
  for (const [key, value] of rootWrites ?? []) registers.set(key, writeRegister(value, stamp));
  const tag = toHex(tools.random(TAG_BYTES));
  const rev = Math.max(root.rev, index.generation) + 1;
  const plaintext = draft.build({
    root: { ...root, rev, parents: [toHex(hash)], registers },
    index: { generation: rev, hlc: stamp.hlc, vector: addSave(index.vector, replica, [stamp.seq, tag]) },
  });
  const { kind, vaultId } = header;
  return { kind, vaultId, slots: slots ?? header.slots.map(({ bytes }) => bytes), plaintext, stamp, tag };
}

/** Seals a version, opens it again to be sure, and wipes its plaintext. */
export function sealVersion(tools: Tools, version: NextVersion, rootKey: Uint8Array): NextFile {
  const parts = { ...version, rootKey };
  const bytes = sealFile(tools, parts);
  requireReopens(tools.crypto, bytes, parts);
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
  const tag = toHex(tools.random(TAG_BYTES));
  const root: RootRecord = {
    rev: 1,
    parents: [],
    keyEpoch: 1,
    registers: new Map(vault.rootWrites.map(([key, value]) => [key, writeRegister(value, stamp)])),
    log: [],
    attachments: [],
    unknown: {},
  };
  const record = encodeRoot(root);
  const index = encodeIndex({
    generation: 1,
    hlc: stamp.hlc,
    vector: addSave({}, vault.replica, [stamp.seq, tag]),
    root: { offset: 0, length: record.length },
    rows: [],
    unknown: {},
  });
  const plaintext = buildPlaintext(index, [record]);
  return sealVersion(tools, { ...vault, kind: KIND.vault, plaintext, stamp, tag }, vault.rootKey);
}
