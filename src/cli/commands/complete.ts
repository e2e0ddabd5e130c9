import { type Command, defineCommand } from "../command.ts";
import { knownNames } from "../known-names.ts";

/** Called by the completion scripts of the shells, at every Tab. */
export const complete: Command = defineCommand({
  args: [
    { name: "kind", summary: "What to complete", required: true, choices: ["entry", "field", "attachment"] },
  ],
  options: {
    prefix: { kind: "value", hint: "TEXT", summary: "Only names that begin so" },
    of: { kind: "value", hint: "NAME", summary: "The entry whose fields or attachments are meant" },
  },
  details: ["Prints names for the completion of a shell, one a line, where an agent runs and is unlocked."],
  examples: [{ command: "pm complete entry --prefix web/", note: "What begins with web/" }],
  vault: "none",
  async run(ctx, { args, options: { prefix = "", of = "" } }) {
    if (args.kind !== "entry" && of === "") return;
    const attachments = args.kind === "attachment";
    const inEntry = args.kind === "entry" ? {} : { entry: of, attachments };
    const names = await knownNames(ctx, { prefix, ...inEntry });
    await ctx.out.lines(names);
  },
});
