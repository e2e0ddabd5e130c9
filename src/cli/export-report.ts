/** What is said of an export that was written. */
import type { Loss } from "../core/export/exported.ts";
import type { Context } from "./context.ts";
import type { ExportRequest } from "./export-request.ts";
import { countText } from "./log-text.ts";

export interface ExportFacts {
  readonly entries: number;
  readonly trashed: number;
  /** What the format could not hold. */
  readonly losses: readonly Loss[];
}

export async function reportExport(
  ctx: Context,
  request: ExportRequest,
  { entries, trashed, losses }: ExportFacts,
): Promise<void> {
  const { file, format } = request;
  const isSealed = format === "sealed" || format === "kdbx";
  const isVerified = format === "sealed" && request.verify;
  const left = [...Map.groupBy(losses, ({ what }) => what)].map(([what, lost]) => ({
    what,
    entries: [...new Set(lost.map(({ path }) => path))],
  }));
  if (ctx.globals.json && file !== undefined) {
    const { pathOf } = await import("../node/bundle-file.ts");
    const path = pathOf(file, ctx.io.cwd);
    return await ctx.out.json({ v: 1, path, format, entries, trashed, verified: isVerified, left });
  }
  for (const { what, entries: paths } of left) await ctx.out.warn(lossText(format, what, paths));
  if (file === undefined) return;
  if (!isSealed) await ctx.out.warn(`anybody who gets ${file} can read it; delete it when it is done with`);
  const trash = trashed === 0 ? "" : `, and ${trashed} in the trash`;
  const proof = isVerified ? "; it reads back the same" : "";
  await ctx.out.note(`exported ${countText(entries)}${trash} to ${file}${proof}`);
}

/** How many names stand in a warning; --json has them all. */
const MAX_NAMES = 5;

function lossText(format: string, what: string, paths: readonly string[]): string {
  const more = paths.length - MAX_NAMES;
  const names = paths.slice(0, MAX_NAMES).join(", ");
  return `${format} has no place for ${what}: ${names}${more > 0 ? `, and ${countText(more)} more` : ""}`;
}
