/** What `pm init` does once it has a password: the recovery code, its kit, the vault. */
import { utf8, wipe } from "../core/bytes.ts";
import type { KdfProfile } from "../core/crypto/kdf.ts";
import type { NewSlot } from "../core/vault/session.ts";
import type { Context } from "./context.ts";
import type { Kit } from "./kit.ts";
import { confirmRecoveryCode, type NewKey, newKey } from "./new-key.ts";
import type { NewPassword } from "./new-password.ts";
import { deliverSecret, withFiles } from "./secret-output.ts";
import { requireTerminal } from "./terminal.ts";
import { createVaultHere } from "./vault-access.ts";

export interface NewVault {
  /** Absolute. */
  readonly path: string;
  readonly password: NewPassword;
  readonly profile: KdfProfile;
  /** Of the password's slot. */
  readonly label: string;
  /** Whether a recovery code is made. */
  readonly recovers: boolean;
  /** Where the code and its page go. */
  readonly tokenFile: string | undefined;
  readonly kitFile: string | undefined;
}

const VAULT_ID_BYTES = 16;

/** Makes the vault. Files with the code are written before, and taken away where it can't be made. */
export async function makeVault(ctx: Context, wanted: NewVault): Promise<void> {
  const key = wanted.recovers ? await newKey(ctx, "recovery", "recovery") : undefined;
  const { path, password, profile, label } = wanted;
  const vaultId = ctx.io.random(VAULT_ID_BYTES);
  const create = async (): Promise<object> => {
    const slot = { type: "password", password: password.bytes, profile, label } as const;
    const slots: readonly NewSlot[] = key === undefined ? [slot] : [slot, key.slot];
    (await createVaultHere(ctx, { path, slots, vaultId }))[Symbol.dispose]();
    return { vault: path };
  };
  try {
    if (key === undefined) return await printFacts(ctx, await create());
    const { newKit } = await import("./kit.ts");
    await createWithCode(ctx, { wanted, key, kit: newKit(ctx, { id: vaultId, path }, key.text), create });
  } finally {
    wipe(key?.slot.secret);
  }
}

interface WithCode {
  readonly wanted: NewVault;
  readonly key: NewKey;
  readonly kit: Kit;
  readonly create: () => Promise<object>;
}

async function createWithCode(ctx: Context, { wanted, key, kit, create }: WithCode): Promise<void> {
  const { kitPage } = await import("./kit-page.ts");
  const { kitFile, tokenFile, password } = wanted;
  const page = kitFile === undefined ? undefined : { file: kitFile, text: await kitPage(kit) };
  if (!password.typed || tokenFile !== undefined) {
    return await deliverSecret(ctx, { text: key.text, file: tokenFile, page }, create);
  }
  await showCode(ctx, key, kit);
  const files = page === undefined ? [] : [{ path: page.file, bytes: utf8(page.text) }];
  await withFiles(ctx, files, async () => printFacts(ctx, await create()));
}

/** The code is seen and noted before there is anything to recover. */
async function showCode(ctx: Context, key: NewKey, kit: Kit): Promise<void> {
  using terminal = requireTerminal(ctx, "the recovery code has to be confirmed", "pm init --no-recovery");
  const { kitText } = await import("./kit.ts");
  const text = await kitText(ctx, kit, "the code");
  await confirmRecoveryCode(ctx, terminal, { code: key.text, text });
}

async function printFacts(ctx: Context, facts: object): Promise<void> {
  if (ctx.globals.json) await ctx.out.json({ v: 1, ...facts });
}
