import { type Command, defineCommand } from "../command.ts";
import { EXPORT_FORMATS, parseRequest } from "../export-request.ts";
import { KDF_OPTION } from "../kdf-option.ts";
import { NEW_PASSWORD_OPTIONS } from "../new-password.ts";

export const exportCommand: Command = defineCommand({
  args: [],
  options: {
    output: {
      kind: "value",
      short: "o",
      hint: "FILE",
      completes: "file",
      summary: "The file to write (- is stdout)",
    },
    overwrite: { kind: "flag", summary: "Let -o replace a file" },
    only: { kind: "list", hint: "GLOB", summary: "Entries of such names; several of them add up" },
    verify: { kind: "flag", summary: "Read it back, and compare every entry" },
    ...NEW_PASSWORD_OPTIONS,
    kdf: KDF_OPTION,
    plaintext: { kind: "flag", summary: "Write text that anybody can read" },
    format: {
      kind: "value",
      hint: "FORMAT",
      choices: EXPORT_FORMATS,
      summary: "Of a plaintext export: json without it. kdbx is sealed",
    },
    reveal: { kind: "flag", summary: "Print plaintext on a terminal, too" },
  },
  details: [
    "Writes the entries to a file, with those in the trash, earlier values and attachments: sealed under a password of its own, as a vault that any pm opens with --vault FILE. The password is asked for twice, or comes from a --new-password option. --verify reads the file back before it gets its name, and compares every entry with that of the vault.",
    "--plaintext writes text instead: json is pm's own and holds everything, bitwarden-json and csv are for other programs. It asks first; a script gives -y. What a format can't hold is named, by entry. On a terminal nothing is printed without --reveal.",
    "--format kdbx writes a KeePass database under a password of its own.",
    "In a GLOB, * stands for any characters within a folder, ** also across folders, and ? for one. Every GLOB has to mean an entry.",
    "FILE appears whole or not at all, for the owner only. --overwrite never replaces a vault that is in use. A use-only entry takes the master password again; with a machine key it is exit 4.",
  ],
  examples: [
    {
      command: "pm export -o copy.pm --verify --new-password-file new.txt",
      note: "Sealed, and proven to hold the same",
    },
    {
      command: "pm export --plaintext -y --only 'web/**' -o web.json",
      note: "A part, for another program",
    },
  ],
  exits: ["not-found", "conflict"],
  vault: "reads",
  async run(ctx, { options }) {
    const request = parseRequest(ctx, options);
    const { requireTarget } = await import("../export-output.ts");
    await requireTarget(ctx, request);
    switch (request.format) {
      case "sealed":
        return await (await import("../export-sealed.ts")).exportSealed(ctx, request);
      case "kdbx":
        return await (await import("../export-kdbx.ts")).exportKdbx(ctx, request);
      default:
        return await (await import("../export-text.ts")).exportText(ctx, request);
    }
  },
});
