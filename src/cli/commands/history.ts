import { revisionsOf } from "../../core/vault/field-revisions.ts";
import { type Command, defineCommand, ENTRY_ARG } from "../command.ts";
import { readEntry } from "../confirm.ts";
import { historyLines, historyToJson } from "../history-text.ts";
import { findEntry } from "../lookup.ts";
import { fieldEverCalled } from "../revisions.ts";

export const history: Command = defineCommand({
  args: [
    ENTRY_ARG,
    { name: "field", summary: "Only this field; also one that was removed", completes: "field" },
  ],
  options: {
    reveal: { kind: "flag", summary: "Show secrets as well" },
  },
  details: [
    "Lists the values that the fields of an entry have had, field by field and newest first, each with its number and the time at which it was written: 0 is the current value, marked with a star, -1 the one before. pm get NAME FIELD --rev -1 prints such a value.",
    "Secrets are masked, with as many dots whatever their length, unless --reveal is given.",
    "An entry keeps its last 20 replaced values; of old passwords the newest five go last.",
  ],
  examples: [
    { command: "pm history web/github", note: "All fields" },
    { command: "pm history web/github password --reveal", note: "The passwords it has had" },
    { command: "pm history web/github --json", note: "For programs" },
  ],
  exits: ["not-found", "ambiguous"],
  vault: "reads",
  async run(ctx, { args, options }) {
    const row = await findEntry(ctx, args.name);
    const entry = await readEntry(ctx, row.id, options.reveal);
    const field = args.field === undefined ? undefined : await fieldEverCalled(entry, args.field);
    const revisions = revisionsOf(entry).filter(
      (revision) => field === undefined || revision.field === field,
    );
    if (ctx.globals.json) return ctx.out.json(historyToJson(entry, revisions, options.reveal));
    await ctx.out.lines(historyLines(revisions, { reveal: options.reveal, style: await ctx.out.style() }));
  },
});
