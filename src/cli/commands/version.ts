import { utf8 } from "../../core/bytes.ts";
import { type Command, defineCommand } from "../command.ts";
import { VERSION, versionLine } from "../version.ts";

/** The vault format that this version reads and writes: docs/format.md. */
const FORMAT = "PMV1";

export const version: Command = defineCommand({
  args: [],
  options: {},
  details: ["Prints the version of pm, and with --json the vault format that it writes, too."],
  examples: [
    { command: "pm version", note: "The version" },
    { command: "pm version --json", note: "For programs" },
  ],
  vault: "none",
  async run(ctx) {
    if (ctx.globals.json) await ctx.out.json({ v: 1, version: VERSION, format: FORMAT });
    else await ctx.out.raw(utf8(versionLine()));
  },
});
