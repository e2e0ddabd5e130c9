/** Env files read, and references resolved, for `pm run`. */
import { fromUtf8, wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { type EnvLine, parseEnvFile } from "../core/references/env-file.ts";
import type { Reference } from "../core/references/reference.ts";
import type { Resolved } from "../core/references/resolve.ts";
import type { VaultSession } from "../core/vault/session.ts";
import type { Context } from "./context.ts";

const MAX_ENV_FILE_BYTES = 1_048_576;

export async function readEnvFile(ctx: Context, path: string): Promise<readonly EnvLine[]> {
  const { readSecretFile } = await import("../node/secret-input.ts");
  const { bytes } = await readSecretFile(path, { cwd: ctx.io.cwd, limit: MAX_ENV_FILE_BYTES });
  const text = fromUtf8(bytes);
  wipe(bytes);
  if (text === undefined) throw new PmError("usage", `${path} is not UTF-8`, { hint: "save it as UTF-8" });
  return parseEnvFile(text, path);
}

export async function resolveAll(
  ctx: Context,
  refs: readonly Reference[],
  only: readonly string[],
): Promise<readonly (Resolved | PmError)[]> {
  const [{ resolveReferences }, { nameFilter }] = await Promise.all([
    import("../core/references/resolve.ts"),
    import("../core/vault/name-glob.ts"),
  ]);
  const others: VaultSession[] = [];
  const open = async (vault: string | undefined): Promise<VaultSession> => {
    if (vault === undefined) return await ctx.vault();
    const session = await openOther(ctx, vault);
    others.push(session);
    return session;
  };
  try {
    return await resolveReferences(open, refs, "use", only.length === 0 ? undefined : nameFilter(only));
  } finally {
    // The command may run for days.
    for (const session of others) session[Symbol.dispose]();
    await ctx.closeVault();
  }
}

async function openOther(ctx: Context, vault: string): Promise<VaultSession> {
  const { openVaultHere } = await import("./vault-access.ts");
  return await openVaultHere({ ...ctx, globals: { ...ctx.globals, vault } });
}
