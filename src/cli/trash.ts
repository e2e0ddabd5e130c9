/** Names of entries in the trash, where several may have one path. */
import { PmError } from "../core/errors.ts";
import type { Row } from "../core/vault/model.ts";
import type { Context } from "./context.ts";
import { ambiguous } from "./lookup.ts";

/**
 * The trashed entry called `name`: by id, by its exact path, else by the only one that differs in case.
 * @throws PmError "not-found" or "ambiguous"
 */
export async function findTrashed(ctx: Context, name: string): Promise<Row> {
  const session = await ctx.vault();
  if (name.startsWith("id:")) {
    const found = await session.resolve(name);
    if (found.kind === "ambiguous") throw ambiguous(name, found.rows);
    if (found.kind === "found" && found.row.trashed) return found.row;
    throw notInTrash(name, undefined);
  }
  const rows = await session.list({ trashed: true });
  const wanted = name.normalize("NFC");
  const exact = rows.filter((row) => row.path === wanted);
  const alike = rows.filter((row) => row.path.toLowerCase() === wanted.toLowerCase());
  const [row, ...more] = exact.length > 0 ? exact : alike;
  if (row === undefined) {
    const { nearest } = await import("../core/vault/nearest.ts");
    const paths = rows.map(({ path }) => path);
    throw notInTrash(name, nearest(name, paths)[0]);
  }
  if (more.length > 0) throw ambiguous(name, [row, ...more]);
  return row;
}

function notInTrash(name: string, near: string | undefined): PmError {
  const hint = near === undefined ? "pm trash ls" : `did you mean "${near}"?`;
  return new PmError("not-found", `no entry in the trash matches "${name}"`, { hint });
}
