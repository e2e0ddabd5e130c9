/** Changing a vault file: under the lock, verified whole, replaced durably. Loaded only by writing commands. */
import { createHash } from "node:crypto";
import { release, toHex } from "../core/bytes.ts";
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
import { isRolledBack, type LocalState, readLocalState, rolledBack, writeLocalState } from "./local-state.ts";
import { acquireLock } from "./lock.ts";
import { Snapshot } from "./snapshot.ts";
import type { StoreOptions, Unlocked } from "./vault-store.ts";

export interface Rewrite {
  readonly change: Change;
  /** "same" where old values or old slots must not survive in the `.bak` file. */
  readonly backup: "previous" | "same";
  readonly acceptRollback?: boolean;
}

/**
 * The one way to change a vault: lock, read what is there now, verify all of it, apply, seal, reopen,
 * replace, remember. An error before the replacement leaves everything as it was.
 */
export async function rewriteStore(
  options: StoreOptions,
  unlocked: Unlocked,
  rewrite: Rewrite,
): Promise<{ readonly snapshot: Snapshot; readonly durable: boolean }> {
  const { crypto, path, random, now, lockTimeoutMs: timeoutMs, breakLock } = options;
  using _lock = await acquireLock({ path, timeoutMs, breakLock, random, now });
  using file = openVaultFile(path, { write: true });
  const next = sealVersion(
    options,
    readAndChange(options, unlocked, { ...rewrite, file }),
    unlocked.rootKey.bytes,
  );
  const { durable } = await saveDurably({
    path: file.realPath,
    bytes: next.bytes,
    random,
    backup: rewrite.backup,
    now,
  });
  await remember(options, unlocked.state, next);
  return { snapshot: new Snapshot(crypto, bytesSource(next.bytes), unlocked.rootKey.bytes), durable };
}

/** A function of its own, so that the old version's buffers are garbage before the new one is sealed. */
function readAndChange(
  options: StoreOptions,
  unlocked: Unlocked,
  rewrite: Rewrite & { readonly file: VaultFile },
): NextVersion {
  const { crypto } = options;
  const { read, size } = rewrite.file;
  using current = new Snapshot(crypto, { read, size }, unlocked.rootKey.bytes);
  const content = readWholeContent(current.body);
  const draft = new VaultDraft(content);
  const { vector } = draft.index;
  // An accepted file starts a new history here, whatever stood in its place.
  const state =
    rewrite.acceptRollback === true ? undefined : readLocalState(crypto, unlocked.state, options.warn);
  if (isRolledBack(vector, state)) throw rolledBack();
  const replica = writingReplica(vector, state, options.random);
  const version = { header: current.header, draft, hash: hashFile(rewrite.file) };
  const next = nextVersion(options, version, { replica, change: rewrite.change });
  content.release();
  return next;
}

const HASH_RUN_BYTES = 1_048_576;

/** SHA-256 of a file that need not fit into memory beside its plaintext. */
function hashFile({ size, read }: VaultFile): Uint8Array {
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
