import { type Command, defineCommand } from "../command.ts";
import { effectiveSetting } from "../effective-settings.ts";

export const configGet: Command = defineCommand({
  args: [{ name: "key", summary: "Name of the setting", required: true }],
  options: {},
  details: [
    "Prints what a setting is for this call: a flag wins over a variable, a variable over the settings file, the file over the default. pm config list shows all of them.",
  ],
  examples: [
    { command: "pm config get vault", note: "Where the vault is" },
    { command: "pm config get clip-time --json", note: "With its origin" },
  ],
  vault: "none",
  async run(ctx, { args }) {
    const { key, value, origin } = effectiveSetting(ctx, args.key);
    if (ctx.globals.json) await ctx.out.json({ v: 1, key, value, origin });
    else await ctx.out.line(String(value));
  },
});
