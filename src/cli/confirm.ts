/**
 * The master password once more, where a use-only entry is shown, copied or unflagged (docs/use-only.md).
 * A session that a password opened in this process never asks again; one of the agent does.
 */
import { wipe } from "../core/bytes.ts";
import { hasCode, PmError } from "../core/errors.ts";
import type { Entry } from "../core/vault/model.ts";
import type { Conflict, VaultSession } from "../core/vault/session.ts";
import type { Context } from "./context.ts";
import type { KeySource, PasswordSource } from "./password-sources.ts";

export interface ConfirmOptions {
  /** Why, as a clause that names the entry: `"web/github" is use-only`. */
  readonly reason?: string;
  /** Where it is not the session of the call. */
  readonly session?: VaultSession;
}

const HINT = "give the master password: --password-file FILE, or type it at a terminal";
const BUNDLE_HINT = "let a program use it: pm run -e NAME=pm://… -- COMMAND";

/**
 * The entry with its concealed values, for a command that prints or copies them. Costs nothing more than
 * `session.entry(id)` where the entry is not use-only; asks at most once in a call.
 * @throws PmError "locked" (4) where nobody can be asked, or a machine key or key file opened the vault;
 * "auth" (5) after a wrong password
 */
export async function revealEntry(ctx: Context, id: string, options: ConfirmOptions = {}): Promise<Entry> {
  const session = options.session ?? (await ctx.vault());
  return await revealed(ctx, await session.entry(id), options);
}

/** The same for an entry that was read: each reading counts where the agent allows so many. */
export async function revealed(ctx: Context, entry: Entry, options: ConfirmOptions = {}): Promise<Entry> {
  if (entry.withheld !== true) return entry;
  await confirmed(ctx, { reason: `"${entry.path}" is use-only`, ...options });
  return await (options.session ?? (await ctx.vault())).entry(entry.id);
}

/** The entry as it is shown: with its concealed values where they are to be revealed. */
export async function readEntry(ctx: Context, id: string, reveal: boolean): Promise<Entry> {
  return reveal ? await revealEntry(ctx, id) : await (await ctx.vault()).entry(id);
}

/**
 * The registers that hold several values, of one entry or of all; with concealed values where they are to be
 * revealed.
 * @throws PmError as {@link revealEntry} does
 */
export async function readConflicts(
  ctx: Context,
  id: string | undefined,
  reveal: boolean,
): Promise<readonly Conflict[]> {
  const session = await ctx.vault();
  const read = async (): Promise<readonly Conflict[]> =>
    (await session.conflicts()).filter((conflict) => id === undefined || conflict.id === id);
  const conflicts = await read();
  const withheld = conflicts.find(({ values }) => values.some(({ value }) => value?.withheld === true));
  if (!reveal || withheld === undefined) return conflicts;
  await confirmed(ctx, { reason: `"${withheld.path}" is use-only` });
  return await read();
}

/**
 * Runs a change, and again after the master password where the session refused it because of a use-only
 * entry: then nothing was changed by the first run.
 * @throws PmError as {@link revealEntry} does
 */
export async function withConfirmation<T>(
  ctx: Context,
  change: () => Promise<T>,
  options: ConfirmOptions = {},
): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (!hasCode(error, "use-only")) throw error;
    await confirmed(ctx, { reason: error.message, ...options });
    return await change();
  }
}

/**
 * Proves the master password to the session: that of the call's flags and variables, else typed, up to three
 * times. What was withheld is given from then on, in this call.
 * @throws PmError as {@link revealEntry} does
 */
export async function confirmed(ctx: Context, options: ConfirmOptions = {}): Promise<void> {
  const { reason = "an entry is use-only" } = options;
  const session = options.session ?? (await ctx.vault());
  const { chooseKey, choosePassword } = await import("./password-sources.ts");
  const { globals, io } = ctx;
  const [named, key] = [choosePassword(globals, io.env), chooseKey(globals, io.env)];
  // A stream that was read beside the key is at its end.
  const isSpent = key !== undefined && (named?.kind === "stdin" || named?.kind === "fd");
  if (named !== undefined && !isSpent) return await confirmByNamed(ctx, session, named);
  if ((await session.info()).bundle !== undefined) {
    throw new PmError("locked", `${reason}, and a bundle has no password`, { hint: BUNDLE_HINT });
  }
  if (key !== undefined) {
    throw new PmError("locked", `${reason}, and ${key.name} does not show it`, { hint: instead(key) });
  }
  const { askRepeatedly, emptyPassword } = await import("./ask-password.ts");
  const { escapeControls } = await import("./escape.ts");
  const question = { label: `Master password (${escapeControls(reason)}): `, what: reason, hint: HINT };
  await askRepeatedly(ctx, question, async (typed) => {
    if (typed.length === 0) throw emptyPassword("the password");
    await session.confirm(typed);
  });
}

/** What to do where a key opened the vault. */
function instead({ from, name }: KeySource): string {
  const without = from === "variable" ? `unset ${name}` : `leave out ${name}`;
  return `${without}, and give the master password: --password-file FILE, or type it at a terminal`;
}

async function confirmByNamed(ctx: Context, session: VaultSession, source: PasswordSource): Promise<void> {
  const { readPassword } = await import("./credentials.ts");
  const password = await readPassword(ctx, source);
  try {
    await session.confirm(password);
  } finally {
    wipe(password);
  }
}
