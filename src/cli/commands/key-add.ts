import { wipe } from "../../core/bytes.ts";
import { PmError } from "../../core/errors.ts";
import { type Command, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { chooseProfile, KDF_OPTION } from "../kdf-option.ts";
import { KEY_WORDS, type KeyWord, newKey, parseLabel } from "../new-key.ts";
import { NEW_PASSWORD_OPTIONS, newPassword } from "../new-password.ts";
import { chooseNewPassword, type NewPasswordOptions } from "../password-sources.ts";
import { deliverSecret, TOKEN_FILE_OPTION } from "../secret-output.ts";

interface AddOptions extends NewPasswordOptions {
  readonly label: string | undefined;
  readonly "token-file": string | undefined;
  readonly kdf: string | undefined;
}

export const keyAdd: Command = defineCommand({
  args: [
    {
      name: "type",
      summary: "What opens the vault from now on",
      required: true,
      choices: [...KEY_WORDS, "password"],
    },
    { name: "file", summary: "New file for a key file, as --token-file", completes: "file" },
  ],
  options: {
    label: { kind: "value", hint: "TEXT", summary: "Label of the key slot (its type)" },
    "token-file": TOKEN_FILE_OPTION,
    ...NEW_PASSWORD_OPTIONS,
    kdf: KDF_OPTION,
  },
  details: [
    "Adds another way to open the vault. A vault has at most 16 key slots, of which 4 may need a password.",
    "machine makes a key for machines (PM_KEY, or --key-file with the file that holds it), keyfile a key file (--key-file, PM_KEY_FILE), recovery a code that is accepted wherever the password is asked for. password takes another password from --new-password-stdin, --new-password-fd or --new-password-file, or asks for it.",
    "The new secret is all that is printed on standard output; --token-file writes it to a new private file (0600) instead. It is shown this once and can't be printed again. Whoever has it can read and change the whole vault.",
  ],
  examples: [
    { command: "pm key add machine --label ci --token-file ci.key", note: "A key for a build machine" },
    { command: "pm key add keyfile pm.key", note: "A key file" },
    { command: "pm key add recovery", note: "Print a new recovery code" },
  ],
  exits: ["not-found", "conflict"],
  vault: "writes",
  async run(ctx, { args, options }) {
    const label = parseLabel(options.label, args.type);
    const type = KEY_WORDS.find((word) => word === args.type);
    if (type === undefined) await addPassword(ctx, label, { ...options, file: args.file });
    else await addKey(ctx, label, { type, file: chooseFile(args.file, options) });
    await ctx.out.note(`added a key slot: ${label}`);
  },
});

function chooseFile(file: string | undefined, options: AddOptions): string | undefined {
  const password =
    options["new-password-stdin"] || options["new-password-fd"] || options["new-password-file"];
  if (password || options.kdf !== undefined) {
    throw new PmError("usage", "--new-password-… and --kdf go with: pm key add password");
  }
  const named = options["token-file"];
  if (file === undefined || named === undefined) return file ?? named;
  throw new PmError("usage", "FILE and --token-file both name the file of the new key");
}

async function addKey(
  ctx: Context,
  label: string,
  { type, file }: { readonly type: KeyWord; readonly file: string | undefined },
): Promise<void> {
  const session = await ctx.vault();
  const key = await newKey(ctx, type, label);
  let added: string | undefined;
  try {
    await deliverSecret(ctx, { text: key.text, file }, async () => {
      const slot = await session.addSlot(key.slot);
      added = slot.id;
      return { id: slot.id, type: slot.type, label: slot.label };
    });
  } catch (error) {
    // Nobody got to see the key of this slot.
    if (added !== undefined) await session.removeSlot(added);
    throw error;
  } finally {
    wipe(key.slot.secret);
  }
}

async function addPassword(
  ctx: Context,
  label: string,
  options: AddOptions & { readonly file: string | undefined },
): Promise<void> {
  if (options.file !== undefined || options["token-file"] !== undefined) {
    throw new PmError("usage", "a password is not written to a file", { hint: "pm key add password" });
  }
  const source = chooseNewPassword(options);
  const profile = chooseProfile(ctx, options.kdf);
  const session = await ctx.vault();
  const password = await newPassword(ctx, source, "give it by --new-password-fd N or --new-password-stdin");
  try {
    const slot = await session.addSlot({ type: "password", password: password.bytes, profile, label });
    if (ctx.globals.json) await ctx.out.json({ v: 1, id: slot.id, type: slot.type, label: slot.label });
  } finally {
    wipe(password.bytes);
  }
}
