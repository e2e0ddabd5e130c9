/** What `mv` and `cp` would do: which entries, to which paths, in which order. */
import { PmError } from "../core/errors.ts";
import type { Context } from "./context.ts";
import { findEntryNotFolder, rowsBelow } from "./folder.ts";
import { parsePath } from "../core/vault/names.ts";
import { parsePrefix } from "./names.ts";

export interface Relocation {
  readonly id: string;
  readonly from: string;
  readonly path: string;
}

/**
 * `from` with "/" at its end is a folder, everything below it is meant; `to` with "/" at its end is a
 * folder to put an entry into, and "/" alone is the top.
 * @throws PmError "not-found" where nothing is there, "usage" where nothing would change
 */
export async function planRelocation(ctx: Context, from: string, to: string): Promise<Relocation[]> {
  const plan = from.endsWith("/") ? await folderPlan(ctx, from, to) : await entryPlan(ctx, from, to);
  const changed = plan.filter((step) => step.from !== step.path);
  if (changed.length === 0) throw new PmError("usage", `"${from}" is there already`);
  return changed;
}

async function entryPlan(ctx: Context, from: string, to: string): Promise<Relocation[]> {
  const row = await findEntryNotFolder(ctx, from, { live: true, hint: `write it as "${from}/"` });
  const name = row.path.slice(row.path.lastIndexOf("/") + 1);
  const path = to.endsWith("/") ? `${targetFolder(to)}${name}` : to;
  return [{ id: row.id, from: row.path, path: parsePath(path) }];
}

async function folderPlan(ctx: Context, from: string, to: string): Promise<Relocation[]> {
  const source = targetFolder(from);
  const target = targetFolder(to);
  const rows = await rowsBelow(ctx, from);
  if (rows.length === 0) throw new PmError("not-found", `nothing is under "${from}"`, { hint: "pm ls" });
  const plan = rows.map(({ id, path }) => ({
    id,
    from: path,
    path: parsePath(target + path.slice(source.length)),
  }));
  // Into a folder below itself the deepest goes first, out of one the shallowest: then no step lands
  // on an entry that has yet to move away.
  const direction = target.length > source.length ? -1 : 1;
  return plan.toSorted((a, b) => direction * (a.from.length - b.from.length));
}

/** The beginning of every path in a folder. */
function targetFolder(text: string): string {
  return text === "/" ? "" : `${parsePrefix(text)}/`;
}

/** What a plan did, for the notice after it. */
export function describeRelocation(plan: readonly Relocation[]): string {
  const [first, ...more] = plan;
  if (first === undefined || more.length > 0) return `${plan.length} entries`;
  return `"${first.from}" to "${first.path}"`;
}
