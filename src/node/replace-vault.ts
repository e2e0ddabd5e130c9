/**
 * Another file in the place of a vault, as a whole: its exact bytes, opened and verified before anything is
 * written. At every moment the vault's path shows what was there or what is to be there.
 */
import { basename, dirname, join } from "node:path";
import { equalBytes, toHex, wipe } from "../core/bytes.ts";
import type { CryptoBackend } from "../core/crypto/backend.ts";
import { type Key, rootKeyId } from "../core/crypto/keys.ts";
import { hasCode, PmError } from "../core/errors.ts";
import { type Credentials, wipeCredentials } from "../core/vault/credentials.ts";
import { bytesSource, readHeader } from "../core/vault/format.ts";
import { type Header, KIND } from "../core/vault/header.ts";
import { readWholeContent } from "../core/vault/layout.ts";
import { newReplica } from "../core/vault/revision.ts";
import { parseRoot, type RootRecord } from "../core/vault/root.ts";
import { verifyContent } from "../core/vault/verify.ts";
import type { VersionVector } from "../core/vault/version-vector.ts";
import { createDurably, saveDurably } from "./durable-save.ts";
import { openVaultFile, type VaultFile } from "./file-checks.ts";
import {
  isRolledBack,
  readLocalState,
  requireKnownVault,
  type StateAccess,
  stateKey,
  statePlace,
  writeLocalState,
} from "./local-state.ts";
import { acquireLock } from "./lock.ts";
import { Snapshot } from "./snapshot.ts";
import { hashFile } from "./vault-rewrite.ts";
import { type StoreOptions, unwrapWith } from "./vault-store.ts";

/** What stands at the path of a vault, as far as it shows without a key. */
export type Standing =
  | { readonly kind: "nothing" }
  | { readonly kind: "vault"; readonly header: Header; readonly hash: Uint8Array }
  | { readonly kind: "damaged"; readonly error: PmError; readonly hash: Uint8Array };

/** @throws PmError "io", or "not-a-vault" and "body-length" of what can't be replaced: no file, or a huge one */
export function lookAt(crypto: CryptoBackend, path: string): Standing {
  using file = openIfThere(path);
  if (file === undefined) return { kind: "nothing" };
  const hash = hashFile(file);
  try {
    return { kind: "vault", header: readHeader(crypto, file), hash };
  } catch (error) {
    if (error instanceof PmError && error.code !== "io") return { kind: "damaged", error, hash };
    throw error;
  }
}

function openIfThere(path: string): VaultFile | undefined {
  try {
    return openVaultFile(path);
  } catch (error) {
    if (hasCode(error, "not-found")) return undefined;
    throw error;
  }
}

/** A whole vault in memory, every record of it read. */
export interface WholeFile extends Disposable {
  readonly bytes: Uint8Array;
  readonly header: Header;
  readonly vector: VersionVector;
  readonly keyHistory: RootRecord["keyHistory"];
  readonly rootKey: Key;
}

/** Takes the credentials over. @throws PmError "auth", and the codes of a damaged file */
export async function readWhole(
  crypto: CryptoBackend,
  path: string,
  credentials: Credentials,
): Promise<WholeFile> {
  const bytes = readBytes(path);
  const header = readHeader(crypto, bytesSource(bytes));
  if (header.kind !== KIND.vault) {
    throw new PmError("unsupported-kind", "it is not a whole vault", { hint: "name a copy of a vault" });
  }
  const { rootKey } = await unwrapWith(crypto, header, credentials).finally(() => {
    wipeCredentials(credentials);
  });
  try {
    using snapshot = new Snapshot(crypto, bytesSource(bytes), rootKey.bytes);
    const content = readWholeContent(snapshot.body);
    verifyContent(crypto, content);
    const { keyHistory } = parseRoot(content.record(snapshot.index.root));
    content.release();
    const { vector } = snapshot.index;
    return { bytes, header, vector, keyHistory, rootKey, [Symbol.dispose]: () => rootKey[Symbol.dispose]() };
  } catch (error) {
    rootKey[Symbol.dispose]();
    throw error;
  }
}

function readBytes(path: string): Uint8Array {
  using file = openVaultFile(path);
  return file.read(0, file.size);
}

