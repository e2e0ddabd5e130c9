/** The report of an import on its way out. */
import type { ImportPlan } from "../core/import/plan.ts";
import type { EditResult } from "../core/vault/edit.ts";
import type { Context } from "./context.ts";
import type { ReadExport } from "./import.ts";
import { countOf, planJson, planTable, places, reportLines } from "./import-report.ts";
import { reportDurability } from "./report.ts";

export interface ImportOutcome {
  readonly read: ReadExport;
  readonly plan: ImportPlan;
  /** Undefined where nothing was to be saved. */
  readonly saved: EditResult | undefined;
  readonly isDry: boolean;
}

export async function reportImport(ctx: Context, { read, plan, saved, isDry }: ImportOutcome): Promise<void> {
  await reportDurability(ctx, { durable: saved?.durable ?? true });
  if (ctx.globals.json) {
    return await ctx.out.json({
      v: 1,
      format: read.format.name,
      dryRun: isDry,
      saved: saved !== undefined,
      entries: planJson(plan),
      places: places(plan),
      durable: saved?.durable ?? true,
    });
  }
  if (isDry) {
    await ctx.out.lines(planTable(plan));
    return await ctx.out.note(`${read.name} is an export of ${read.format.title}; nothing was changed`);
  }
  await ctx.out.lines(reportLines(plan));
  if (saved === undefined) return await ctx.out.note(`nothing new in ${read.name}`);
  const count = countOf(plan, "new") + countOf(plan, "changed");
  await ctx.out.note(`imported ${count} entr${count === 1 ? "y" : "ies"} of ${read.format.title}`);
  if (!read.exposed) return;
  await ctx.out.warn(`${read.name} holds secrets that others could read: delete it when all is there`);
}
