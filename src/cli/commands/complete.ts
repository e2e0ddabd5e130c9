import { type Command, defineCommand } from "../command.ts";
import { knownNames } from "../known-names.ts";

/** Called by the completion scripts of the shells, at every Tab. */
export const complete: Command = defineCommand({
  args: [{ name: "kind", summary: "What to complete", required: true, choices: ["entry", "field"] }],
  options: {
    prefix: { kind: "value", hint: "TEXT", summary: "Only names that begin so" },
    of: { kind: "value", hint: "NAME", summary: "The entry whose fields are meant" },
  },
  details: ["Prints names for the completion of a shell, one a line, where an agent runs and is unlocked."],
  examples: [{ command: "pm complete entry --prefix web/", note: "What begins with web/" }],
  vault: "none",
  async run(ctx, { args, options: { prefix = "", of = "" } }) {
    if (args.kind === "field" && of === "") return;
    const names = await knownNames(ctx, { prefix, ...(args.kind === "field" ? { entry: of } : {}) });
    await ctx.out.lines(names);
  },
});
