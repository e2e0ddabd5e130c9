import { confirm } from "../ask.ts";
import { countText } from "../log-text.ts";
import { type Command, defineCommand } from "../command.ts";
import { reportSaved } from "../report.ts";

export const trashEmpty: Command = defineCommand({
  args: [],
  options: {},
  details: [
    "Erases every entry in the trash for ever, with its values and its history. Asks first; without a terminal it needs -y. An empty trash is no error.",
  ],
  examples: [{ command: "pm trash empty -y", note: "Without a question" }],
  vault: "writes",
  async run(ctx) {
    const session = await ctx.vault();
    const rows = await session.list({ trashed: true });
    if (rows.length === 0) return reportSaved(ctx, { ids: [], durable: true }, "the trash is empty");
    const what = countText(rows.length);
    await confirm(ctx, `Erase ${what} for ever?`);
    const result = await session.edit(rows.map(({ id }) => ({ kind: "purge", id })));
    await reportSaved(ctx, result, `erased ${what}`);
  },
});
