import { PmError } from "../../core/errors.ts";
import { type Command, defineCommand } from "../command.ts";
import { IMPORT_OPTIONS } from "../import-credentials.ts";

interface Words {
  readonly format: string | undefined;
  readonly file: string | undefined;
}

export const importCommand: Command = defineCommand({
  args: [
    { name: "format", summary: "Format of the export, where it is not to be recognised", completes: "file" },
    { name: "file", summary: "Export of another password manager, or - for stdin", completes: "file" },
  ],
  options: {
    "dry-run": { kind: "flag", summary: "Print what each entry would come to, and change nothing" },
    folder: { kind: "value", hint: "NAME", completes: "entry", summary: "Put everything below this folder" },
    keep: { kind: "flag", summary: "Leave an entry as it is where the vault has other values" },
    map: { kind: "value", hint: "MAP", summary: "Columns of a CSV, as in 'title=Name,password=Pass'" },
    "skip-attachments": { kind: "flag", summary: "Leave attachments out, and list them" },
    ...IMPORT_OPTIONS,
  },
  details: [
    "Takes over everything that an export of another password manager holds, in one save that pm undo takes back. The format is recognised by the content; FORMAT insists on one: 1password, bitwarden, chrome (and the browsers like it), buttercup, csv, dashlane, enpass, firefox, keeper, keepassxc, lastpass, nordpass, proton, roboform, safari, or one of their formats as bitwarden-csv. docs/import.md has them all, and what becomes of each thing.",
    "What pm has no field for becomes a field of its own name, a tag, an attachment or an item of the history, and the report says which. Whatever fails, the vault is unchanged.",
    "Importing again writes nothing: entries are compared by content. Where the vault has an entry of this name and user with other values, it takes the new ones, and the old ones go into its history; --keep leaves it as it is. A value that the history has already is not brought back.",
    "The password of a protected export comes from a --import-password option, or is asked for. With --password-stdin line 1 of standard input is the vault's password, with --import-password-stdin the next line the export's, and with FILE - the rest is the export.",
    "An export that is not protected is readable for whoever finds it: delete it when it is imported.",
  ],
  examples: [
    { command: "pm import passwords.csv --dry-run", note: "What would come" },
    { command: "pm import passwords.csv", note: "Take it over" },
    { command: "pm import csv list.csv --map 'title=Name,password=Pass'", note: "Any other table" },
  ],
  exits: ["not-found", "conflict"],
  vault: "writes",
  readsWith: "dry-run",
  async run(ctx, { args, options }) {
    const { planInto, readExport, savePlan } = await import("../import.ts");
    const isDry = options["dry-run"];
    const read = await readExport(ctx, {
      ...wordsOf(args),
      folder: options.folder,
      map: options.map,
      skipAttachments: options["skip-attachments"],
      secrets: options,
    });
    const plan = await planInto(ctx, read, options.keep);
    const saved = isDry ? undefined : await savePlan(ctx, plan);
    const { reportImport } = await import("../import-say.ts");
    await reportImport(ctx, { read, plan, saved, isDry });
  },
});

/** One word is the file. */
function wordsOf({ format, file }: Words): { format: string | undefined; file: string } {
  if (file !== undefined) return { format, file };
  if (format !== undefined) return { format: undefined, file: format };
  throw new PmError("usage", "import needs the export", { hint: "pm import FILE" });
}
