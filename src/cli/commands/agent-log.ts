import type { Access } from "../../core/vault/session.ts";
import { accessLines, accessToJson } from "../access-text.ts";
import { type Command, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { findEntry } from "../lookup.ts";
import { MAX_LISTED, parseCount } from "../values.ts";

export const agentLog: Command = defineCommand({
  args: [],
  options: {
    number: { kind: "value", short: "n", hint: "N", summary: "Only the newest N" },
    entry: { kind: "value", hint: "NAME", completes: "entry", summary: "Only this entry" },
  },
  details: [
    "Lists what the agent gave out of this vault, newest first: when, by which command, what for, which entry, and to which program. It never shows a value. The program is what the process that asked reported: it is a help to remember, no evidence.",
    "The log stands on this machine, sealed under the key of the vault. What commands read without an agent is not in it.",
  ],
  examples: [
    { command: "pm agent log -n 20", note: "What was read last" },
    { command: "pm agent log --entry web/github", note: "Who read one entry" },
  ],
  exits: ["not-found", "ambiguous"],
  vault: "reads",
  async run(ctx, { options }) {
    const limit = options.number === undefined ? undefined : parseCount(options.number, "-n", MAX_LISTED);
    const session = await ctx.vault();
    const isNarrowed = options.entry !== undefined;
    const all = await session.accessLog(isNarrowed ? undefined : limit);
    const found = options.entry === undefined ? all : await about(ctx, all, options.entry);
    const accesses = found.slice(0, limit);
    if (ctx.globals.json) await ctx.out.json({ v: 1, accesses: accesses.map(accessToJson) });
    else await ctx.out.lines(accessLines(accesses));
  },
});

/** What was done with the entry called `name`, now or then. */
async function about(ctx: Context, all: readonly Access[], name: string): Promise<readonly Access[]> {
  const wanted = name.normalize("NFC");
  const ids = new Set(all.filter(({ path }) => path === wanted).map(({ id }) => id));
  // A name that is gone by now still stands in the log.
  const isGone = ids.size > 0 && (await (await ctx.vault()).resolve(name)).kind === "none";
  if (!isGone) ids.add((await findEntry(ctx, name)).id);
  return all.filter(({ id, purpose }) => purpose === "search" || (id !== undefined && ids.has(id)));
}
