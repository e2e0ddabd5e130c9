/** Folders exist by what is below them; commands that take entries say so where a folder is named. */
import { hasCode, PmError } from "../core/errors.ts";
import type { Row } from "../core/vault/model.ts";
import type { Context } from "./context.ts";
import { findEntry } from "./lookup.ts";
import { parsePrefix } from "./names.ts";

/** Live entries below a folder ("/" is the top), without an entry of the folder's own name. */
export async function rowsBelow(ctx: Context, folder: string): Promise<readonly Row[]> {
  if (/^id:/i.test(folder)) return [];
  const session = await ctx.vault();
  const prefix = folder === "/" ? {} : { prefix: parsePrefix(folder) };
  const rows = await session.list(prefix);
  return rows.filter((row) => row.path !== prefix.prefix);
}

/** As `findEntry`; where `name` is only a folder the error says so, with a hint of its own. */
export async function findEntryNotFolder(
  ctx: Context,
  name: string,
  options: { readonly live: boolean; readonly hint: string },
): Promise<Row> {
  try {
    return await findEntry(ctx, name, { live: options.live });
  } catch (error) {
    if (!hasCode(error, "not-found") || !(await isFolder(ctx, name))) throw error;
    throw new PmError("not-found", `"${name}" is a folder, not an entry`, { hint: options.hint });
  }
}

async function isFolder(ctx: Context, name: string): Promise<boolean> {
  try {
    return (await rowsBelow(ctx, name)).length > 0;
  } catch (error) {
    // A name that no entry can have: the first error says more.
    if (hasCode(error, "usage") || hasCode(error, "limit")) return false;
    throw error;
  }
}
