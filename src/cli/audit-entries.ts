/** Every entry of a vault or a folder, for commands that judge them and show no value. */
import { PmError } from "../core/errors.ts";
import type { Entry } from "../core/vault/model.ts";
import type { Context } from "./context.ts";
import { letOthersRun } from "./progress.ts";

/** So many entries are asked for at once: the agent answers them together. */
const ENTRIES_AT_ONCE = 64;

/**
 * Every live entry under `prefix` by path, use-only ones with their secrets: they are judged and not shown.
 * @param take given how many there are, too
 * @throws PmError "not-found" where nothing is under it
 */
export async function eachEntry(
  ctx: Context,
  prefix: string | undefined,
  take: (entry: Entry, all: number) => void,
): Promise<void> {
  const session = await ctx.vault();
  const rows = await session.list(prefix === undefined ? {} : { prefix });
  if (rows.length === 0 && prefix !== undefined) {
    throw new PmError("not-found", `nothing is under "${prefix}"`, { hint: "pm ls shows all the names" });
  }
  for (let at = 0; at < rows.length; at += ENTRIES_AT_ONCE) {
    const batch = rows.slice(at, at + ENTRIES_AT_ONCE);
    const entries = await Promise.all(batch.map(({ id }) => session.entry(id, "search")));
    for (const entry of entries) take(entry, rows.length);
    await letOthersRun();
  }
}
