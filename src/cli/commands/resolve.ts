import { PmError } from "../../core/errors.ts";
import type { Edit } from "../../core/vault/edit.ts";
import type { Conflict } from "../../core/vault/session.ts";
import { type Command, defineCommand } from "../command.ts";
import { findConflict } from "../conflict-text.ts";
import { readConflicts, withConfirmation } from "../confirm.ts";
import type { Context } from "../context.ts";
import { findEntry } from "../lookup.ts";
import { reportSaved } from "../report.ts";
import { askForEach, keepShown, takeNumber } from "../resolve-plan.ts";

interface Wish {
  readonly name: string | undefined;
  readonly field: string | undefined;
  readonly pick: string | undefined;
  readonly all: boolean;
  readonly reveal: boolean;
}

export const resolve: Command = defineCommand({
  args: [
    { name: "name", summary: "Name or id:HEX of the entry", completes: "entry" },
    { name: "field", summary: "Only this field, as pm conflicts names it", completes: "field" },
  ],
  options: {
    pick: { kind: "value", hint: "N", summary: "Take the value with this number" },
    all: { kind: "flag", summary: "Take the shown value everywhere, without asking" },
    reveal: { kind: "flag", summary: "Show secrets in the questions" },
  },
  details: [
    "Settles fields that two devices changed at the same time. It asks which value to take; --pick N takes it by the number that pm conflicts shows. What is not taken stays in the history of its field, so that nothing is lost, and pm undo takes the choice back.",
    "--all takes the value that is shown already: for NAME, or without a NAME for the whole vault. A new value is given by pm set.",
  ],
  examples: [
    { command: "pm resolve web/shared", note: "Choose at the terminal" },
    { command: "pm resolve web/shared password --pick 2", note: "The second value" },
    { command: "pm resolve --all", note: "What is shown, everywhere" },
  ],
  exits: ["not-found", "ambiguous", "conflict"],
  vault: "writes",
  async run(ctx, { args, options }) {
    const wish = { ...args, pick: options.pick, all: options.all, reveal: options.reveal };
    requireSense(wish);
    const { what, conflicts } = await meant(ctx, wish);
    const edits = await settle(ctx, conflicts, wish);
    if (edits.length === 0) {
      return await reportSaved(ctx, { ids: [], durable: true }, "no field holds several values");
    }
    const session = await ctx.vault();
    const result = await withConfirmation(ctx, () => session.edit(edits));
    await reportSaved(ctx, result, `settled ${what}`);
  },
});

function requireSense({ name, field, pick, all }: Wish): void {
  if (all && (pick !== undefined || field !== undefined)) {
    const other = pick === undefined ? "a FIELD" : "--pick";
    throw new PmError("usage", `--all and ${other} can't be used together`, { hint: "give one of them" });
  }
  if (name !== undefined || all) return;
  throw new PmError("usage", "resolve needs the name of an entry", { hint: "pm conflicts lists them" });
}

interface Meant {
  readonly what: string;
  readonly conflicts: readonly Conflict[];
}

/** @throws PmError "not-found" where the entry, or its field, does not hold several values */
async function meant(ctx: Context, { name, field, all, reveal }: Wish): Promise<Meant> {
  if (name === undefined) {
    return { what: "all fields", conflicts: await readConflicts(ctx, undefined, reveal) };
  }
  const { id, path } = await findEntry(ctx, name);
  const own = await readConflicts(ctx, id, reveal);
  if (own.length === 0 && !all) {
    throw new PmError("not-found", `no field of "${path}" holds several values`, { hint: "pm conflicts" });
  }
  return { what: `"${path}"`, conflicts: field === undefined ? own : [findConflict(path, own, field)] };
}

async function settle(
  ctx: Context,
  conflicts: readonly Conflict[],
  { pick, all, reveal }: Wish,
): Promise<readonly Edit[]> {
  if (all) return keepShown(conflicts);
  if (pick !== undefined) return takeNumber(conflicts, pick);
  return await askForEach(ctx, conflicts, reveal);
}
