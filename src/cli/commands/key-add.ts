import { addKey, addPassword, addPasswordKeyFile, requireSense } from "../add-key.ts";
import { type Command, defineCommand } from "../command.ts";
import { KDF_OPTION } from "../kdf-option.ts";
import { KIT_OPTION, requireKitFile } from "../kit-option.ts";
import { KEY_WORDS, parseLabel } from "../new-key.ts";
import { NEW_PASSWORD_OPTIONS } from "../new-password.ts";
import { TOKEN_FILE_OPTION } from "../secret-output.ts";

export const keyAdd: Command = defineCommand({
  args: [
    {
      name: "type",
      summary: "What opens the vault from now on",
      required: true,
      choices: [...KEY_WORDS, "password", "password-keyfile"],
    },
    { name: "file", summary: "New file for a key file, as --token-file", completes: "file" },
  ],
  options: {
    label: { kind: "value", hint: "TEXT", summary: "Label of the key slot (its type)" },
    "token-file": TOKEN_FILE_OPTION,
    kit: KIT_OPTION,
    "with-key-file": {
      kind: "value",
      hint: "FILE",
      completes: "file",
      summary: "Take this key file for password-keyfile, and make no new one",
    },
    ...NEW_PASSWORD_OPTIONS,
    kdf: KDF_OPTION,
  },
  details: [
    "Adds another way to open the vault. A vault has at most 16 key slots, of which 4 may need a password.",
    "machine makes a key for machines (PM_KEY, or --key-file with the file that holds it), keyfile a key file (--key-file, PM_KEY_FILE), recovery a code that is accepted wherever the password is asked for. password takes another password from --new-password-stdin, --new-password-fd or --new-password-file, or asks for it. password-keyfile takes one, too, that opens the vault only together with a key file: a new one, or the one of --with-key-file.",
    "The new secret is all that is printed on standard output; --token-file writes it to a new private file (0600) instead. It is shown this once and can't be printed again. Whoever has it can read and change the whole vault.",
    "A recovery code that is printed on a terminal comes with a QR code and with what to do with it. --kit writes the same as one page to print, beside it; delete the file when it is printed.",
  ],
  examples: [
    { command: "pm key add machine --label ci --token-file ci.key", note: "A key for a build machine" },
    { command: "pm key add keyfile pm.key", note: "A key file" },
    {
      command: "pm key add password-keyfile usb.key --new-password-file new.txt",
      note: "A password that needs a file on a stick, too",
    },
    {
      command: "pm key add recovery --kit kit.html",
      note: "Print a new recovery code, and a page for paper",
    },
  ],
  exits: ["not-found", "conflict"],
  vault: "writes",
  async run(ctx, { args, options }) {
    const label = parseLabel(options.label, args.type);
    const request = { ...options, label, file: args.file };
    requireSense(args.type, request);
    requireKitFile(options.kit);
    const type = KEY_WORDS.find((word) => word === args.type);
    if (type !== undefined) await addKey(ctx, type, request);
    else if (args.type === "password") await addPassword(ctx, request);
    else await addPasswordKeyFile(ctx, request);
    await ctx.out.note(`added a key slot: ${label}`);
  },
});
