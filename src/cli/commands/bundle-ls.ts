import { SHOWN_ID_DIGITS } from "../../core/vault/bundle-info.ts";
import { bundleToJson, endText, isEnded, stateText } from "../bundles.ts";
import { alignColumns } from "../columns.ts";
import { type Command, defineCommand } from "../command.ts";

export const bundleLs: Command = defineCommand({
  args: [],
  options: {},
  details: [
    "Lists the bundles that the vault remembers, one a line: the beginning of the id, the state, the day it ends, its number of entries, its label, its file.",
    "The state is current; stale where the vault would give it another content now, so that pm bundle refresh has something to do; or ended. It compares with what was sealed last, and does not look at the file.",
  ],
  examples: [
    { command: "pm bundle ls", note: "For people" },
    { command: "pm bundle ls --json", note: "For scripts, with patterns and whole ids" },
  ],
  exits: ["not-found"],
  vault: "reads",
  async run(ctx) {
    const bundles = await (await ctx.vault()).bundles();
    const now = ctx.io.now();
    if (ctx.globals.json) {
      const list = bundles.map((bundle) => ({
        ...bundleToJson(bundle),
        entries: bundle.entries,
        stale: bundle.isStale,
        expired: isEnded(bundle, now),
      }));
      return await ctx.out.json({ v: 1, bundles: list });
    }
    const rows = bundles.map((bundle) => [
      bundle.id.slice(0, SHOWN_ID_DIGITS),
      stateText(bundle, now),
      endText(bundle),
      String(bundle.entries),
      bundle.label,
      bundle.path,
    ]);
    await ctx.out.lines(alignColumns(rows));
  },
});
