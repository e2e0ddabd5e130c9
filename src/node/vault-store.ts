/** A vault file on disk: opened and unlocked for reading, and rewritten under the lock. */
import { toHex, wipe } from "../core/bytes.ts";
import type { KdfProfiles } from "../core/crypto/kdf.ts";
import type { Key } from "../core/crypto/keys.ts";
import { hasCode, PmError } from "../core/errors.ts";
import { type Credentials, tokenWrapSecret } from "../core/vault/credentials.ts";
import type { BodyReader } from "../core/vault/cobblestone.ts";
import { type ByteSource, bytesSource, openBody, readHeader } from "../core/vault/format.ts";
import type { Header } from "../core/vault/header.ts";
import { type Content, readContent, readWholeContent } from "../core/vault/layout.ts";
import { type Change, nextFile, type Tools } from "../core/vault/revision.ts";
import { type SlotSecrets, unwrapRootKey } from "../core/vault/slot.ts";
import { parseIndex, type VaultIndex } from "../core/vault/vault-index.ts";
import { saveDurably } from "./durable-save.ts";
import { openVaultFile } from "./file-checks.ts";
import {
  readLocalState,
  requireNoRollback,
  type StatePlace,
  statePlace,
  writeLocalState,
  writingReplica,
} from "./local-state.ts";
import { acquireLock } from "./lock.ts";

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

/** One version of the file, as this process has opened it. */
export interface Snapshot {
  readonly source: ByteSource;
  readonly header: Header;
  readonly body: BodyReader;
  readonly content: Content;
  readonly index: VaultIndex;
}

/** What unlocking found out, and every later step needs. */
export interface Unlocked {
  readonly rootKey: Key;
  /** Hex id of the slot that opened the vault. */
  readonly slotId: string;
  readonly place: StatePlace;
}

/** Opens the file, tries the credentials (Argon2id runs here, before any lock), checks for a rollback. */
export async function unlockStore(options: OpenOptions): Promise<{ snapshot: Snapshot; unlocked: Unlocked }> {
  const { crypto } = options;
  const file = openVaultFile(options.path);
  for (const warning of file.warnings) options.warn(warning);
  const header = readHeader(crypto, file);
  const secrets = slotSecrets(options);
  const { rootKey, slot } = await unwrapRootKey(crypto, header, secrets);
  wipe(secrets.token);
  const { stateDir } = options;
  const place = statePlace(crypto, {
    stateDir,
    realPath: file.realPath,
    vaultId: header.vaultId,
    rootKey: rootKey.bytes,
  });
  const unlocked = { rootKey, slotId: toHex(slot.id), place };
  const snapshot = openSnapshot(options, file, rootKey);
  if (options.acceptRollback === true) return { snapshot, unlocked };
  return { snapshot: requireFresh(options, { snapshot, unlocked }), unlocked };
}

function slotSecrets({ crypto, credentials }: OpenOptions): SlotSecrets {
  const { token, ...others } = credentials;
  return token === undefined ? others : { ...others, token: tokenWrapSecret(crypto, token) };
}

/** Opens one version whose root key is known. */
export function openSnapshot({ crypto }: Tools, source: ByteSource, rootKey: Key): Snapshot {
  const header = readHeader(crypto, source);
  const body = openBody(crypto, source, { header, rootKey: rootKey.bytes });
  const content = readContent(body);
  return { source, header, body, content, index: parseIndex(content.index) };
}

/**
 * Another process may have saved between our opening of the file and our reading of the state, which it
 * writes last. So what looks like a rollback is looked at once more in the file that is there now.
 */
function requireFresh(options: OpenOptions, opened: { snapshot: Snapshot; unlocked: Unlocked }): Snapshot {
  const { snapshot, unlocked } = opened;
  const state = readLocalState(options.crypto, unlocked.place, options.warn);
  try {
    requireNoRollback(snapshot.index.vector, state);
    return snapshot;
  } catch (error) {
    if (!hasCode(error, "rollback")) throw error;
  }
  const again = openSnapshot(options, openVaultFile(options.path), unlocked.rootKey);
  requireNoRollback(again.index.vector, state);
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
  const { crypto, path, random, now } = options;
  await using lock = await acquireLock({
    path,
    timeoutMs: options.lockTimeoutMs,
    breakLock: options.breakLock,
    random,
    now,
  });
  const file = openVaultFile(path, { write: true });
  const bytes = file.readAll();
  file.close();
  const next = buildNext(options, unlocked, { ...rewrite, bytes });
  const { durable } = await saveDurably({
    path: file.realPath,
    bytes: next.bytes,
    random,
    backup: rewrite.backup,
    now,
  });
  await remember(options, unlocked, { ...next.stamp, tag: next.tag });
  lock.release();
  return { snapshot: openSnapshot(options, bytesSource(next.bytes), unlocked.rootKey), durable };
}

function buildNext(
  options: StoreOptions,
  unlocked: Unlocked,
  rewrite: Rewrite & { readonly bytes: Uint8Array },
) {
  const { crypto } = options;
  const source = bytesSource(rewrite.bytes);
  const header = readHeader(crypto, source);
  const rootKey = unlocked.rootKey.bytes;
  using body = openBody(crypto, source, { header, rootKey });
  const content = readWholeContent(body);
  const { vector } = parseIndex(content.index);
  const state = readLocalState(crypto, unlocked.place, options.warn);
  if (rewrite.acceptRollback !== true) requireNoRollback(vector, state);
  const replica = writingReplica(vector, state, options.random);
  const current = { header, content, rootKey, hash: crypto.sha256(rewrite.bytes) };
  const next = nextFile(options, current, { replica, change: rewrite.change });
  wipe(content.plaintext);
  return next;
}

/** The data is safe by now: what fails here is said, and makes no error of a save that succeeded. */
async function remember(
  { crypto, warn }: StoreOptions,
  { place }: Unlocked,
  { replica, seq, tag }: { replica: string; seq: number; tag: string },
): Promise<void> {
  try {
    await writeLocalState(crypto, place, { replica, seq, tag });
  } catch (error) {
    const reason = error instanceof PmError ? error.message : "unknown error";
    warn(`saved, but the local state could not be written: ${reason}`);
  }
}
