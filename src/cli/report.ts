/** What a writing command says after it saved. */
import type { EditResult } from "../core/vault/edit.ts";
import type { Context } from "./context.ts";

/** One line for people, JSON for programs that asked for it, a warning where the save may not last. */
export async function reportSaved(ctx: Context, result: EditResult, note: string): Promise<void> {
  await reportDurability(ctx, result);
  if (ctx.globals.json) await ctx.out.json({ v: 1, ids: result.ids, durable: result.durable });
  else await ctx.out.note(note);
}

/** The warning alone, for a command that prints nothing. */
export async function reportDurability(
  ctx: Context,
  { durable }: Pick<EditResult, "durable">,
): Promise<void> {
  if (!durable) {
    await ctx.out.warn("saved, but the folder of the vault could not be flushed to disk");
  }
}
