import { type Command, defineCommand } from "../command.ts";
import { effectiveSettings } from "../effective-settings.ts";

export const configList: Command = defineCommand({
  args: [],
  options: {
    origin: { kind: "flag", summary: "Say where each value comes from" },
  },
  details: [
    "Lists every setting as it is for this call, one key=value a line. With --origin each line begins with flag, environment, config (the settings file) or default, and a tab.",
  ],
  examples: [
    { command: "pm config list --origin", note: "What is set, and where" },
    { command: "pm config list --json", note: "The same for scripts" },
  ],
  vault: "none",
  async run(ctx, { options }) {
    const settings = effectiveSettings(ctx);
    if (ctx.globals.json) {
      const values = settings.map(({ key, value, origin }) => [key, { value, origin }]);
      return await ctx.out.json({ v: 1, file: ctx.paths.settings, settings: Object.fromEntries(values) });
    }
    await ctx.out.lines(
      settings.map(({ key, value, origin }) => `${options.origin ? `${origin}\t` : ""}${key}=${value}`),
    );
  },
});
