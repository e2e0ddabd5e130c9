/** `pm export --plaintext`: entries as text, as it is read, and what the format has no place for. */
import type { ExportedEntry, Loss, LossReport } from "../core/export/exported.ts";
import type { Row } from "../core/vault/model.ts";
import { confirm } from "./ask.ts";
import type { Context } from "./context.ts";
import { confirmAll, holdVersion, readEntries, rowsFor } from "./export-entries.ts";
import { asBytes, writeExport } from "./export-output.ts";
import { reportExport } from "./export-report.ts";
import type { TextFormat, TextRequest } from "./export-request.ts";
import { countText } from "./log-text.ts";
import { withProgress } from "./progress.ts";

export async function exportText(ctx: Context, request: TextRequest): Promise<void> {
  const session = await ctx.vault();
  const losses: Loss[] = [];
  const check = await holdVersion(session);
  const rows = await rowsFor(session, request.only);
  const place = request.file ?? "standard output";
  await confirm(ctx, `Write ${countText(rows.length)} to ${place} in plain text, for anybody to read?`);
  await confirmAll(ctx, rows);
  const write = await writerOf(request.format);
  const entries = readEntries(ctx, rows, { hasData: request.format === "json" });
  const texts = write(entries, { rows, lose: (loss) => losses.push(loss) });
  const progress = { label: "exporting", quiet: ctx.globals.quiet };
  await withProgress(ctx.io, progress, () => writeExport(ctx, asBytes(texts), { ...request, check }));
  const live = rows.filter((row) => !row.trashed).length;
  // Bitwarden's formats have no place for the others.
  const trashed = request.format === "json" ? rows.length - live : 0;
  await reportExport(ctx, request, { entries: live, trashed, losses });
}

interface Writing {
  readonly rows: readonly Row[];
  readonly lose: LossReport;
}

type Writer = (entries: AsyncIterable<ExportedEntry>, writing: Writing) => AsyncIterable<string>;

async function writerOf(format: TextFormat): Promise<Writer> {
  switch (format) {
    case "json":
      return (await import("../core/export/pm-json.ts")).exportJson;
    case "bitwarden-json":
      return (await import("../core/export/bitwarden-json.ts")).exportBitwarden;
    case "csv":
      return (await import("../core/export/bitwarden-csv.ts")).exportCsv;
  }
}
