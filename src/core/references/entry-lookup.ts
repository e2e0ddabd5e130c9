/** The entries that references name: the index is read once for all of them, every entry at most once. */
import { hasCode, PmError } from "../errors.ts";
import type { AttachmentData } from "../vault/attachment.ts";
import type { Entry, Row } from "../vault/model.ts";
import type { NameFilter } from "../vault/name-glob.ts";
import type { Purpose, Resolution, VaultSession } from "../vault/session.ts";

export interface Lookup {
  /** The entry of this name, by the rule of `VaultSession.resolve`. @throws PmError "ambiguous", "usage" */
  find(name: string): Row | undefined;
  /** Why it can't be told whether there is one: the vault was unlocked for other entries only. */
  refusal(name: string): PmError | undefined;
  /** @throws PmError "not-found" where it is outside of what may be meant */
  entry(row: Row): Promise<Entry>;
  /** @throws PmError as {@link entry} does */
  attachment(row: Row, name: string): Promise<AttachmentData>;
}

export interface LookupOptions {
  /** All that will be asked for. */
  readonly names: readonly string[];
  readonly purpose: Purpose;
  readonly only: NameFilter;
}

/** Looking up this many names costs more than listing a vault of thousands. */
const MAX_SINGLE_LOOKUPS = 16;

export async function createLookup(session: VaultSession, options: LookupOptions): Promise<Lookup> {
  const resolutions = await resolveAll(session, new Set(options.names));
  const entries = new Map<string, Promise<Entry>>();
  return {
    find(name) {
      const found = resolutions.get(name);
      if (hasCode(found, "locked")) return undefined;
      if (found instanceof PmError) throw found;
      if (found?.kind === "ambiguous") throw ambiguous(name, found.rows);
      return found?.kind === "found" ? found.row : undefined;
    },
    refusal(name) {
      const found = resolutions.get(name);
      return hasCode(found, "locked") ? found : undefined;
    },
    async attachment(row, name) {
      requireMeant(row, options.only);
      return await session.attachment(row.id, name, options.purpose);
    },
    async entry(row) {
      requireMeant(row, options.only);
      const entry = entries.get(row.id) ?? session.entry(row.id, options.purpose);
      entries.set(row.id, entry);
      return await entry;
    },
  };
}

function requireMeant({ path }: Row, only: NameFilter): void {
  if (only(path)) return;
  throw new PmError("not-found", `"${path}" is outside of --only`, { hint: "name it in --only" });
}

async function resolveAll(
  session: VaultSession,
  names: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Resolution | PmError>> {
  const isMany = names.size > MAX_SINGLE_LOOKUPS;
  const resolve = isMany ? await listed(session) : (name: string) => session.resolve(name);
  const found = new Map<string, Resolution | PmError>();
  for (const name of names) found.set(name, await resolution(resolve, name));
  return found;
}

async function resolution(resolve: VaultSession["resolve"], name: string): Promise<Resolution | PmError> {
  try {
    return await resolve(name);
  } catch (error) {
    if (hasCode(error, "usage") || hasCode(error, "locked")) return error;
    throw error;
  }
}

/** `resolve` over one list of all entries. Ids may be those of the trash, and stay with the session. */
async function listed(session: VaultSession): Promise<VaultSession["resolve"]> {
  const rows = await session.list({});
  const exact = Map.groupBy(rows, ({ path }) => path);
  const folded = Map.groupBy(rows, ({ path }) => path.toLowerCase());
  return async (name) => {
    if (name.startsWith("id:")) return await session.resolve(name);
    const path = name.normalize("NFC");
    const [row, ...more] = exact.get(path) ?? folded.get(path.toLowerCase()) ?? [];
    if (row === undefined) return { kind: "none" };
    return more.length === 0 ? { kind: "found", row } : { kind: "ambiguous", rows: [row, ...more] };
  };
}

function ambiguous(name: string, rows: readonly Row[]): PmError {
  return new PmError("ambiguous", `${rows.length} entries match "${name}"`, {
    details: rows.map((row) => `id:${row.id}  ${row.path}`),
    hint: `use an id, as in pm://id:${rows[0]?.id ?? ""}#FIELD`,
  });
}
