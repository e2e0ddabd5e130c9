/** Opening and creating the vault of a call: where it is, with what, and under which rules. */
import type { CryptoBackend } from "../core/crypto/backend.ts";
import { KDF_PROFILES, renewalProfile } from "../core/crypto/kdf.ts";
import type { Credentials } from "../core/vault/credentials.ts";
import { bundleIsRead, type Header, isShare, KIND, takesKeyFileToo } from "../core/vault/header.ts";
import type { NewSlot, SlotInfo, VaultSession } from "../core/vault/session.ts";
import type { BackupCopy } from "../node/backups.ts";
import type { BackupFacts, VaultFacts } from "../node/vault-facts.ts";
import type { StoreOptions } from "../node/vault-store.ts";
import type { Context } from "./context.ts";
import { withCredentials } from "./credentials.ts";
import { lockWaitMs, vaultPath } from "./vault-path.ts";

/** What a context must have before its own `vault()` can be built from this file. */
export type VaultCall = Omit<Context, "vault" | "input">;

export interface CheckedVault {
  readonly facts: VaultFacts;
  readonly header: Header;
}

/** @throws PmError "not-found" where there is no vault, or the code of what is wrong with its header */
export async function readHeader(call: VaultCall): Promise<CheckedVault> {
  const [{ readVaultFacts }, { parseHeader }] = await Promise.all([
    import("../node/vault-facts.ts"),
    import("../core/vault/header.ts"),
  ]);
  const facts = readVaultFacts(call.io, await vaultPath(call));
  return { facts, header: parseHeader(await call.crypto(), facts.head, facts.fileBytes) };
}

/** @throws PmError "read-only" where the vault of this call is a bundle; of anything else its opening tells */
export async function requireNoBundle(call: VaultCall): Promise<void> {
  const { readVaultFacts } = await import("../node/vault-facts.ts");
  let head: Uint8Array;
  try {
    ({ head } = readVaultFacts(call.io, await vaultPath(call)));
  } catch {
    return;
  }
  if (isShare(head)) throw bundleIsRead();
}

export interface LockedVault {
  readonly facts: VaultFacts;
  /** As `pm config vault` gave it. */
  readonly name: string | undefined;
  /** Major and minor, as in "1.0". */
  readonly format: string;
  /** A share: people know it as a bundle. */
  readonly isBundle: boolean;
  readonly slots: readonly Pick<SlotInfo, "id" | "type" | "kdf">[];
  /** The version before the last change, beside the vault. */
  readonly backup: BackupFacts | undefined;
  /** The newest copy in the default folder. */
  readonly lastBackup: BackupCopy | undefined;
}

/** What can be said of the vault without any key. @throws PmError as the opening does */
export async function readLockedVault(call: VaultCall): Promise<LockedVault> {
  const { facts, header } = await readHeader(call);
  const [{ readBackupFacts }, { newestBackup, backupFolder }, { slotWord }, { toHex }, { nameOfVault }] =
    await Promise.all([
      import("../node/vault-facts.ts"),
      import("../node/backups.ts"),
      import("../core/vault/slot-book.ts"),
      import("../core/bytes.ts"),
      import("../node/vault-name.ts"),
    ]);
  return {
    facts,
    name: nameOfVault(facts.path, call.settings().vaults),
    format: `${facts.head[8]}.${facts.head[9]}`,
    isBundle: header.kind === KIND.share,
    slots: header.slots.map((slot) => ({ id: toHex(slot.id), type: slotWord(slot.type), kdf: slot.kdf })),
    backup: readBackupFacts(facts.path),
    lastBackup: newestBackup(backupFolder(call.paths, call.io.cwd), toHex(header.vaultId)),
  };
}

/** What is done with the secrets that opened the vault, before they are wiped. */
export type AfterUnlock = (session: VaultSession, secrets: Credentials) => Promise<void>;

export interface UnlockOptions {
  readonly acceptRollback?: boolean;
  /** Instead of wrapping a weak slot anew. */
  readonly after?: AfterUnlock;
  /** Where the key is to be, if not in this process. */
  readonly open?: (path: string, credentials: Credentials) => Promise<VaultSession>;
}

