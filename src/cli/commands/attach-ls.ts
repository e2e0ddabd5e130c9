import { type Command, defineCommand } from "../command.ts";
import { findEntry } from "../lookup.ts";

export const attachLs: Command = defineCommand({
  args: [{ name: "name", summary: "Name or id:HEX of the entry", required: true, completes: "entry" }],
  options: {},
  details: [
    "Prints the size in bytes and the name of each attachment of an entry, one a line, in the order in which they came. Without attachments it prints nothing.",
  ],
  examples: [
    { command: "pm attach ls ssh/host", note: "Sizes and names" },
    { command: "pm attach ls ssh/host --json", note: "For programs, with SHA-256" },
  ],
  exits: ["not-found", "ambiguous"],
  vault: "reads",
  async run(ctx, { args }) {
    const { id } = await findEntry(ctx, args.name);
    const { path, attachments } = await (await ctx.vault()).entry(id);
    if (ctx.globals.json) return await ctx.out.json({ v: 1, id, path, attachments });
    const width = Math.max(0, ...attachments.map(({ size }) => String(size).length));
    await ctx.out.lines(attachments.map(({ name, size }) => `${String(size).padStart(width)}  ${name}`));
  },
});
