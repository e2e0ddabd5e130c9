import { wipe } from "../../core/bytes.ts";
import { PmError } from "../../core/errors.ts";
import { type Command, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { chooseProfile, KDF_DETAILS, KDF_OPTION } from "../kdf-option.ts";
import { IMPORT_OPTIONS, type ImportSecrets, importPassword } from "../import-credentials.ts";
import { KIT_OPTION, requireKitFile } from "../kit-option.ts";
import { parseLabel } from "../new-key.ts";
import { newPassword } from "../new-password.ts";
import { makeVault } from "../new-vault.ts";
import { choosePassword } from "../password-sources.ts";
import { TOKEN_FILE_OPTION } from "../secret-output.ts";
import type { Filling } from "../import-new.ts";
import { newVaultPath } from "../vault-access.ts";

interface InitOptions extends ImportSecrets {
  readonly from: string | undefined;
  readonly recovery: boolean;
  readonly "no-recovery": boolean;
  readonly "token-file": string | undefined;
  readonly kit: string | undefined;
}

export const init: Command = defineCommand({
  args: [],
  options: {
    kdf: KDF_OPTION,
    recovery: { kind: "flag", summary: "Make a recovery code, also without a terminal" },
    "no-recovery": { kind: "flag", summary: "Make no recovery code" },
    label: { kind: "value", hint: "TEXT", summary: "Label of the password's key slot (password)" },
    "token-file": { ...TOKEN_FILE_OPTION, summary: "Write the recovery code to a new file (0600)" },
    kit: KIT_OPTION,
    from: { kind: "value", hint: "FILE", completes: "file", summary: "Import this export at once" },
    ...IMPORT_OPTIONS,
  },
  details: [
    "Creates an empty vault at --vault, PM_VAULT, the setting vault, or the default place. A vault or any other file that is there already is never touched.",
    "The master password is typed twice, or comes from any password source. It needs 12 characters, or fewer that are hard to guess, and no control characters.",
    "Where the password is typed, a recovery code is shown once and one group of it has to be typed back; only then is the vault written. Where the password comes from a source, a code is made with --recovery only, and is all that is printed on standard output. --token-file makes a code too, and writes it to a new private file instead.",
    "--kit makes a code, and writes one page to print beside it (HTML, 0600): the code in large letters and as a QR code, the vault's id and place, and what to type when the password is forgotten. Delete the file when it is printed.",
    KDF_DETAILS,
    "--from imports an export of another password manager, as pm import does, in the same call. Where that fails there is no vault.",
  ],
  examples: [
    { command: "pm init", note: "Type a password, note the recovery code" },
    { command: "pm init --password-file master.txt", note: "In a script, without a recovery code" },
    { command: "pm init --from passwords.csv", note: "Move in at once" },
    { command: "pm init --password-fd 3 --token-file recovery.txt 3< master.txt", note: "With one" },
  ],
  exits: ["not-found", "conflict"],
  vault: "writes",
  async run(ctx, { options }) {
    requireSense(ctx, options);
    const profile = chooseProfile(ctx, options.kdf);
    const label = parseLabel(options.label, "password");
    const path = await newVaultPath(ctx);
    const filling = await fillingFrom(ctx, options);
    const source = choosePassword(ctx.globals, ctx.io.env);
    const password = await newPassword(ctx, source, "give it by --password-fd N or --password-stdin");
    const { "token-file": tokenFile, kit: kitFile } = options;
    const recovers = !options["no-recovery"] && (asksForCode(options) || password.typed);
    try {
      const fill = filling?.fill;
      await makeVault(ctx, { path, password, profile, label, recovers, tokenFile, kitFile, fill });
    } finally {
      wipe(password.bytes);
    }
    await ctx.out.note(`created the vault ${path}`);
    await filling?.say();
    if (!recovers) await ctx.out.note("it has no recovery code; pm key add recovery makes one");
  },
});

/** The export is read, and its password known, before there is anything of a vault. */
async function fillingFrom(ctx: Context, options: InitOptions): Promise<Filling | undefined> {
  if (options.from === undefined) return undefined;
  const { prepareFilling } = await import("../import-new.ts");
  return await prepareFilling(ctx, options.from, options);
}

function asksForCode(options: InitOptions): boolean {
  return options.recovery || options["token-file"] !== undefined || options.kit !== undefined;
}

function requireSense(ctx: Context, options: InitOptions): void {
  requireKitFile(options.kit);
  if (asksForCode(options) && options["no-recovery"]) {
    throw new PmError("usage", "--no-recovery makes no recovery code, and another option asks for one");
  }
  const secret = importPassword(options)?.name ?? (options["import-key-file"] && "--import-key-file");
  if (options.from === undefined && secret !== undefined) {
    throw new PmError("usage", `${secret} opens an export, and there is none`, { hint: "add --from FILE" });
  }
  if (ctx.globals.keyFile !== undefined) {
    throw new PmError("usage", "a new vault begins with a password, not with a key file", {
      hint: "pm init, then pm key add keyfile FILE",
    });
  }
}
