/** The entries of an export, read as they are asked for. */
import { PmError } from "../core/errors.ts";
import type { ExportedAttachment, ExportedEntry } from "../core/export/exported.ts";
import type { Entry, Row } from "../core/vault/model.ts";
import { nameFilter } from "../core/vault/name-glob.ts";
import type { Conflict, VaultSession } from "../core/vault/session.ts";
import { requireEachMeans } from "../core/vault/sealed-export.ts";
import { confirmed, readConflicts } from "./confirm.ts";
import type { Context } from "./context.ts";

/** So many are asked for at once: the agent answers them together. */
const ENTRIES_AT_ONCE = 64;

/**
 * The rows that `only` means, live ones first, each by path and id.
 * @throws PmError "not-found" where a pattern means no entry, "locked" in a session of some entries only
 */
export async function rowsFor(session: VaultSession, only: readonly string[]): Promise<readonly Row[]> {
  const rows = [...(await session.list({})), ...(await session.list({ trashed: true }))];
  requireEachMeans(
    only,
    rows.map(({ path }) => path),
  );
  return only.length === 0 ? rows : rows.filter(({ path }) => nameFilter(only)(path));
}

/** Runs `work`, which reads many entries. @throws PmError "conflict" where another version was saved meanwhile */
export async function atOneVersion<T>(session: VaultSession, work: () => Promise<T>): Promise<T> {
  const { rev } = await session.info();
  const result = await work();
  if ((await session.info()).rev === rev) return result;
  throw new PmError("conflict", "the vault was changed meanwhile; nothing was written", {
    hint: "run the command again",
  });
}

interface ReadOptions {
  /** Whether the data of attachments is read; else they have their names only. */
  readonly hasData: boolean;
}

/** With all their values; asks for the master password where an entry is use-only. */
export async function* readEntries(
  ctx: Context,
  rows: readonly Row[],
  { hasData }: ReadOptions,
): AsyncGenerator<ExportedEntry> {
  const session = await ctx.vault();
  let conflicts: readonly Conflict[] | undefined;
  let isConfirmed = false;
  for (let at = 0; at < rows.length; at += ENTRIES_AT_ONCE) {
    const batch = rows.slice(at, at + ENTRIES_AT_ONCE);
    const entries = await Promise.all(batch.map(({ id }) => session.entry(id, "export")));
    for (const read of entries) {
      if (read.withheld === true && !isConfirmed) {
        await confirmed(ctx, { reason: `"${read.path}" is use-only` });
        isConfirmed = true;
      }
      const entry = read.withheld === true ? await session.entry(read.id, "export") : read;
      if (entry.conflicts.length > 0) conflicts ??= await readConflicts(ctx, undefined, true);
      const attachments = await readAttachments(session, entry, hasData);
      yield { ...entry, conflicts: (conflicts ?? []).filter(({ id }) => id === entry.id), attachments };
    }
  }
}

async function readAttachments(
  session: VaultSession,
  { id, attachments }: Entry,
  hasData: boolean,
): Promise<readonly ExportedAttachment[]> {
  const read: ExportedAttachment[] = [];
  for (const { name } of attachments) {
    const bytes = hasData ? (await session.attachment(id, name, "export")).bytes : new Uint8Array(0);
    read.push({ name, bytes });
  }
  return read;
}
