import type { LoggedOperation } from "../../core/vault/session.ts";
import { type Command, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { operationLines, operationToJson } from "../log-text.ts";
import { findEntry } from "../lookup.ts";
import { MAX_LISTED, parseCount } from "../values.ts";

export const log: Command = defineCommand({
  args: [{ name: "name", summary: "Only what touched this entry", completes: "entry" }],
  options: {
    number: { kind: "value", short: "n", hint: "N", summary: "Only the newest N" },
  },
  details: [
    "Lists what changed, newest first: when, by which command, on which device, which entries, and which of their fields. It never shows a value.",
    "NAME is an entry, or a path that one had. The log keeps about the last 100 changes; of a change that touched very many entries only some are named. What came with a merge is listed with its own time and device.",
  ],
  examples: [
    { command: "pm log -n 5", note: "The last five changes" },
    { command: "pm log web/github", note: "What happened to one entry" },
    { command: "pm log --json", note: "For programs" },
  ],
  exits: ["not-found", "ambiguous"],
  vault: "reads",
  async run(ctx, { args, options }) {
    const limit = options.number === undefined ? undefined : parseCount(options.number, "-n", MAX_LISTED);
    const all = await (await ctx.vault()).log();
    const found = args.name === undefined ? all : await touching(ctx, all, args.name);
    const operations = found.slice(0, limit);
    if (ctx.globals.json) return ctx.out.json({ v: 1, operations: operations.map(operationToJson) });
    await ctx.out.lines(operationLines(operations));
  },
});

/** The operations on the entry called `name`, now or then, with nothing of other entries. */
async function touching(
  ctx: Context,
  operations: readonly LoggedOperation[],
  name: string,
): Promise<readonly LoggedOperation[]> {
  const ids = await idsCalled(ctx, operations, name);
  return operations.flatMap((operation) => {
    const entries = operation.entries.filter(({ id }) => ids.has(id));
    return entries.length === 0 ? [] : [{ ...operation, entries, count: entries.length }];
  });
}

async function idsCalled(
  ctx: Context,
  operations: readonly LoggedOperation[],
  name: string,
): Promise<ReadonlySet<string>> {
  const wanted = name.normalize("NFC");
  const named = operations.flatMap(({ entries }) => entries).filter(({ path }) => path === wanted);
  const ids = new Set(named.map(({ id }) => id));
  // A name that is gone by now still stands in the log.
  if (ids.size > 0 && (await (await ctx.vault()).resolve(name)).kind === "none") return ids;
  return ids.add((await findEntry(ctx, name)).id);
}