export interface Placed {
  /** Where what stood there is now; undefined where there was nothing. */
  readonly kept: string | undefined;
  readonly durable: boolean;
}

/** Where there is no vault. @throws PmError "conflict" where something is there by now */
export async function placeVault(options: StoreOptions, whole: WholeFile): Promise<Placed> {
  const { path, random } = options;
  const { durable, realPath } = await createDurably({ path, bytes: whole.bytes, random });
  await settleState(options, whole, realPath);
  return { kept: undefined, durable };
}

/**
 * In the place of what is there.
 * @param replaced.hash SHA-256 of what was looked at
 * @param replaced.keep where it stays: as the version before this one, or under a name of its own, so that
 * the version before stays too
 * @throws PmError "conflict" where something else is there by now
 */
export async function replaceVault(
  options: StoreOptions,
  whole: WholeFile,
  replaced: { readonly hash: Uint8Array; readonly keep: "bak" | "damaged" },
): Promise<Placed> {
  const { path, random, now, breakLock, lockTimeoutMs: timeoutMs } = options;
  using _lock = await acquireLock({ path, timeoutMs, breakLock, random, now });
  using file = openVaultFile(path, { write: true });
  if (!equalBytes(hashFile(file), replaced.hash)) {
    throw new PmError("conflict", `${path} was changed meanwhile`, { hint: "look at it again, then repeat" });
  }
  const { realPath } = file;
  const isDamaged = replaced.keep === "damaged";
  const kept = isDamaged ? damagedName(realPath, replaced.hash) : `${realPath}.bak`;
  if (isDamaged) await keepCopy(options, file, kept);
  const backup = isDamaged ? "none" : "previous";
  const { durable } = await saveDurably({ path: realPath, bytes: whole.bytes, random, backup, now });
  await settleState(options, whole, realPath);
  return { kept, durable };
}

const HASH_DIGITS = 8;

/** The name beside it under which a damaged vault is kept. */
export function damagedName(path: string, hash: Uint8Array): string {
  return join(dirname(path), `${basename(path)}.damaged-${toHex(hash).slice(0, HASH_DIGITS)}`);
}

/** A second name of the same file would do, but a call that is cut off would leave the vault with two. */
async function keepCopy({ random }: StoreOptions, { size, read }: VaultFile, path: string): Promise<void> {
  const bytes = read(0, size);
  try {
    await createDurably({ path, bytes, random });
  } catch (error) {
    // A call that was cut off has kept it already.
    if (!hasCode(error, "conflict") || !equalBytes(readBytes(path), bytes)) throw error;
  }
}

/**
 * What this machine knows of the path, where it does not fit what is there now: then it goes on under a new
 * replica id. The vault is in place by now, so what fails here is only said.
 */
async function settleState(options: StoreOptions, whole: WholeFile, realPath: string): Promise<void> {
  const { crypto, random, warn } = options;
  const place = statePlace(crypto, options.stateDir, realPath);
  const rootKey = whole.rootKey.bytes;
  const access = { place, key: stateKey(crypto, rootKey), keyId: rootKeyId(crypto, rootKey) };
  try {
    if (await fits(crypto, whole, access)) return;
    // No vault has a save 0: nothing is rolled back, and the next save takes an id of its own.
    const state = { vault: toHex(whole.header.vaultId), replica: newReplica(random), seq: 0, tag: "" };
    await writeLocalState(crypto, access, state);
  } catch (error) {
    const reason = error instanceof PmError ? error.message : "unknown error";
    warn(`the vault is in place, but the local state could not be written: ${reason}`);
  } finally {
    wipe(access.key);
  }
}

async function fits(crypto: CryptoBackend, whole: WholeFile, access: StateAccess): Promise<boolean> {
  try {
    requireKnownVault(access.place, whole.header.vaultId);
    const known = { warn: () => undefined, keyHistory: async () => whole.keyHistory };
    const state = await readLocalState(crypto, access, known);
    return state !== undefined && !isRolledBack(whole.vector, state);
  } catch (error) {
    if (hasCode(error, "rollback") || hasCode(error, "corrupt")) return false;
    throw error;
  }
}
