/** References on their way to a command: resolved in one pass, for use and not for show. */
import type { PmError } from "../core/errors.ts";
import type { Reference } from "../core/references/reference.ts";
import { type Resolved, resolveReferences } from "../core/references/resolve.ts";
import { nameFilter } from "../core/vault/name-glob.ts";
import type { VaultSession } from "../core/vault/session.ts";
import type { Context } from "./context.ts";
import { openVaultOf } from "./references.ts";

/** The vaults are closed then: the command may run for days. */
export async function resolveToUse(
  ctx: Context,
  refs: readonly Reference[],
  only: readonly string[],
): Promise<readonly (Resolved | PmError)[]> {
  const others: VaultSession[] = [];
  const open = async (vault: string | undefined): Promise<VaultSession> => {
    const session = await openVaultOf(ctx, vault);
    if (vault !== undefined) others.push(session);
    return session;
  };
  try {
    const filter = only.length === 0 ? undefined : nameFilter(only);
    return await resolveReferences(open, refs, { purpose: "use", now: ctx.io.now(), only: filter });
  } finally {
    for (const session of others) session[Symbol.dispose]();
    await ctx.closeVault();
  }
}
