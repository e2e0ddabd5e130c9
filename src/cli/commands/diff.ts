import { COPY_DETAILS, COPY_OPTIONS, findCopy } from "../copy-credentials.ts";
import { differenceLines, differencesToJson, SIDE_WORDS } from "../copy-text.ts";
import { type Command, defineCommand } from "../command.ts";

export const diff: Command = defineCommand({
  args: [{ name: "other", summary: "Another copy of this vault", required: true, completes: "file" }],
  options: { ...COPY_OPTIONS },
  details: [
    "Lists what is not the same in another copy of the vault (a backup, the file of another device): entries that are only here or only there, and for the others the names of the fields and facts that differ. It never shows a value. Times and histories do not count.",
    "It exits with 0 whether there is a difference or not; where there is none, it prints nothing. Neither file is changed.",
    COPY_DETAILS,
  ],
  examples: [
    { command: "pm diff vault.pm.bak", note: "What the last change did" },
    { command: "pm diff vault.pm.bak --json", note: "For programs" },
  ],
  exits: ["not-found", "conflict"],
  vault: "reads",
  async run(ctx, { args, options }) {
    using copy = await findCopy(ctx, args.other, options);
    const session = await ctx.vault();
    const differences = await copy.open((source) => session.compare(source));
    if (ctx.globals.json) {
      const items = differencesToJson(differences);
      return await ctx.out.json({ v: 1, equal: items.length === 0, differences: items });
    }
    await ctx.out.lines(differenceLines(differences, SIDE_WORDS));
  },
});
