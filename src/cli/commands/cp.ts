import { type Command, defineCommand } from "../command.ts";
import { withConfirmation } from "../confirm.ts";
import { describeRelocation, planRelocation } from "../relocate.ts";
import { reportSaved } from "../report.ts";

export const cp: Command = defineCommand({
  args: [
    {
      name: "old",
      summary: "Name or id:HEX of an entry, or a folder with / at its end",
      required: true,
      completes: "entry",
    },
    {
      name: "new",
      summary: "Name of the copy, or a folder with / at its end",
      required: true,
      completes: "entry",
    },
  ],
  options: {
    force: { kind: "flag", short: "f", summary: "Replace the content of an entry that is in the way" },
  },
  details: [
    "Copies an entry with all its fields and tags; the copy has an id of its own and no history. A NEW that ends in / is a folder, and the copy keeps the last part of the name there.",
    "An OLD that ends in / is a folder: everything below it is copied, all of it or nothing. / alone is the top.",
    "An entry at the new name is a conflict; with -f its content is replaced, and its old values stay in its history.",
  ],
  examples: [
    { command: "pm cp web/github web/github-bot", note: "One entry" },
    { command: "pm cp web/ staging/", note: "A whole folder" },
  ],
  exits: ["not-found", "ambiguous", "conflict"],
  vault: "writes",
  async run(ctx, { args, options }) {
    const plan = await planRelocation(ctx, args.old, args.new);
    const existing = options.force ? "replace" : "refuse";
    const session = await ctx.vault();
    const edits = plan.map(({ id, path }) => ({ kind: "copy", id, path, existing }) as const);
    const result = await withConfirmation(ctx, () => session.edit(edits));
    await reportSaved(ctx, result, `copied ${describeRelocation(plan)}`);
  },
});
