/** `pm export`, sealed: a vault of its own, and the proof that it holds what this one does. */
import { wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { withConfirmation } from "./confirm.ts";
import type { Context } from "./context.ts";
import { entriesOf, holdVersion, rowsFor } from "./export-entries.ts";
import { type Check, writeExport } from "./export-output.ts";
import { reportExport } from "./export-report.ts";
import type { SealedRequest } from "./export-request.ts";
import { newPassword, OF_EXPORT } from "./new-password.ts";
import { withProgress } from "./progress.ts";
import { openCopyHere } from "./vault-access.ts";

export async function exportSealed(ctx: Context, request: SealedRequest): Promise<void> {
  const session = await ctx.vault();
  const hint = "give it by --new-password-fd N or --new-password-stdin";
  const { bytes: password } = await newPassword(ctx, request.password, hint, OF_EXPORT);
  try {
    const { only, profile } = request;
    const slot = { type: "password", password, profile, label: "password" } as const;
    const requireUnchanged = await holdVersion(session);
    const { file, ...counts } = await withConfirmation(ctx, () => session.sealExport({ only, slot }));
    const check: Check = async (path) => {
      if (request.verify && path !== undefined) await verifyExport(ctx, { path, password, only });
      await requireUnchanged();
    };
    await writeExport(ctx, file, { ...request, check });
    await reportExport(ctx, request, { ...counts, losses: [] });
  } finally {
    wipe(password);
  }
}

interface Written {
  readonly path: string;
  readonly password: Uint8Array;
  readonly only: readonly string[];
}

/** @throws PmError "error" where what was written is not what the vault has, or the codes of a damaged file */
async function verifyExport(ctx: Context, { path, password, only }: Written): Promise<void> {
  const progress = { label: "verifying the export", quiet: ctx.globals.quiet };
  await withProgress(ctx.io, progress, async () => {
    const session = await ctx.vault();
    using copy = await openCopyHere(ctx, path, { password });
    await copy.verify();
    const [rows, copied] = [await rowsFor(session, only), await rowsFor(copy, [])];
    requireSame("the list of entries", rows, copied);
    const there = entriesOf(copy, rows);
    for await (const entry of entriesOf(session, rows)) {
      requireSame(`"${entry.path}"`, entry, (await there.next()).value);
    }
    const ids = new Set(rows.map(({ id }) => id));
    const conflicts = (await session.conflicts()).filter(({ id }) => ids.has(id));
    requireSame("what several devices wrote", conflicts, await copy.conflicts());
  });
}

/** As JSON, which has all there is of both, in one order. */
function requireSame(what: string, here: unknown, there: unknown): void {
  if (JSON.stringify(here) === JSON.stringify(there)) return;
  throw new PmError("error", `${what} does not read back as it is in the vault; nothing was written`, {
    hint: "this is a fault of the machine or of pm: check the memory, and report it",
  });
}