/** Opens the vault, in this process unless told otherwise. A missing or damaged one is told before any password is asked for. */
export async function openVaultHere(
  call: VaultCall,
  { acceptRollback = false, after, open: openElsewhere }: UnlockOptions = {},
): Promise<VaultSession> {
  const { facts, header } = await readHeader(call);
  const { openVault } = await import("../node/local-session.ts");
  const crypto = await call.crypto();
  const store = { ...storeOptions(call, facts.path, crypto), acceptRollback };
  const open = (credentials: Credentials): Promise<VaultSession> =>
    openElsewhere?.(facts.path, credentials) ?? openVault({ ...store, credentials });
  const renews = !acceptRollback && hasWeakSlot(call, header);
  const next = after ?? (renews ? (await import("./renewal.ts")).renewal(call, facts.path) : undefined);
  return await withCredentials(
    call,
    async (credentials) =>
      next === undefined ? await open(credentials) : await openAnd(open, credentials, next),
    { asksBesideKeyFile: takesKeyFileToo(header), isOwn: acceptRollback || after !== undefined },
  );
}

/** Whether a password slot costs less than it should, and this call may write. */
function hasWeakSlot(call: VaultCall, { kind, slots }: Header): boolean {
  if (call.globals.readOnly || kind !== KIND.vault) return false;
  const profiles = call.kdfProfiles ?? KDF_PROFILES;
  return slots.some(
    ({ kdf }) => kdf !== undefined && renewalProfile(kdf, profiles, call.settings().kdf) !== undefined,
  );
}

/** The opened session takes its credentials over and wipes them; `next` gets copies. */
async function openAnd(
  open: (credentials: Credentials) => Promise<VaultSession>,
  credentials: Credentials,
  next: AfterUnlock,
): Promise<VaultSession> {
  const { copyCredentials, wipeCredentials } = await import("../core/vault/credentials.ts");
  const secrets = copyCredentials(credentials);
  try {
    const session = await open(credentials);
    try {
      await next(session, secrets);
    } catch (error) {
      session[Symbol.dispose]();
      throw error;
    }
    return session;
  } finally {
    wipeCredentials(secrets);
  }
}

/** Opens another file of the vault with secrets that opened it; they stay the caller's. */
export async function openCopyHere(
  call: VaultCall,
  path: string,
  secrets: Credentials,
): Promise<VaultSession> {
  const [{ openVault }, { copyCredentials }] = await Promise.all([
    import("../node/local-session.ts"),
    import("../core/vault/credentials.ts"),
  ]);
  const store = storeOptions(call, path, await call.crypto());
  return await openVault({ ...store, credentials: copyCredentials(secrets) });
}

/** Creates the vault with these key slots; their secrets stay the caller's. */
export async function createVaultHere(
  call: VaultCall,
  { path, ...parts }: { path: string; slots: readonly NewSlot[]; vaultId?: Uint8Array },
): Promise<VaultSession> {
  const { createVault } = await import("../node/create-vault.ts");
  return await createVault({ ...storeOptions(call, path, await call.crypto()), ...parts });
}

/** What every work on a vault file needs, beside credentials. */
export function storeOptions(call: VaultCall, path: string, crypto: CryptoBackend): StoreOptions {
  return {
    path,
    crypto,
    command: call.command,
    stateDir: call.paths.state,
    random: call.io.random,
    now: call.io.now,
    warn: (text) => void call.out.warn(text),
    lockTimeoutMs: lockWaitMs(call),
    breakLock: call.globals.breakLock,
    kdfProfiles: call.kdfProfiles ?? KDF_PROFILES,
  };
}

/**
 * Where `init` will put the vault.
 * @throws PmError "conflict" where something is there
 */
export async function newVaultPath(
  call: Pick<Context, "globals" | "io" | "paths" | "settings">,
): Promise<string> {
  const { requireFreePath } = await import("../node/vault-facts.ts");
  return requireFreePath(call.io.cwd, await vaultPath(call, "create"));
}
