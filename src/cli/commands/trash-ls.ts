import { type Command, defineCommand } from "../command.ts";
import { rowToJson } from "../entry-json.ts";

export const trashLs: Command = defineCommand({
  args: [],
  options: {},
  details: [
    "Prints the paths of the entries in the trash, sorted, one a line. pm ls --trash has filters and columns.",
  ],
  examples: [
    { command: "pm trash ls", note: "What is in the trash" },
    { command: "pm trash ls --json", note: "With ids, for entries that share a path" },
  ],
  vault: "reads",
  async run(ctx) {
    const rows = await (await ctx.vault()).list({ trashed: true });
    if (ctx.globals.json) return ctx.out.json({ v: 1, entries: rows.map((row) => rowToJson(row)) });
    await ctx.out.lines(rows.map((row) => row.path));
  },
});
