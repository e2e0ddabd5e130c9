import { type Command, defineCommand } from "../command.ts";
import { describeRelocation, planRelocation } from "../relocate.ts";
import { reportSaved } from "../report.ts";

export const mv: Command = defineCommand({
  args: [
    {
      name: "old",
      summary: "Name or id:HEX of an entry, or a folder with / at its end",
      required: true,
      completes: "entry",
    },
    {
      name: "new",
      summary: "Its new name, or a folder with / at its end",
      required: true,
      completes: "entry",
    },
  ],
  options: {
    force: { kind: "flag", short: "f", summary: "Move an entry that is in the way to the trash" },
  },
  details: [
    "Gives an entry a new name; its id, values and history stay. A NEW that ends in / is a folder, and the entry keeps its last part there.",
    "An OLD that ends in / is a folder: everything below it moves to NEW, all of it or nothing. / alone is the top.",
    "An entry at the new name is a conflict; with -f it goes to the trash.",
  ],
  examples: [
    { command: "pm mv web/github work/github", note: "One entry" },
    { command: "pm mv web/github archive/", note: "Into a folder, under its own name" },
    { command: "pm mv web/ sites/", note: "A whole folder" },
  ],
  exits: ["not-found", "ambiguous", "conflict"],
  vault: "writes",
  async run(ctx, { args, options }) {
    const plan = await planRelocation(ctx, args.old, args.new);
    const existing = options.force ? "trash" : "refuse";
    const session = await ctx.vault();
    const result = await session.edit(plan.map(({ id, path }) => ({ kind: "move", id, path, existing })));
    await reportSaved(ctx, result, `moved ${describeRelocation(plan)}`);
  },
});
