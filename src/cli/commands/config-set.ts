import { type Command, defineCommand } from "../command.ts";
import { setSetting } from "../effective-settings.ts";

export const configSet: Command = defineCommand({
  args: [
    { name: "key", summary: "Name of the setting", required: true },
    { name: "value", summary: "Its value", required: true },
  ],
  options: {},
  details: [
    "Writes a setting to the settings file, which never holds a secret. The settings are vault (an absolute path or a name that pm config vault gave), clip-time (seconds until the clipboard is cleared), length (of generated passwords), color (auto, always, never), kdf (profile of new passwords), timeout (seconds to wait for another command that is writing), lock-timeout (seconds without use until the agent locks the vault).",
    "A value that the setting can't have is refused, and nothing is written.",
  ],
  examples: [
    { command: "pm config set clip-time 20", note: "Clear the clipboard sooner" },
    { command: "pm config set vault /srv/vaults/team.pm", note: "Another vault by default" },
  ],
  vault: "none",
  async run(ctx, { args }) {
    await setSetting(ctx, args.key, args.value);
    await ctx.out.note(`set ${args.key} to ${args.value}`);
  },
});
