/** Changing a vault file: under the lock, verified whole, replaced durably. Loaded only by writing commands. */
import { createHash } from "node:crypto";
import { equalBytes, release, toHex, wipe } from "../core/bytes.ts";
import { Key, rootKeyId } from "../core/crypto/keys.ts";
import { PmError } from "../core/errors.ts";
import type { Random } from "../core/random.ts";
import { VaultDraft } from "../core/vault/draft.ts";
import { bytesSource } from "../core/vault/format.ts";
import { readWholeContent } from "../core/vault/layout.ts";
import {
  type Change,
  newReplica,
  type NextFile,
  type NextVersion,
  nextVersion,
  sealVersion,
} from "../core/vault/revision.ts";
import { tagAt, type VersionVector } from "../core/vault/version-vector.ts";
import { saveDurably } from "./durable-save.ts";
import { openVaultFile, type VaultFile } from "./file-checks.ts";
import {
  isRolledBack,
  type LocalState,
  readLocalState,
  rolledBack,
  stateKey,
  writeLocalState,
} from "./local-state.ts";
import { acquireLock } from "./lock.ts";
import { Snapshot } from "./snapshot.ts";
import { openCurrent, type StoreOptions, type Unlocked } from "./vault-store.ts";

export interface Rewrite {
  readonly change: Change;
  readonly acceptRollback?: boolean;
  /** Another patience than that of the options. */
  readonly lockTimeoutMs?: number;
}

export interface Rewritten {
  readonly snapshot: Snapshot;
  /** With the new root key, where the change renewed it; the old one is wiped then. */
  readonly unlocked: Unlocked;
  readonly durable: boolean;
}

/**
 * The one way to change a vault: lock, read what is there now, verify all of it, apply, seal, reopen,
 * replace, remember. An error before the replacement leaves everything as it was.
 */
export async function rewriteStore(
  options: StoreOptions,
  unlocked: Unlocked,
  rewrite: Rewrite,
): Promise<Rewritten> {
  const { crypto, path, random, now, breakLock } = options;
  const timeoutMs = rewrite.lockTimeoutMs ?? options.lockTimeoutMs;
  using _lock = await acquireLock({ path, timeoutMs, breakLock, random, now });
  using file = openVaultFile(path, { write: true });
  const version = await readAndChange(options, unlocked, { ...rewrite, file });
  const next = sealVersion(options, version);
  const { durable } = await saveDurably({
    path: file.realPath,
    bytes: next.bytes,
    random,
    backup: version.keepsPrevious ? "previous" : "same",
    now,
  });
  const renewed = withRootKey(options, unlocked, version.rootKey);
  await remember(options, renewed.state, next);
  const snapshot = new Snapshot(crypto, bytesSource(next.bytes), renewed.rootKey.bytes);
  return { snapshot, unlocked: renewed, durable };
}

/** The access to the vault from now on; the same where its root key is. */
function withRootKey({ crypto }: StoreOptions, unlocked: Unlocked, rootKey: Uint8Array): Unlocked {
  if (equalBytes(rootKey, unlocked.rootKey.bytes)) return unlocked;
  const key = new Key(rootKey.slice());
  const { place } = unlocked.state;
  unlocked.rootKey[Symbol.dispose]();
  wipe(unlocked.state.key);
  const state = { place, key: stateKey(crypto, key.bytes), keyId: rootKeyId(crypto, key.bytes) };
  // Which slot opens it now, only the one that made the slots knows.
  return { rootKey: key, slotId: "", state };
}

/** A function of its own, so that the old version's buffers are garbage before the new one is sealed. */
async function readAndChange(
  options: StoreOptions,
  unlocked: Unlocked,
  rewrite: Rewrite & { readonly file: VaultFile },
): Promise<NextVersion> {
  const { crypto } = options;
  const { read, size } = rewrite.file;
  using current = openCurrent(options, unlocked, { read, size });
  const content = readWholeContent(current.body);
  const draft = new VaultDraft(content);
  const { vector } = draft.index;
  // An accepted file starts a new history here, whatever stood in its place.
  const state =
    rewrite.acceptRollback === true
      ? undefined
      : await readLocalState(crypto, unlocked.state, {
          warn: options.warn,
          keyHistory: async () => draft.root.keyHistory,
        });
  if (isRolledBack(vector, state)) throw rolledBack();
  const replica = writingReplica(vector, state, options.random);
  const hash = hashFile(rewrite.file);
  const version = { header: current.header, draft, hash, rootKey: unlocked.rootKey.bytes };
  const next = nextVersion(options, version, { replica, change: rewrite.change, by: options.command });
  content.release();
  return next;
}

const HASH_RUN_BYTES = 1_048_576;

/** SHA-256 of a file that need not fit into memory beside its plaintext. */
export function hashFile({ size, read }: VaultFile): Uint8Array {
  const hash = createHash("sha256");
  for (let offset = 0; offset < size; offset += HASH_RUN_BYTES) {
    const part = read(offset, Math.min(HASH_RUN_BYTES, size - offset));
    hash.update(part);
    release(part);
  }
  return new Uint8Array(hash.digest());
}

/** The data is safe by now: what fails here is said, and makes no error of a save that succeeded. */
export async function remember(
  { crypto, warn }: StoreOptions,
  state: Unlocked["state"],
  next: NextFile,
): Promise<void> {
  const { replica, seq } = next.stamp;
  try {
    await writeLocalState(crypto, state, { vault: toHex(next.vaultId), replica, seq, tag: next.tag });
  } catch (error) {
    const reason = error instanceof PmError ? error.message : "unknown error";
    warn(`saved, but the local state could not be written: ${reason}`);
  }
}

/**
 * The id to write under: the remembered one where the vault holds its newest save unchanged, else a new
 * one, so that two histories never share dots.
 */
function writingReplica(vector: VersionVector, state: LocalState | undefined, random: Random): string {
  const own = state !== undefined && tagAt(vector, state.replica, state.seq) === state.tag;
  return own ? state.replica : newReplica(random);
}
