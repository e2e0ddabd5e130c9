import { type Command, defineCommand, ENTRY_ARG } from "../command.ts";
import { readEntry } from "../confirm.ts";
import { entryToJson } from "../entry-json.ts";
import { entryLines } from "../entry-text.ts";
import { findEntry, warnAbout } from "../lookup.ts";

export const show: Command = defineCommand({
  args: [ENTRY_ARG],
  options: {
    reveal: { kind: "flag", summary: "Show secrets as well" },
    all: { kind: "flag", summary: "Show earlier values as well" },
  },
  details: [
    "Prints all fields of an entry. Secrets are masked, with as many dots whatever their length, unless --reveal is given.",
    "With --json a secret that is not revealed is null. What --json --reveal prints can be read by pm add --json.",
    "--all adds the earlier values of the fields, newest first. --reveal of a use-only entry takes the master password again.",
  ],
  examples: [
    { command: "pm show web/github", note: "All fields, secrets masked" },
    { command: "pm show web/github --reveal --all", note: "With secrets and earlier values" },
    { command: "pm show web/github --json", note: "For programs" },
  ],
  exits: ["not-found", "ambiguous"],
  vault: "reads",
  async run(ctx, { args, options }) {
    const row = await findEntry(ctx, args.name);
    const entry = await readEntry(ctx, row.id, options.reveal);
    const shown = { reveal: options.reveal, history: options.all };
    await warnAbout(ctx, entry, entry.fields);
    if (ctx.globals.json) return ctx.out.json(entryToJson(entry, shown));
    await ctx.out.lines(entryLines(entry, shown, await ctx.out.style()));
  },
});
