/** The entries of the vault that an import may be about. */
import { hasCode } from "../core/errors.ts";
import type { FittingEntry } from "../core/import/fit.ts";
import type { Entry, Row } from "../core/vault/model.ts";
import type { VaultSession } from "../core/vault/session.ts";

/** So many entries are asked for at once: the agent answers them together. */
const ENTRIES_AT_ONCE = 64;

/** What tells entries of one name apart: see `otherNames`. */
const SUFFIX = / \([^()]*\)$/;

/** Live and in the trash, by path: of each imported entry those of its name, with a suffix and without. */
export async function existingEntries(
  session: VaultSession,
  imported: readonly FittingEntry[],
): Promise<ReadonlyMap<string, readonly Entry[]>> {
  const paths = new Set(imported.map(({ path }) => path));
  const rows = [...(await session.list({})), ...(await trashedRows(session))].filter(
    ({ path }) => paths.has(path) || paths.has(path.replace(SUFFIX, "")),
  );
  const byPath = new Map<string, Entry[]>();
  for (let at = 0; at < rows.length; at += ENTRIES_AT_ONCE) {
    const batch = rows.slice(at, at + ENTRIES_AT_ONCE);
    // To be compared with the export, never to be shown.
    const entries = await Promise.all(batch.map(({ id }) => session.entry(id, "search")));
    for (const entry of entries) byPath.set(entry.path, [...(byPath.get(entry.path) ?? []), entry]);
  }
  return byPath;
}

/** None where the agent was unlocked for some live entries only. */
async function trashedRows(session: VaultSession): Promise<readonly Row[]> {
  try {
    return await session.list({ trashed: true });
  } catch (error) {
    if (!hasCode(error, "locked")) throw error;
    return [];
  }
}
