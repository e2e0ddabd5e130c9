import { type Command, defineCommand } from "../command.ts";
import { unsetSetting } from "../effective-settings.ts";

export const configUnset: Command = defineCommand({
  args: [{ name: "key", summary: "Name of the setting", required: true }],
  options: {},
  details: [
    "Takes a setting out of the settings file, so that its default counts again. One that is not there is no error.",
  ],
  examples: [{ command: "pm config unset clip-time", note: "Back to 45 seconds" }],
  vault: "none",
  async run(ctx, { args }) {
    await unsetSetting(ctx, args.key);
    await ctx.out.note(`${args.key} has its default again`);
  },
});
