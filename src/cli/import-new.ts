/** An import into a vault that is made for it: `pm init --from`. */
import { toHex } from "../core/bytes.ts";
import { planEdits, planImport } from "../core/import/plan.ts";
import type { VaultSession } from "../core/vault/session.ts";
import type { Context } from "./context.ts";
import { readExport } from "./import.ts";
import type { ImportSecrets } from "./import-credentials.ts";
import { countOf, places } from "./import-report.ts";

export interface Filling {
  /** What --json says of it. */
  fill(session: VaultSession): Promise<object>;
  /** What people are told once the vault is there. */
  say(): Promise<void>;
}

/** Reads and plans all of it. @throws PmError */
export async function prepareFilling(ctx: Context, file: string, secrets: ImportSecrets): Promise<Filling> {
  const none = { format: undefined, folder: undefined, map: undefined, skipAttachments: false };
  const read = await readExport(ctx, { ...none, file, secrets });
  const { sha256 } = await ctx.crypto();
  const plan = planImport(read, new Map(), { keep: false, hash: (bytes) => toHex(sha256(bytes)) });
  const [imported, skipped] = [countOf(plan, "new"), countOf(plan, "skipped")];
  return {
    async fill(session) {
      const edits = planEdits(plan);
      if (edits.length > 0) await session.edit(edits);
      return { format: read.format.name, places: places(plan) };
    },
    async say() {
      await ctx.out.note(
        `imported ${imported} of ${read.format.title}; pm import ${read.name} --dry-run lists them`,
      );
      if (skipped > 0)
        await ctx.out.warn(`${skipped} of ${read.name} were skipped; the same lists them, and why`);
    },
  };
}
