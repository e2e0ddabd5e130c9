import { type Command, defineCommand } from "../command.ts";
import { reportSaved } from "../report.ts";
import { findTrashed } from "../trash.ts";

export const trashRestore: Command = defineCommand({
  args: [{ name: "names", summary: "Names or id:HEX of trashed entries", required: true, variadic: true }],
  options: {},
  details: [
    "Brings entries back from the trash under their old names, all of them or none. A live entry of the same name is a conflict: pm mv it away first. Where several trashed entries have one name they are listed with their ids.",
  ],
  examples: [{ command: "pm trash restore web/github", note: "One entry" }],
  exits: ["not-found", "ambiguous", "conflict"],
  vault: "writes",
  async run(ctx, { args }) {
    const ids = new Set<string>();
    for (const name of args.names) ids.add((await findTrashed(ctx, name)).id);
    const session = await ctx.vault();
    const result = await session.edit([...ids].map((id) => ({ kind: "restore", id })));
    await reportSaved(
      ctx,
      result,
      `restored ${ids.size === 1 ? `"${args.names[0]}"` : `${ids.size} entries`}`,
    );
  },
});
