import { PmError } from "../../core/errors.ts";
import { findField } from "../../core/vault/types.ts";
import { type Command, defineCommand } from "../command.ts";
import { findEntry } from "../lookup.ts";
import { reportSaved } from "../report.ts";

export const unset: Command = defineCommand({
  args: [
    { name: "name", summary: "Name or id:HEX of the entry", required: true, completes: "entry" },
    { name: "fields", summary: "Fields to remove", required: true, variadic: true, completes: "field" },
  ],
  options: {},
  details: [
    "Removes fields of an entry, all of them in one save. Their values stay in the history of the entry.",
  ],
  examples: [{ command: "pm unset web/github otp notes", note: "Two fields" }],
  exits: ["not-found", "ambiguous"],
  vault: "writes",
  async run(ctx, { args }) {
    if (args.fields.length === 0)
      throw new PmError("usage", "unset needs a field", { hint: "pm unset NAME FIELD" });
    const { id, path } = await findEntry(ctx, args.name, { live: true });
    const session = await ctx.vault();
    const entry = await session.entry(id);
    const fields = await Promise.all(args.fields.map((name) => findField(entry, name)));
    const names = new Set(fields.map(({ name }) => name));
    const result = await session.edit([
      { kind: "update", id, set: [], unset: [...names], addTags: [], removeTags: [], meta: {} },
    ]);
    await reportSaved(ctx, result, `removed ${[...names].join(", ")} of "${path}"`);
  },
});
