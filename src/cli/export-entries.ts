/** The entries of an export, read as they are asked for. */
import { PmError } from "../core/errors.ts";
import type { ExportedAttachment, ExportedEntry } from "../core/export/exported.ts";
import type { Entry, Row } from "../core/vault/model.ts";
import { withoutNextValues } from "../core/vault/next-value.ts";
import { nameFilter } from "../core/vault/name-glob.ts";
import type { VaultSession } from "../core/vault/session.ts";
import { requireEachMeans } from "../core/vault/sealed-export.ts";
import { confirmed } from "./confirm.ts";
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

/**
 * Remembers the version that is there. What it returns throws "conflict" where another one was saved since: an export
 * is of one version, also where an agent answers for many.
 */
export async function holdVersion(session: VaultSession): Promise<() => Promise<void>> {
  const { rev } = await session.info();
  return async () => {
    if ((await session.info()).rev === rev) return;
    throw new PmError("conflict", "the vault was changed meanwhile; nothing was written", {
      hint: "run the command again",
    });
  };
}

/**
 * Asks for the master password where one of them is use-only, before anything is written.
 * @throws PmError as `confirmed` does
 */
export async function confirmAll(ctx: Context, rows: readonly Row[]): Promise<void> {
  for await (const { path, withheld } of entriesOf(await ctx.vault(), rows)) {
    if (withheld === true) return await confirmed(ctx, { reason: `"${path}" is use-only` });
  }
}

interface ReadOptions {
  /** Whether the data of attachments is read; else they have their names only. */
  readonly hasData: boolean;
}

/** With all their values, after {@link confirmAll}. */
export async function* readEntries(
  ctx: Context,
  rows: readonly Row[],
  { hasData }: ReadOptions,
): AsyncGenerator<ExportedEntry> {
  const session = await ctx.vault();
  const all = rows.some(({ conflict }) => conflict) ? await session.conflicts() : [];
  for await (const entry of entriesOf(session, rows)) {
    const conflicts = all.filter(({ id }) => id === entry.id);
    yield {
      ...withoutNextValues(entry),
      conflicts,
      attachments: await readAttachments(session, entry, hasData),
    };
  }
}

/** In the order of the rows. */
export async function* entriesOf(session: VaultSession, rows: readonly Row[]): AsyncGenerator<Entry> {
  for (let at = 0; at < rows.length; at += ENTRIES_AT_ONCE) {
    const batch = rows.slice(at, at + ENTRIES_AT_ONCE);
    yield* await Promise.all(batch.map(({ id }) => session.entry(id, "export")));
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
