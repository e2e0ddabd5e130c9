import type { LoggedOperation } from "../../core/vault/session.ts";
import { confirm } from "../ask.ts";
import { alignColumns } from "../columns.ts";
import { type Command, defineCommand } from "../command.ts";
import { withConfirmation } from "../confirm.ts";
import type { Context } from "../context.ts";
import { operationCells, operationLines, operationSummary, operationToJson } from "../log-text.ts";
import { reportDurability } from "../report.ts";
import { isSameOperation, planUndo } from "../undo-plan.ts";
import { MAX_LISTED, parseCount } from "../values.ts";

export const undo: Command = defineCommand({
  args: [],
  options: {
    list: { kind: "flag", summary: "List what can be undone, and change nothing" },
    number: { kind: "value", short: "n", hint: "N", summary: "Undo the last N changes, not just one" },
  },
  details: [
    "Reverses the last change of the vault, whichever command made it, and prints what was undone. An undo is a change itself: undoing it does the change again. Several changes are undone together or not at all, after a question; without a terminal that needs -y.",
    "What erases values or changes keys can't be undone, nor what came before it: passwd, key, rekey, bundle make, bundle rm, rm --purge, trash empty. What came with a merge is undone by undoing the merge.",
    "--list prints what can be undone, newest first, each with the number that -n takes; a last line with a dash is where it ends.",
  ],
  examples: [
    { command: "pm undo", note: "Take the last change back" },
    { command: "pm undo --list", note: "What could be undone" },
    { command: "pm undo -n 2 -y", note: "The last two, without a question" },
  ],
  exits: ["not-found", "conflict"],
  vault: "writes",
  readsWith: "list",
  async run(ctx, { options }) {
    const count = options.number === undefined ? undefined : parseCount(options.number, "-n", MAX_LISTED);
    const plan = planUndo(await (await ctx.vault()).log(), count ?? (options.list ? undefined : 1));
    if (options.list) return await list(ctx, plan);
    await reverse(ctx, plan.operations, count ?? 1);
  },
});

async function list(ctx: Context, { operations, barrier }: ReturnType<typeof planUndo>): Promise<void> {
  if (ctx.globals.json) {
    const end = barrier === undefined ? {} : { barrier: operationToJson(barrier) };
    return await ctx.out.json({ v: 1, operations: operations.map(operationToJson), ...end });
  }
  const rows = operations.flatMap((operation, n) =>
    operationCells(operation).map((cells) => [String(n + 1), ...cells]),
  );
  const end = barrier === undefined ? [] : operationCells(barrier).map((cells) => ["-", ...cells]);
  await ctx.out.lines(alignColumns([...rows, ...end]));
}

async function reverse(ctx: Context, planned: readonly LoggedOperation[], count: number): Promise<void> {
  // Where fewer can be undone the session refuses, and there is nothing to ask.
  if (count > 1 && planned.length === count) {
    await confirm(ctx, `undo ${count} changes: ${planned.map(operationSummary).join(", ")}?`);
  }
  const session = await ctx.vault();
  const { undone, durable } = await withConfirmation(ctx, () => session.undo(count));
  if (!planned.every((operation, n) => isSameOperation(operation, undone[n]))) {
    await ctx.out.warn("another change came in between; pm undo takes this one back");
  }
  await reportDurability(ctx, { durable });
  if (ctx.globals.json) return await ctx.out.json({ v: 1, undone: undone.map(operationToJson), durable });
  await ctx.out.lines(operationLines(undone));
}
