/** `pm export --format kdbx`: a KeePass database under a password of its own. */
import { wipe } from "../core/bytes.ts";
import { KDF_PROFILES } from "../core/crypto/kdf.ts";
import type { ExportedEntry, Loss, LossReport } from "../core/export/exported.ts";
import type { Context } from "./context.ts";
import { confirmAll, holdVersion, readEntries, rowsFor } from "./export-entries.ts";
import { writeExport } from "./export-output.ts";
import { reportExport } from "./export-report.ts";
import type { KdbxRequest } from "./export-request.ts";
import { newPassword, OF_EXPORT } from "./new-password.ts";
import { withProgress } from "./progress.ts";

export async function exportKdbx(ctx: Context, request: KdbxRequest): Promise<void> {
  const session = await ctx.vault();
  const hint = "give it by --new-password-fd N or --new-password-stdin";
  const { bytes: password } = await newPassword(ctx, request.password, hint, OF_EXPORT);
  const losses: Loss[] = [];
  try {
    const check = await holdVersion(session);
    const rows = await rowsFor(session, request.only);
    await confirmAll(ctx, rows);
    const entries = await Array.fromAsync(readEntries(ctx, rows, { hasData: true }));
    const progress = { label: "exporting", quiet: ctx.globals.quiet };
    const lose: LossReport = (loss) => void losses.push(loss);
    const seal = (): Promise<Uint8Array> => sealed(ctx, { ...request, password, entries }, lose);
    await writeExport(ctx, await withProgress(ctx.io, progress, seal), { ...request, check });
    const trashed = entries.filter((entry) => entry.trashed).length;
    await reportExport(ctx, request, { entries: entries.length - trashed, trashed, losses });
  } finally {
    wipe(password);
  }
}

interface Wanted extends Pick<KdbxRequest, "profile"> {
  readonly password: Uint8Array;
  readonly entries: readonly ExportedEntry[];
}

async function sealed(
  ctx: Context,
  { password, profile, entries }: Wanted,
  lose: LossReport,
): Promise<Uint8Array> {
  const [{ writeKdbx }, { kdbxCrypto }] = await Promise.all([
    import("../core/export/kdbx.ts"),
    import("../core/kdbx/crypto.ts"),
  ]);
  for (const entry of entries) loseFacts(entry, lose);
  const { random } = ctx.io;
  const now = ctx.io.now();
  const crypto = await kdbxCrypto(await ctx.crypto(), globalThis.crypto.subtle);
  const params = (ctx.kdfProfiles ?? KDF_PROFILES)[profile];
  return await writeKdbx(entries, { password }, { crypto, random, now, params }, lose);
}

/** What the writer does not look at. */
function loseFacts({ path, useOnly, recipe, conflicts }: ExportedEntry, lose: LossReport): void {
  if (useOnly) lose({ what: "that an entry is use-only", path });
  if (recipe !== undefined) lose({ what: "the recipe of a generated password", path });
  if (conflicts.length > 0) lose({ what: "several values of one field; it has the one that is shown", path });
}
