/** A vault file on disk, unlocked for reading. */
import { toHex, wipe } from "../core/bytes.ts";
import type { CryptoBackend } from "../core/crypto/backend.ts";
import type { KdfProfiles } from "../core/crypto/kdf.ts";
import { type Key, rootKeyId } from "../core/crypto/keys.ts";
import { hasCode, PmError } from "../core/errors.ts";
import { type Credentials, tokenWrapSecret } from "../core/vault/credentials.ts";
import { type ByteSource, readHeader } from "../core/vault/format.ts";
import { type Header, KIND } from "../core/vault/header.ts";
import type { Tools } from "../core/vault/revision.ts";
import { unwrapRootKey } from "../core/vault/slot.ts";
import { openVaultFile, type VaultFile } from "./file-checks.ts";
import {
  isRolledBack,
  type LocalState,
  readLocalState,
  requireKnownVault,
  rolledBack,
  type StateAccess,
  stateKey,
  statePlace,
} from "./local-state.ts";
import { Snapshot } from "./snapshot.ts";

export interface StoreOptions extends Tools {
  readonly path: string;
  readonly stateDir: string;
  /** What runs, for the operation log: "add", "trash empty". */
  readonly command: string;
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
  readonly state: StateAccess;
}

interface Opened {
  readonly snapshot: Snapshot;
  readonly unlocked: Unlocked;
}

/** Opens the file and tries the credentials; Argon2id runs here, before any lock. */
export async function unlockStore(options: OpenOptions): Promise<Opened> {
  const file = openVaultFile(options.path);
  try {
    return await unlockFile(options, file);
  } catch (error) {
    // A person may try three times.
    file.close();
    throw error;
  }
}

async function unlockFile(options: OpenOptions, file: VaultFile): Promise<Opened> {
  const { crypto, stateDir } = options;
  const header = readHeader(crypto, file);
  // A share is made to lie in a checkout, which others may read.
  if (header.kind !== KIND.share) for (const warning of file.warnings) options.warn(warning);
  const place = statePlace(crypto, stateDir, file.realPath);
  const isShare = header.kind === KIND.share;
  if (options.acceptRollback !== true && !isShare) requireKnownVault(place, header.vaultId);
  const { rootKey, slot } = await unwrapWith(crypto, header, options.credentials);
  const snapshot = orDispose(rootKey, () => new Snapshot(crypto, file, rootKey.bytes));
  if (isShare) await orDisposeOf([snapshot, rootKey], requireNotEnded(options, snapshot));
  const state = { place, key: stateKey(crypto, rootKey.bytes), keyId: rootKeyId(crypto, rootKey.bytes) };
  return { snapshot, unlocked: { rootKey, slotId: toHex(slot.id), state } };
}

/** @throws PmError "auth" where the share has ended */
export async function requireNotEnded({ now }: StoreOptions, { content, index }: Snapshot): Promise<void> {
  const { parseRoot } = await import("../core/vault/root.ts");
  const { share } = parseRoot(content.record(index.root));
  const end = share?.notAfter ?? Infinity;
  if (now() <= end) return;
  throw new PmError("auth", `the bundle ended on ${new Date(end).toISOString().slice(0, 10)}`, {
    hint: "where it was made: pm bundle refresh --expires 90d",
  });
}

/** The root key, with what opened it; the credentials stay the caller's. @throws PmError "auth" */
export async function unwrapWith(
  crypto: CryptoBackend,
  header: Header,
  { token, ...others }: Credentials,
): ReturnType<typeof unwrapRootKey> {
  if (token === undefined) return await unwrapRootKey(crypto, header, others);
  const wrapSecret = tokenWrapSecret(crypto, token);
  try {
    return await unwrapRootKey(crypto, header, { ...others, token: wrapSecret });
  } finally {
    wipe(wrapSecret);
  }
}

/** What this machine knows of the vault, which may have got a new root key elsewhere. */
async function recall(
  options: StoreOptions,
  unlocked: Unlocked,
  snapshot: Snapshot,
): Promise<LocalState | undefined> {
  return await readLocalState(options.crypto, unlocked.state, {
    warn: options.warn,
    keyHistory: async () => {
      const { parseRoot } = await import("../core/vault/root.ts");
      return parseRoot(snapshot.content.record(snapshot.index.root)).keyHistory;
    },
  });
}

/** Whether this machine knows a later save of the vault, or a later root key. */
async function isBehind(options: StoreOptions, unlocked: Unlocked, snapshot: Snapshot): Promise<boolean> {
  try {
    return isRolledBack(snapshot.index.vector, await recall(options, unlocked, snapshot));
  } catch (error) {
    if (hasCode(error, "rollback")) return true;
    throw error;
  }
}

/**
 * The snapshot, where the vault is no older than what this machine last saved. Another process may have
 * saved between our opening of the file and our reading of the state, which it writes last; so what
 * looks like a rollback is looked at once more in the file that is there now.
 * @throws PmError "rollback", or "locked" where that save renewed the root key
 */
export async function requireFresh(
  options: StoreOptions,
  unlocked: Unlocked,
  snapshot: Snapshot,
): Promise<Snapshot> {
  // No machine knows a share by its saves: whoever has the file and the token reads it.
  if (snapshot.header.kind === KIND.share) return snapshot;
  if (!(await isBehind(options, unlocked, snapshot))) return snapshot;
  const file = openVaultFile(options.path);
  const again = orDispose(file, () => openCurrent(options, unlocked, file));
  if (await isBehind(options, unlocked, again)) {
    again[Symbol.dispose]();
    throw rolledBack();
  }
  snapshot[Symbol.dispose]();
  return again;
}

async function orDisposeOf(resources: readonly Disposable[], work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    for (const resource of resources) resource[Symbol.dispose]();
    throw error;
  }
}

function orDispose<T>(resource: Disposable, work: () => T): T {
  try {
    return work();
  } catch (error) {
    resource[Symbol.dispose]();
    throw error;
  }
}

/**
 * The version that is there now, opened with the keys of a session.
 * @throws PmError "locked" where the root key was renewed since the vault was opened
 */
export function openCurrent(
  { crypto }: StoreOptions,
  { rootKey, slotId }: Unlocked,
  source: ByteSource,
): Snapshot {
  try {
    return new Snapshot(crypto, source, rootKey.bytes);
  } catch (error) {
    const slots = hasCode(error, "body-commitment") ? readHeader(crypto, source).slots : [];
    if (slots.length === 0 || slots.some(({ id }) => toHex(id) === slotId)) throw error;
    throw new PmError(
      "locked",
      "another process changed the keys of the vault meanwhile; nothing was changed",
      {
        hint: "run the command again",
        cause: error,
      },
    );
  }
}
