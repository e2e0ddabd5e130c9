import { wipe } from "../../core/bytes.ts";
import { PmError } from "../../core/errors.ts";
import { type Command, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { chooseProfile, KDF_DETAILS, KDF_OPTION } from "../kdf-option.ts";
import { confirmRecoveryCode, newKey, type NewKey, parseLabel } from "../new-key.ts";
import { newPassword, type NewPassword } from "../new-password.ts";
import { choosePassword } from "../password-sources.ts";
import { deliverSecret, TOKEN_FILE_OPTION } from "../secret-output.ts";
import { requireTerminal } from "../terminal.ts";
import { createVaultHere, newVaultPath } from "../vault-access.ts";

interface InitOptions {
  readonly recovery: boolean;
  readonly "no-recovery": boolean;
  readonly "token-file": string | undefined;
}

export const init: Command = defineCommand({
  args: [],
  options: {
    kdf: KDF_OPTION,
    recovery: { kind: "flag", summary: "Make a recovery code, also without a terminal" },
    "no-recovery": { kind: "flag", summary: "Make no recovery code" },
    label: { kind: "value", hint: "TEXT", summary: "Label of the password's key slot (password)" },
    "token-file": { ...TOKEN_FILE_OPTION, summary: "Write the recovery code to a new file (0600)" },
  },
  details: [
    "Creates an empty vault at --vault, PM_VAULT, the setting vault, or the default place. A vault or any other file that is there already is never touched.",
    "The master password is typed twice, or comes from any password source. It needs 12 characters, or fewer that are hard to guess, and no control characters.",
    "Where the password is typed, a recovery code is shown once and one group of it has to be typed back; only then is the vault written. Where the password comes from a source, a code is made with --recovery only, and is all that is printed on standard output. --token-file makes a code too, and writes it to a new private file instead.",
    KDF_DETAILS,
  ],
  examples: [
    { command: "pm init", note: "Type a password, note the recovery code" },
    { command: "pm init --password-file master.txt", note: "In a script, without a recovery code" },
    { command: "pm init --password-fd 3 --token-file recovery.txt 3< master.txt", note: "With one" },
  ],
  exits: ["conflict"],
  vault: "writes",
  async run(ctx, { options }) {
    requireSense(ctx, options);
    const profile = chooseProfile(ctx, options.kdf);
    const label = parseLabel(options.label, "password");
    const path = await newVaultPath(ctx);
    const source = choosePassword(ctx.globals, ctx.io.env);
    const password = await newPassword(ctx, source, "give it by --password-fd N or --password-stdin");
    const key = wantsCode(options, password) ? await newKey(ctx, "recovery", "recovery") : undefined;
    const create = async (): Promise<object> => {
      const slot = { type: "password", password: password.bytes, profile, label } as const;
      const slots = key === undefined ? [slot] : [slot, key.slot];
      (await createVaultHere(ctx, { path, slots }))[Symbol.dispose]();
      return { vault: path };
    };
    try {
      const isShown = password.typed && options["token-file"] === undefined;
      await (isShown ? createForPerson(ctx, key, create) : createForScript(ctx, key, { options, create }));
    } finally {
      wipe(password.bytes, key?.slot.secret);
    }
    await ctx.out.note(`created the vault ${path}`);
    if (key === undefined) await ctx.out.note("it has no recovery code; pm key add recovery makes one");
  },
});

function wantsCode(options: InitOptions, password: NewPassword): boolean {
  return (
    !options["no-recovery"] && (options.recovery || options["token-file"] !== undefined || password.typed)
  );
}

/** The code is seen and noted before there is anything to recover. */
async function createForPerson(
  ctx: Context,
  key: NewKey | undefined,
  create: () => Promise<object>,
): Promise<void> {
  if (key !== undefined) {
    using terminal = requireTerminal(ctx, "the recovery code has to be confirmed", "pm init --no-recovery");
    await confirmRecoveryCode(ctx, terminal, key.text);
  }
  const facts = await create();
  if (ctx.globals.json) await ctx.out.json({ v: 1, ...facts });
}

async function createForScript(
  ctx: Context,
  key: NewKey | undefined,
  { options, create }: { readonly options: InitOptions; readonly create: () => Promise<object> },
): Promise<void> {
  if (key !== undefined)
    return await deliverSecret(ctx, { text: key.text, file: options["token-file"] }, create);
  const facts = await create();
  if (ctx.globals.json) await ctx.out.json({ v: 1, ...facts });
}

function requireSense(ctx: Context, options: InitOptions): void {
  const asksForCode = options.recovery || options["token-file"] !== undefined;
  if (asksForCode && options["no-recovery"]) {
    throw new PmError("usage", "--no-recovery makes no recovery code, and another option asks for one");
  }
  if (ctx.globals.keyFile !== undefined) {
    throw new PmError("usage", "a new vault begins with a password, not with a key file", {
      hint: "pm init, then pm key add keyfile FILE",
    });
  }
}
