/** What `pm rekey` does, step by step; docs/commands/rekey.md says why in this order. */
import { equalBytes, wipe } from "../core/bytes.ts";
import type { KdfProfile } from "../core/crypto/kdf.ts";
import { PmError } from "../core/errors.ts";
import { copyCredentials, type Credentials, wipeCredentials } from "../core/vault/credentials.ts";
import type { BundleInfo } from "../core/vault/bundle-info.ts";
import type { NewSlot, VaultSession } from "../core/vault/session.ts";
import { confirm } from "./ask.ts";
import type { Context } from "./context.ts";
import { escapeText } from "./escape.ts";
import { confirmKit, newKit } from "./kit.ts";
import { type NewKey, newKey } from "./new-key.ts";
import { type NewPassword, newPassword } from "./new-password.ts";
import type { PasswordSource } from "./password-sources.ts";
import { type Delivery, deliverAndSave, printJson, printsKeys } from "./rekey-delivery.ts";
import { planRekey, type RekeyPlan, type RekeyWishes } from "./rekey-plan.ts";
import { findExposure, noteExposure, planText, warnOfBundles, warnOfDropped } from "./rekey-report.ts";
import { isFile } from "./secret-output.ts";
import { requireTerminal } from "./terminal.ts";
import { openVaultHere } from "./vault-access.ts";
import { vaultPath } from "./vault-path.ts";

export interface RekeyRequest {
  readonly source: PasswordSource | undefined;
  readonly profile: KdfProfile;
  readonly wishes: RekeyWishes;
  readonly tokenFile: string | undefined;
  readonly kitFile: string | undefined;
}

export async function rekeyVault(ctx: Context, request: RekeyRequest): Promise<void> {
  let secrets: Credentials = {};
  // In this process: only here the password and the key file of the call are at hand.
  using session = await openVaultHere(ctx, {
    after: async (_session, given) => {
      secrets = copyCredentials(given);
    },
  });
  try {
    const path = await vaultPath(ctx);
    const plan = planRekey((await session.info()).slots, request.wishes);
    await requirePossible(ctx, { plan, secrets, request });
    const bundles = request.wishes.dropsBundles ? await session.bundles() : [];
    await confirmPlan(ctx, planText(path, plan, bundles), path);
    const password = await newPassword(
      ctx,
      request.source,
      "give it by --new-password-fd N or --new-password-stdin",
    );
    try {
      if (secrets.password !== undefined && equalBytes(secrets.password, password.bytes)) {
        await ctx.out.warn("the new password is the old one: whoever knows it opens the new file, too");
      }
      await renew(ctx, session, { path, plan, bundles, password, secrets, request });
    } finally {
      wipe(password.bytes);
    }
  } finally {
    wipeCredentials(secrets);
  }
}

interface Known {
  readonly plan: RekeyPlan;
  readonly secrets: Credentials;
  readonly request: RekeyRequest;
}

/** What would fail in the end fails before anything is asked. */
async function requirePossible(ctx: Context, { plan, secrets, request }: Known): Promise<void> {
  if (plan.password.takesKeyFile && secrets.keyFile === undefined) {
    throw new PmError("conflict", "the password works only together with its key file", {
      hint: "give the key file, too: --key-file FILE; or first: pm key add password",
    });
  }
  const { tokenFile, kitFile } = request;
  if (tokenFile !== undefined && plan.keys.length === 0) {
    throw new PmError("usage", "no new key is made that could go to the token file", {
      hint: "leave --token-file out, or ask for a code with --recovery",
    });
  }
  const { requireNewFile } = await import("../node/user-file.ts");
  for (const file of [tokenFile, kitFile]) {
    if (isFile(file)) await requireNewFile(file, ctx.io.cwd);
  }
}

async function confirmPlan(ctx: Context, text: string, path: string): Promise<void> {
  if (!ctx.globals.yes) {
    using terminal = requireTerminal(ctx, "this needs a yes", "-y answers yes");
    await terminal.print(`${escapeText(text)}\n`);
  }
  await confirm(ctx, `renew the root key and all keys of ${path}?`);
}

interface Renewal extends Known {
  readonly path: string;
  /** That are dropped. */
  readonly bundles: readonly BundleInfo[];
  readonly password: NewPassword;
}

async function renew(ctx: Context, session: VaultSession, renewal: Renewal): Promise<void> {
  const { plan, bundles, request } = renewal;
  const keys: NewKey[] = [];
  try {
    for (const { type, label } of plan.keys) keys.push(await newKey(ctx, type, label));
    const exposure = await findExposure(ctx, session);
    const dropped = plan.dropped.map(({ id, type, label }) => ({ id, type, label }));
    const gone = bundles.map(({ id, label, path }) => ({ id, label, path }));
    const facts = { vault: renewal.path, dropped, bundles: gone, ...exposure };
    const delivery = { ...(await handOver(ctx, session, { ...renewal, keys })), facts };
    const slots = [passwordSlot(renewal), ...keys.map(({ slot }) => slot)];
    const { dropsBundles } = request.wishes;
    await session.rekey(slots, (save) => deliverAndSave(ctx, delivery, save), { dropsBundles });
    if (ctx.globals.json && !printsKeys(delivery)) await printJson(ctx, delivery);
    await ctx.out.note("renewed the root key, and sealed the backup with it");
    await warnOfDropped(ctx, plan.dropped, request.wishes);
    await warnOfBundles(ctx, bundles);
    await noteExposure(ctx, exposure);
  } finally {
    wipe(...keys.map(({ slot }) => slot.secret));
  }
}

function passwordSlot({ plan, password, secrets, request }: Renewal): NewSlot {
  const parts = { password: password.bytes, profile: request.profile, label: plan.password.label };
  if (!plan.password.takesKeyFile || secrets.keyFile === undefined) return { type: "password", ...parts };
  return { type: "password-keyfile", secret: secrets.keyFile, ...parts };
}

/** Where each key goes. A person sees the recovery code here, and types a part of it back. */
async function handOver(
  ctx: Context,
  session: VaultSession,
  { path, password, request, keys }: Renewal & { readonly keys: readonly NewKey[] },
): Promise<Omit<Delivery, "facts">> {
  const { tokenFile, kitFile } = request;
  const code = keys.find(({ slot }) => slot.type === "recovery");
  const { vaultId } = await session.info();
  const kit = code === undefined ? undefined : newKit(ctx, { vaultId, path }, code.text);
  const isShown = kit !== undefined && password.typed && tokenFile === undefined;
  if (isShown) await confirmKit(ctx, kit, "pm rekey --no-recovery");
  return {
    keys: keys.map((key) => ({
      type: key.slot.type,
      label: key.slot.label,
      text: isShown && key === code ? undefined : key.text,
    })),
    tokenFile,
    page: kit === undefined || kitFile === undefined ? undefined : { file: kitFile, kit },
  };
}
