import type { MergeResult } from "../../core/vault/session.ts";
import { COPY_DETAILS, COPY_OPTIONS, findCopy } from "../copy-credentials.ts";
import { differencesToJson, mergeLines } from "../copy-text.ts";
import { type Command, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { countText, shortReplica } from "../log-text.ts";
import { reportDurability } from "../report.ts";

export const merge: Command = defineCommand({
  args: [{ name: "other", summary: "Another copy of this vault", required: true, completes: "file" }],
  options: {
    "dry-run": { kind: "flag", summary: "Print what would come, and change nothing" },
    strict: { kind: "flag", summary: "Fail with exit 7 where a field would hold several values" },
    ...COPY_OPTIONS,
  },
  details: [
    "Takes over what another copy of the vault has and this one does not know, field by field; the other file is not changed. Whatever was written without knowledge of the other side stays: a field that both sides changed holds both values from then on, and pm conflicts lists them. An entry that one side deleted and the other edited stays.",
    "It prints what became of this vault's entries. It exits with 0 also where fields hold several values now, and says so on stderr; with --strict it then changes nothing and exits with 7.",
    COPY_DETAILS,
  ],
  examples: [
    { command: "pm merge vault.pm.bak --dry-run", note: "What would come" },
    { command: "pm merge vault.pm.bak", note: "Take it over" },
  ],
  exits: ["not-found", "conflict"],
  vault: "writes",
  readsWith: "dry-run",
  async run(ctx, { args, options }) {
    using copy = await findCopy(ctx, args.other, options);
    const session = await ctx.vault();
    const how = { dryRun: options["dry-run"], strict: options.strict };
    const result = await copy.open((source) => session.merge(source, how));
    await warnOf(ctx, result, how.dryRun);
    if (ctx.globals.json) return await ctx.out.json(toJson(result, how.dryRun));
    await ctx.out.lines(mergeLines(result.report));
    await ctx.out.note(summary(result, how.dryRun));
  },
});

async function warnOf(ctx: Context, { report, durable }: MergeResult, dryRun: boolean): Promise<void> {
  const { conflicts, forked, droppedSlots } = report;
  await reportDurability(ctx, { durable });
  if (conflicts.length > 0 && !dryRun) {
    const verb = conflicts.length === 1 ? "holds" : "hold";
    const what = `${countText(conflicts.length)} ${verb} several values in a field`;
    await ctx.out.warn(`${what}; pm conflicts lists them, pm resolve settles them`);
  }
  for (const replica of forked) {
    await ctx.out.warn(
      `two machines wrote as ${shortReplica(replica)}, a copied one; what both wrote is kept`,
    );
  }
  for (const slot of droppedSlots) {
    const opens = dryRun ? "would open" : "opens";
    await ctx.out.warn(
      `the key "${slot}" ${opens} the vault no longer: it was not made for the newest root key`,
    );
  }
}

function summary({ report }: MergeResult, dryRun: boolean): string {
  if (!report.isNew) return "the other copy has nothing new";
  return `${dryRun ? "would take over" : "took over"} changes of ${countText(report.changes.length)}`;
}

function toJson({ report, durable }: MergeResult, dryRun: boolean): Readonly<Record<string, unknown>> {
  const { isNew, changes, conflicts, revived, forked, droppedSlots } = report;
  return {
    v: 1,
    new: isNew,
    dryRun,
    changes: differencesToJson(changes),
    conflicts: conflicts.map(({ id, path, names }) => ({ id, path, names })),
    revived,
    forked,
    droppedSlots,
    durable,
  };
}
