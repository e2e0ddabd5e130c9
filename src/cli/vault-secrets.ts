/** All concealed values of a vault, to be looked for in other places and never to be shown. */
import { wipe } from "../core/bytes.ts";
import { hasCode } from "../core/errors.ts";
import type { Secret } from "../core/references/masker.ts";
import type { Entry, Row } from "../core/vault/model.ts";
import { nameFilter } from "../core/vault/name-glob.ts";
import type { VaultSession } from "../core/vault/session.ts";
import type { Context } from "./context.ts";
import { bytesOf } from "./values.ts";

type Warner = Pick<Context["out"], "warn">;

/** So many entries are asked for at once: the agent answers them together. */
const ENTRIES_AT_ONCE = 64;

/**
 * Of the entries that `only` means, in the order of their paths; of those in the trash, too. The caller wipes
 * them.
 */
export async function readSecrets(
  ctx: Pick<Context, "vault"> & { readonly out: Warner },
  only: readonly string[],
): Promise<readonly Secret[]> {
  const isMeant = only.length === 0 ? () => true : nameFilter(only);
  const session = await ctx.vault();
  const rows = [...(await session.list({})), ...(await trashedRows(session, ctx.out))];
  const ids = rows.filter(({ path }) => isMeant(path)).map(({ id }) => id);
  const secrets: Secret[] = [];
  for (let at = 0; at < ids.length; at += ENTRIES_AT_ONCE) {
    const batch = ids.slice(at, at + ENTRIES_AT_ONCE);
    const entries = await Promise.all(batch.map((id) => session.entry(id, "search")));
    secrets.push(...entries.flatMap(secretsOf));
  }
  return secrets;
}

/** None where the agent was unlocked for some live entries only. */
async function trashedRows(session: VaultSession, out: Warner): Promise<readonly Row[]> {
  try {
    return await session.list({ trashed: true });
  } catch (error) {
    if (!hasCode(error, "locked")) throw error;
    await out.warn("the vault is unlocked only for some entries; the secrets of others are not looked for");
    return [];
  }
}

function secretsOf({ path, fields, pending = [] }: Entry): Secret[] {
  return [...fields, ...pending]
    .filter(({ concealed }) => concealed)
    .map((field) => ({ bytes: bytesOf(field), name: `${path}/${field.name}` }));
}

export function wipeSecrets(secrets: readonly Secret[]): void {
  for (const { bytes } of secrets) wipe(bytes);
}

/** A shorter one, or one of fewer different bytes, stands in too many files. */
const MIN_TELLING_BYTES = 8;
const MIN_DIFFERENT_BYTES = 5;
/** Of letters only, or of digits only, it is a word or a number until here. */
const MIN_UNIFORM_BYTES = 12;

/** Whether finding it in a file means that it leaked: "admin", "12345678" and "password" stand anywhere. */
export function isTelling({ bytes }: Secret): boolean {
  if (bytes.length < MIN_TELLING_BYTES || new Set(bytes).size < MIN_DIFFERENT_BYTES) return false;
  return bytes.length >= MIN_UNIFORM_BYTES || !(bytes.every(isLetter) || bytes.every(isDigit));
}

function isLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
