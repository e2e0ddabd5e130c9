/** A password slot that costs less than it should is wrapped anew while its password is at hand. */
import { isBelow, KDF_PROFILES, type KdfProfile, renewalProfile } from "../core/crypto/kdf.ts";
import { PmError } from "../core/errors.ts";
import type { Credentials } from "../core/vault/credentials.ts";
import type { SlotInfo, VaultSession } from "../core/vault/session.ts";
import { describeKdf } from "./slots.ts";
import type { AfterUnlock, VaultCall } from "./vault-access.ts";

/** What another process does to the same slot at the same time, and what the command itself will say. */
const NO_FAILURES = new Set(["conflict", "lock-held", "rollback"]);

/** Wraps the slot that opened the vault anew where it is weak. Never fails: the command goes on without. */
export function renewal(call: VaultCall, path: string): AfterUnlock {
  return async (session, { password, keyFile }) => {
    if (password === undefined) return;
    try {
      await renew(call, session, { path, password, keyFile });
    } catch (error) {
      if (!(error instanceof PmError)) throw error;
      if (NO_FAILURES.has(error.code)) return;
      await call.out.warn(`the password's key slot is weak and could not be renewed: ${error.message}`);
    }
  };
}

async function renew(
  call: VaultCall,
  session: VaultSession,
  { path, ...secrets }: { path: string; password: Uint8Array; keyFile: Uint8Array | undefined },
): Promise<void> {
  const kdf = (await currentSlot(session))?.kdf;
  const profiles = call.kdfProfiles ?? KDF_PROFILES;
  const profile = kdf === undefined ? undefined : renewalProfile(kdf, profiles, call.settings().kdf);
  if (profile === undefined) return;
  const [{ isReplaceable }, { isBackup }] = await Promise.all([
    import("../node/vault-facts.ts"),
    import("../node/backups.ts"),
  ]);
  if (isBackup(path) || !isReplaceable(path)) return;
  await session.rewrapPassword({ ...secrets, profile, wait: "never" });
  await call.out.note(
    `made guessing the password costlier: ${describeKdf(profiles[profile])}, was ${describeKdf(kdf)}`,
  );
}

async function currentSlot(session: VaultSession): Promise<SlotInfo | undefined> {
  return (await session.info()).slots.find(({ current }) => current);
}

export interface Upgrade {
  readonly profile: KdfProfile;
  /** Whether the call names the profile; only then a slot is made weaker. */
  readonly isNamed: boolean;
}

/**
 * Wraps the password that opened the vault at the cost of a profile.
 * @returns what it costs now, and whether anything was changed
 * @throws PmError "conflict" where it was no password, or where it would get weaker unasked
 */
export async function upgradeKdf(
  call: VaultCall,
  session: VaultSession,
  { secrets, profile, isNamed }: Upgrade & { readonly secrets: Credentials },
): Promise<{ readonly cost: string; readonly isChanged: boolean }> {
  const { password, keyFile } = secrets;
  const kdf = (await currentSlot(session))?.kdf;
  if (password === undefined || kdf === undefined) {
    throw new PmError("conflict", "it was not a password that opened the vault", {
      hint: "give the password: pm passwd --upgrade-kdf --password-fd N",
    });
  }
  const target = (call.kdfProfiles ?? KDF_PROFILES)[profile];
  const cost = describeKdf(target);
  const isChanged = isBelow(kdf, target) || isBelow(target, kdf) || kdf.lanes !== target.lanes;
  if (isBelow(target, kdf)) await requireWish(call, { cost, was: describeKdf(kdf), profile, isNamed });
  if (isChanged) await session.rewrapPassword({ password, keyFile, profile, wait: "for the lock" });
  return { cost, isChanged };
}

async function requireWish(
  call: VaultCall,
  { cost, was, profile, isNamed }: Upgrade & { readonly cost: string; readonly was: string },
): Promise<void> {
  if (isNamed) return await call.out.warn(`guessing the password gets cheaper: ${cost}, was ${was}`);
  throw new PmError("conflict", `guessing the password costs more already: ${was}`, {
    hint: `to make it cheaper: pm passwd --upgrade-kdf --kdf ${profile}`,
  });
}
