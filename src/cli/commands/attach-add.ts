import { wipe } from "../../core/bytes.ts";
import { PmError } from "../../core/errors.ts";
import { attachmentName, readAttached } from "../attach-input.ts";
import { type Command, defineCommand } from "../command.ts";
import { findEntry } from "../lookup.ts";
import { reportSaved } from "../report.ts";
import { shellWord } from "../shell-word.ts";

export const attachAdd: Command = defineCommand({
  args: [
    { name: "name", summary: "Name or id:HEX of the entry", required: true, completes: "entry" },
    { name: "file", summary: "File to attach; - is standard input", required: true, completes: "file" },
  ],
  options: {
    name: { kind: "value", hint: "NAME", summary: "Name of the attachment, in the place of the file's" },
    overwrite: { kind: "flag", summary: "Replace an attachment of this name" },
  },
  details: [
    "Puts the exact bytes of a file into the vault, with an entry. The file itself stays where it is.",
    "An attachment has at most 10 MiB, all of a vault together 32 MiB; data that is there already takes no room. Attachments have no history: pm undo brings back what was replaced or removed.",
  ],
  examples: [
    { command: "pm attach add ssh/host id_ed25519.pub", note: "A file, under its own name" },
    { command: "cat id_ed25519.pub | pm attach add ssh/host - --name host.pub", note: "From a pipe" },
    { command: "pm attach add ssh/host id_ed25519.pub --overwrite", note: "Again, with what is in it now" },
  ],
  exits: ["not-found", "ambiguous", "conflict"],
  vault: "writes",
  async run(ctx, { args, options }) {
    const name = await attachmentName(args.file, options.name);
    const { id, path } = await findEntry(ctx, args.name, { live: true });
    const session = await ctx.vault();
    if (!options.overwrite) {
      const { attachments } = await session.entry(id);
      if (attachments.some((one) => one.name === name)) throw taken(path, name);
    }
    const bytes = await readAttached(ctx, args.file, name);
    try {
      const existing = options.overwrite ? "replace" : "refuse";
      const result = await session.edit([{ kind: "attach", id, name, bytes, existing }]);
      await reportSaved(ctx, result, `attached "${name}" to "${path}"`);
    } finally {
      wipe(bytes);
    }
  },
});

function taken(path: string, name: string): PmError {
  return new PmError("conflict", `"${path}" has an attachment "${name}" already`, {
    hint: `pm attach add ${shellWord(path)} FILE --name OTHER, or --overwrite`,
  });
}
