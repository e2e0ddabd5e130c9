/** What `pm init` does once it has a password: the recovery code, its kit, the vault. */
import { toHex, utf8, wipe } from "../core/bytes.ts";
import type { KdfProfile } from "../core/crypto/kdf.ts";
import type { NewSlot, VaultSession } from "../core/vault/session.ts";
import type { Context } from "./context.ts";
import type { Kit } from "./kit.ts";
import { type NewKey, newKey } from "./new-key.ts";
import type { NewPassword } from "./new-password.ts";
import { deliverSecret, withFiles } from "./secret-output.ts";
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
  /** Puts the first entries into it and gives what --json says of that; where it fails there is no vault. */
  readonly fill?: ((session: VaultSession) => Promise<object>) | undefined;
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
    using session = await createVaultHere(ctx, { path, slots, vaultId });
    const filled =
      wanted.fill === undefined ? {} : await filledOrGone(ctx, path, () => wanted.fill?.(session));
    return { vault: path, ...filled };
  };
  try {
    if (key === undefined) return await printFacts(ctx, await create());
    const { newKit } = await import("./kit.ts");
    await createWithCode(ctx, {
      wanted,
      key,
      kit: newKit(ctx, { vaultId: toHex(vaultId), path }, key.text),
      create,
    });
  } finally {
    wipe(key?.slot.secret);
  }
}

async function filledOrGone(
  { io }: Context,
  path: string,
  fill: () => Promise<object> | undefined,
): Promise<object | undefined> {
  try {
    return await fill();
  } catch (error) {
    const { removeFile } = await import("../node/secret-input.ts");
    for (const file of [path, `${path}.bak`]) await removeFile(io.cwd, file);
    throw error;
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
  const { confirmKit } = await import("./kit.ts");
  // The code is seen and noted before there is anything to recover.
  await confirmKit(ctx, kit, "pm init --no-recovery");
  const pageBytes = utf8(page?.text ?? "");
  const files = page === undefined ? [] : [{ path: page.file, bytes: pageBytes }];
  const work = async (): Promise<void> => printFacts(ctx, await create());
  await withFiles(ctx, files, work).finally(() => wipe(pageBytes));
}

async function printFacts(ctx: Context, facts: object): Promise<void> {
  if (ctx.globals.json) await ctx.out.json({ v: 1, ...facts });
}
