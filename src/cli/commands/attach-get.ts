import { toBase64, wipe } from "../../core/bytes.ts";
import { PmError } from "../../core/errors.ts";
import { type Command, defineCommand } from "../command.ts";
import { withConfirmation } from "../confirm.ts";
import { findEntry } from "../lookup.ts";

export const attachGet: Command = defineCommand({
  args: [
    { name: "name", summary: "Name or id:HEX of the entry", required: true, completes: "entry" },
    { name: "attachment", summary: "Name of the attachment", required: true, completes: "attachment" },
  ],
  options: {
    output: {
      kind: "value",
      short: "o",
      hint: "FILE",
      completes: "file",
      summary: "Write to a new private file (- is stdout)",
    },
    overwrite: { kind: "flag", summary: "Let -o replace a file" },
  },
  details: [
    "Gives the exact bytes of an attachment: into a file of mode 0600 that appears whole or not at all, or to standard output. A terminal gets them with -o - only.",
    "The attachment is matched exactly, else by the only one that differs in case. One of a use-only entry takes the master password again.",
  ],
  examples: [
    { command: "pm attach get ssh/host id_ed25519.pub -o host.pub", note: "Into a new file" },
    { command: "pm attach get ssh/host id_ed25519.pub | wc -c", note: "Into a pipe" },
  ],
  exits: ["not-found", "ambiguous", "conflict"],
  vault: "reads",
  async run(ctx, { args, options: { output, overwrite } }) {
    const { json } = ctx.globals;
    if (json && output !== undefined) throw new PmError("usage", "--output and --json exclude each other");
    if (overwrite && output === undefined) throw new PmError("usage", "--overwrite goes with --output only");
    if (output === undefined && !json && ctx.io.stdout.isTTY) {
      throw new PmError("usage", "a file is not printed on a terminal", {
        hint: "-o FILE writes it into a file, -o - to the terminal all the same",
      });
    }
    const { id } = await findEntry(ctx, args.name);
    const session = await ctx.vault();
    const { path, name, bytes, divided } = await withConfirmation(ctx, () =>
      session.attachment(id, args.attachment),
    );
    if (divided) {
      await ctx.out.warn(`attachment "${name}" of "${path}" holds several values from different devices`);
    }
    try {
      if (json) {
        await ctx.out.json({
          v: 1,
          id,
          path,
          name,
          size: bytes.length,
          value: toBase64(bytes),
          encoding: "base64",
        });
      } else if (output === undefined || output === "-") await ctx.out.raw(bytes);
      else await ctx.writeFile(output, bytes, { overwrite });
    } finally {
      wipe(bytes);
    }
  },
});
