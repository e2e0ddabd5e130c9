import { findAttachment } from "../../core/vault/attachment.ts";
import { type Command, defineCommand } from "../command.ts";
import { findEntry } from "../lookup.ts";
import { reportSaved } from "../report.ts";

export const attachRm: Command = defineCommand({
  args: [
    { name: "name", summary: "Name or id:HEX of the entry", required: true, completes: "entry" },
    { name: "attachment", summary: "Name of the attachment", required: true, completes: "attachment" },
  ],
  options: {},
  details: [
    "Takes an attachment away from an entry. pm undo brings it back, as long as the operation log reaches back to it.",
    "The data is erased once nothing needs it: no other entry that has the same, and no operation that can be undone. pm rm --purge erases it with its entry.",
  ],
  examples: [{ command: "pm attach rm ssh/host id_ed25519.pub", note: "One attachment" }],
  exits: ["not-found", "ambiguous"],
  vault: "writes",
  async run(ctx, { args }) {
    const { id } = await findEntry(ctx, args.name, { live: true });
    const session = await ctx.vault();
    const entry = await session.entry(id);
    const { name } = await findAttachment(entry, args.attachment);
    const result = await session.edit([{ kind: "detach", id, name }]);
    await reportSaved(ctx, result, `removed "${name}" from "${entry.path}"`);
  },
});
