/** The vault for a program that nobody watches: opened by what is there, never by a question. */
import { hasCode } from "../core/errors.ts";
import type { VaultSession } from "../core/vault/session.ts";
import type { Context } from "./context.ts";

/**
 * A session of its own, which the caller closes; undefined where the vault is locked.
 * @throws PmError where it can't be opened for another reason
 */
export async function quietVault(ctx: Context): Promise<VaultSession | undefined> {
  const { openSession } = await import("./open-session.ts");
  try {
    return await openSession({ ...ctx, globals: { ...ctx.globals, noInput: true } });
  } catch (error) {
    if (hasCode(error, "locked")) return undefined;
    throw error;
  }
}
