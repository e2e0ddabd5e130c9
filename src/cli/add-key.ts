/** What `pm key add` does for each type of key slot. */
import { wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { NewSlot, SlotInfo, VaultSession } from "../core/vault/session.ts";
import type { Context } from "./context.ts";
import { readKeyFile } from "./credentials.ts";
import { chooseProfile } from "./kdf-option.ts";
import { type KeyWord, type NewKey, newKey } from "./new-key.ts";
import { newPassword } from "./new-password.ts";
import { chooseNewPassword, type NewPasswordOptions } from "./password-sources.ts";
import { deliverSecret, isFile } from "./secret-output.ts";

export interface AddRequest extends NewPasswordOptions {
  readonly label: string;
  /** The argument FILE. */
  readonly file: string | undefined;
  readonly "token-file": string | undefined;
  readonly "with-key-file": string | undefined;
  readonly kdf: string | undefined;
  readonly kit: string | undefined;
}

/** What each option is for. */
const OPTION_TYPES: readonly (readonly [keyof AddRequest, name: string, types: readonly string[]])[] = [
  ["new-password-stdin", "--new-password-stdin", ["password", "password-keyfile"]],
  ["new-password-fd", "--new-password-fd", ["password", "password-keyfile"]],
  ["new-password-file", "--new-password-file", ["password", "password-keyfile"]],
  ["kdf", "--kdf", ["password", "password-keyfile"]],
  ["with-key-file", "--with-key-file", ["password-keyfile"]],
  ["kit", "--kit", ["recovery"]],
  ["file", "FILE", ["machine", "keyfile", "recovery", "password-keyfile"]],
  ["token-file", "--token-file", ["machine", "keyfile", "recovery", "password-keyfile"]],
];

/** @throws PmError "usage" where an option does not go with the type, or two name the same file */
export function requireSense(type: string, request: AddRequest): void {
  for (const [key, name, types] of OPTION_TYPES) {
    if (request[key] === undefined || request[key] === false || types.includes(type)) continue;
    throw new PmError("usage", `${name} does not go with ${type}`, {
      hint: `it goes with: ${types.map((word) => `pm key add ${word}`).join(", ")}`,
    });
  }
  const { file, "token-file": tokenFile, "with-key-file": existing } = request;
  if (file !== undefined && tokenFile !== undefined) {
    throw new PmError("usage", "FILE and --token-file both name the file of the new key");
  }
  if (existing !== undefined && (file ?? tokenFile) !== undefined) {
    throw new PmError("usage", "with --with-key-file no new key file is made", {
      hint: "leave FILE and --token-file out",
    });
  }
}

/** A key that pm makes: printed or written once. */
export async function addKey(ctx: Context, type: KeyWord, request: AddRequest): Promise<void> {
  const session = await ctx.vault();
  const key = await newKey(ctx, type, request.label);
  try {
    await deliver(ctx, session, { key, slot: key.slot, request });
  } finally {
    wipe(key.slot.secret);
  }
}

export async function addPassword(ctx: Context, request: AddRequest): Promise<void> {
  await withNewPassword(ctx, request, async (session, parts) => {
    const slot = await session.addSlot({ type: "password", ...parts });
    if (ctx.globals.json) await ctx.out.json({ v: 1, ...slotFacts(slot) });
  });
}

/** With a new key file, which is delivered as any new key, or with one that is there. */
export async function addPasswordKeyFile(ctx: Context, request: AddRequest): Promise<void> {
  const existing = request["with-key-file"];
  await withNewPassword(ctx, request, async (session, parts) => {
    const key = existing === undefined ? await newKey(ctx, "keyfile", request.label) : undefined;
    const secret = key?.slot.secret ?? (await readKeyFile(ctx, existing ?? ""));
    const slot = { type: "password-keyfile", secret, ...parts } as const;
    try {
      if (key !== undefined) return await deliver(ctx, session, { key, slot, request });
      const added = await session.addSlot(slot);
      if (ctx.globals.json) await ctx.out.json({ v: 1, ...slotFacts(added) });
    } finally {
      wipe(secret);
    }
  });
}

type PasswordParts = Omit<Extract<NewSlot, { type: "password" }>, "type">;

async function withNewPassword(
  ctx: Context,
  request: AddRequest,
  add: (session: VaultSession, parts: PasswordParts) => Promise<void>,
): Promise<void> {
  const source = chooseNewPassword(request);
  const profile = chooseProfile(ctx, request.kdf);
  const session = await ctx.vault();
  const password = await newPassword(ctx, source, "give it by --new-password-fd N or --new-password-stdin");
  try {
    await add(session, { password: password.bytes, profile, label: request.label });
  } finally {
    wipe(password.bytes);
  }
}

interface Delivered {
  /** What is handed over. */
  readonly key: NewKey;
  readonly slot: NewSlot;
  readonly request: AddRequest;
}

/** Hands the key over and adds the slot; where either fails neither stays. */
async function deliver(
  ctx: Context,
  session: VaultSession,
  { key, slot, request }: Delivered,
): Promise<void> {
  let added: string | undefined;
  const file = request.file ?? request["token-file"];
  try {
    const kit =
      key.slot.type === "recovery" ? await kitOf(ctx, session, { code: key.text, file, request }) : {};
    await deliverSecret(ctx, { text: key.text, file, page: kit.page }, async () => {
      const info = await session.addSlot(slot);
      added = info.id;
      if (kit.text !== undefined) await showOnTerminal(ctx, kit.text);
      return slotFacts(info);
    });
  } catch (error) {
    // Nobody got to see the key of this slot.
    if (added !== undefined) await session.removeSlot(added);
    throw error;
  }
}

interface KitOutput {
  readonly page?: { readonly file: string; readonly text: string };
  /** For a terminal that shows the code on stdout. */
  readonly text?: string;
}

async function kitOf(
  ctx: Context,
  session: VaultSession,
  { code, file, request }: { code: string; file: string | undefined; request: AddRequest },
): Promise<KitOutput> {
  const isShown = ctx.io.stdout.isTTY && !ctx.globals.json && !ctx.globals.quiet && !isFile(file);
  if (request.kit === undefined && !isShown) return {};
  const [{ kitText, newKit }, { kitPage }, { readLockedVault }] = await Promise.all([
    import("./kit.ts"),
    import("./kit-page.ts"),
    import("./vault-access.ts"),
  ]);
  const [{ facts }, { vaultId }] = await Promise.all([readLockedVault(ctx), session.info()]);
  const kit = newKit(ctx, { vaultId, path: facts.path }, code);
  return {
    ...(request.kit === undefined ? {} : { page: { file: request.kit, text: await kitPage(kit) } }),
    ...(isShown ? { text: await kitText(ctx, kit, "what follows") } : {}),
  };
}

async function showOnTerminal(ctx: Context, text: string): Promise<void> {
  using terminal = ctx.io.openTerminal();
  await terminal?.print(text);
}

function slotFacts({ id, type, label }: SlotInfo): object {
  return { id, type, label };
}
