/** A vault file on disk: unlocked for reading, and rewritten under the lock. */
import { createHash } from "node:crypto";
import { toHex, wipe } from "../core/bytes.ts";
import type { CryptoBackend } from "../core/crypto/backend.ts";
import type { KdfProfiles } from "../core/crypto/kdf.ts";
import type { Key } from "../core/crypto/keys.ts";
import { PmError } from "../core/errors.ts";
import { type Credentials, tokenWrapSecret } from "../core/vault/credentials.ts";
import { VaultDraft } from "../core/vault/draft.ts";
import { bytesSource, readHeader } from "../core/vault/format.ts";
import { readWholeContent } from "../core/vault/layout.ts";
import {
  type Change,
  type NextFile,
  type NextVersion,
  nextVersion,
  sealVersion,
  type Tools,
} from "../core/vault/revision.ts";
import { type SlotSecrets, unwrapRootKey } from "../core/vault/slot.ts";
import { saveDurably } from "./durable-save.ts";
import { openVaultFile, type VaultFile } from "./file-checks.ts";
import {
  isRolledBack,
  readLocalState,
  requireKnownVault,
  rolledBack,
  type StatePlace,
  stateKey,
  statePlace,
  writeLocalState,
  writingReplica,
} from "./local-state.ts";
import { acquireLock } from "./lock.ts";
import { Snapshot } from "./snapshot.ts";

export interface StoreOptions extends Tools {
  readonly path: string;
  readonly stateDir: string;
  /** Told of what is not an error: permissions, a damaged local state. */
  readonly warn: (text: string) => void;
  readonly lockTimeoutMs: number;
  readonly breakLock: boolean;
  readonly kdfProfiles: KdfProfiles;
}

export interface OpenOptions extends StoreOptions {
  readonly credentials: Credentials;
  /** Takes a vault that was rolled back as it is, and writes under a new replica id from then on. */
  readonly acceptRollback?: boolean;
}

/** What unlocking found out, and every later step needs. */
export interface Unlocked {
  readonly rootKey: Key;
  /** Hex id of the slot that opened the vault. */
  readonly slotId: string;
  readonly state: { readonly place: StatePlace; readonly key: Uint8Array };
}

/** Opens the file and tries the credentials; Argon2id runs here, before any lock. */
export async function unlockStore(options: OpenOptions): Promise<{ snapshot: Snapshot; unlocked: Unlocked }> {
  const { crypto, stateDir } = options;
  const file = openVaultFile(options.path);
  for (const warning of file.warnings) options.warn(warning);
  const header = readHeader(crypto, file);
  const place = statePlace(crypto, stateDir, file.realPath);
  if (options.acceptRollback !== true) requireKnownVault(place, header.vaultId);
  const secrets = slotSecrets(crypto, options.credentials);
  const { rootKey, slot } = await unwrapRootKey(crypto, header, secrets);
  wipe(secrets.token);
  const state = { place, key: stateKey(crypto, rootKey.bytes) };
  const snapshot = new Snapshot(crypto, file, rootKey.bytes);
  return { snapshot, unlocked: { rootKey, slotId: toHex(slot.id), state } };
}

function slotSecrets(crypto: CryptoBackend, { token, ...others }: Credentials): SlotSecrets {
  return token === undefined ? others : { ...others, token: tokenWrapSecret(crypto, token) };
}

/**
 * The snapshot, where the vault is no older than what this machine last saved. Another process may have
 * saved between our opening of the file and our reading of the state, which it writes last; so what
 * looks like a rollback is looked at once more in the file that is there now.
 * @throws PmError "rollback"
 */
export function requireFresh(options: StoreOptions, unlocked: Unlocked, snapshot: Snapshot): Snapshot {
  const state = readLocalState(options.crypto, unlocked.state, options.warn);
  if (!isRolledBack(snapshot.index.vector, state)) return snapshot;
  const again = new Snapshot(options.crypto, openVaultFile(options.path), unlocked.rootKey.bytes);
  if (isRolledBack(again.index.vector, state)) throw rolledBack();
  snapshot[Symbol.dispose]();
  return again;
}

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
  await remember(options, unlocked, next);
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
    hash.update(read(offset, Math.min(HASH_RUN_BYTES, size - offset)));
  }
  return new Uint8Array(hash.digest());
}

/** The data is safe by now: what fails here is said, and makes no error of a save that succeeded. */
async function remember({ crypto, warn }: StoreOptions, { state }: Unlocked, next: NextFile): Promise<void> {
  const { replica, seq } = next.stamp;
  try {
    await writeLocalState(crypto, state, { vault: toHex(next.vaultId), replica, seq, tag: next.tag });
  } catch (error) {
    const reason = error instanceof PmError ? error.message : "unknown error";
    warn(`saved, but the local state could not be written: ${reason}`);
  }
}
