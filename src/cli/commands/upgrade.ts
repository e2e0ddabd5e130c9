import { type Command, defineCommand } from "../command.ts";
import { readLockedVault } from "../vault-access.ts";

/** A later format is entered here: which versions it can be reached from, and the rewrite that does it. */
const NEWEST = "1.0";

export const upgrade: Command = defineCommand({
  args: [],
  options: {},
  details: [
    `Brings the vault to the newest format that this pm writes. There is only one so far, ${NEWEST}, so nothing is ever changed. A vault of a later format is refused with 8, as by every command.`,
  ],
  examples: [{ command: "pm upgrade", note: "Say which format the vault has" }],
  exits: ["not-found", "corrupt"],
  vault: "none",
  async run(ctx) {
    const { format } = await readLockedVault(ctx);
    if (ctx.globals.json) return await ctx.out.json({ v: 1, format, newest: NEWEST, upgraded: false });
    await ctx.out.line(`the vault has format ${format}; the newest is ${NEWEST}, and nothing was changed`);
  },
});
