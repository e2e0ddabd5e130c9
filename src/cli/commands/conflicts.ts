import { conflictLines, conflictToJson } from "../conflict-text.ts";
import { type Command, defineCommand } from "../command.ts";
import { readConflicts } from "../confirm.ts";
import { findEntry } from "../lookup.ts";

export const conflicts: Command = defineCommand({
  args: [{ name: "name", summary: "Only this entry", completes: "entry" }],
  options: {
    reveal: { kind: "flag", summary: "Show secrets as well" },
  },
  details: [
    "Lists the fields that two devices changed at the same time, with all their values. Number 1 is the one that get and show print; none is lost until pm resolve settles it, or pm set gives a new value.",
    "Each line has the entry, the field (or a fact, such as tag:work or path), the number, the time and the device of the value, and the value: secrets as dots unless --reveal is given. Without such fields it prints nothing.",
  ],
  examples: [
    { command: "pm conflicts", note: "In the whole vault" },
    { command: "pm conflicts web/github --reveal", note: "Of one entry, to compare" },
    { command: "pm conflicts --json", note: "For programs" },
  ],
  exits: ["not-found", "ambiguous"],
  vault: "reads",
  async run(ctx, { args, options }) {
    const id = args.name === undefined ? undefined : (await findEntry(ctx, args.name)).id;
    const found = await readConflicts(ctx, id, options.reveal);
    if (ctx.globals.json) {
      const items = found.map((conflict) => conflictToJson(conflict, options.reveal));
      return await ctx.out.json({ v: 1, conflicts: items });
    }
    await ctx.out.lines(conflictLines(found, options.reveal));
  },
});
