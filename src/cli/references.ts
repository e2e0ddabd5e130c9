/** References on their way to being shown: read in one pass, use-only ones after the master password. */
import { fromUtf8, wipe } from "../core/bytes.ts";
import { hasCode, PmError } from "../core/errors.ts";
import { type EnvLine, parseEnvFile } from "../core/references/env-file.ts";
import type { Reference } from "../core/references/reference.ts";
import { type Resolved, resolveReferences } from "../core/references/resolve.ts";
import { nameFilter } from "../core/vault/name-glob.ts";
import type { VaultSession } from "../core/vault/session.ts";
import type { Context } from "./context.ts";

const MAX_ENV_FILE_BYTES = 1_048_576;

/** @throws PmError "io" where it can't be read, "usage" for what is no line of an env file */
export async function readEnvFile(ctx: Context, path: string): Promise<readonly EnvLine[]> {
  const { readSecretFile } = await import("../node/secret-input.ts");
  const { bytes } = await readSecretFile(path, { cwd: ctx.io.cwd, limit: MAX_ENV_FILE_BYTES });
  const text = fromUtf8(bytes);
  wipe(bytes);
  if (text === undefined) throw new PmError("usage", `${path} is not UTF-8`, { hint: "iconv converts it" });
  return parseEnvFile(text, path);
}

/** A reference, and what messages say of where it stands. */
export interface Placed {
  readonly ref: Reference;
  readonly place: string;
}

/**
 * The values, in order; the caller wipes them.
 * @param only patterns for the names of entries that may be meant; none: all of them
 * @throws PmError that tells every reference that leads nowhere, with the code of the first one
 */
export async function resolveToShow(
  ctx: Context,
  placed: readonly Placed[],
  only: readonly string[] = [],
): Promise<readonly Resolved[]> {
  if (placed.length === 0) return [];
  const sessions = new Map<string | undefined, VaultSession>();
  const open = async (vault: string | undefined): Promise<VaultSession> => {
    const session = sessions.get(vault) ?? (await openVaultOf(ctx, vault));
    sessions.set(vault, session);
    return session;
  };
  const filter = only.length === 0 ? undefined : nameFilter(only);
  const options = { purpose: "show", now: ctx.io.now(), only: filter } as const;
  const refs = placed.map(({ ref }) => ref);
  const resolve = (): ReturnType<typeof resolveReferences> => resolveReferences(open, refs, options);
  try {
    const results = await resolve();
    if (!results.some((result) => hasCode(result, "use-only"))) return valuesOf(placed, results);
    // Where another one leads nowhere nobody is asked for a password in vain.
    if (results.some((result) => result instanceof PmError && result.code !== "use-only")) {
      return valuesOf(placed, results);
    }
    const { confirmed } = await import("./confirm.ts");
    for (const [vault, session] of sessions) {
      const withheld = results.find(
        (result, index) => refs[index]?.vault === vault && hasCode(result, "use-only"),
      );
      if (withheld instanceof PmError) await confirmed(ctx, { reason: withheld.message, session });
    }
    return valuesOf(placed, await resolve());
  } finally {
    // That of the call is closed with it.
    sessions.delete(undefined);
    for (const session of sessions.values()) session[Symbol.dispose]();
  }
}

/** The vault that a reference names after "@"; that of the call for undefined. */
export async function openVaultOf(ctx: Context, vault: string | undefined): Promise<VaultSession> {
  if (vault === undefined) return await ctx.vault();
  const { openSession } = await import("./open-session.ts");
  try {
    return await openSession({ ...ctx, globals: { ...ctx.globals, vault } });
  } catch (error) {
    if (!hasCode(error, "auth") && !hasCode(error, "locked")) throw error;
    // The same words are said of the vault of the call.
    const { code, message, hint, details } = error;
    const more = hint === undefined ? { details } : { details, hint };
    throw new PmError(code, `@${vault}: ${message}`, { ...more, cause: error });
  }
}

function valuesOf(placed: readonly Placed[], results: readonly (Resolved | PmError)[]): readonly Resolved[] {
  const values: Resolved[] = [];
  const failures: { readonly error: PmError; readonly text: string }[] = [];
  results.forEach((result, index) => {
    const { place = "", ref } = placed[index] ?? {};
    if (!(result instanceof PmError)) values.push(result);
    else failures.push({ error: result, text: `${place}: ${ref?.text ?? ""}: ${result.message}` });
  });
  // What a password would mend is not what is wrong with the rest.
  const first = failures.find(({ error }) => error.code !== "use-only") ?? failures[0];
  if (first === undefined) return values;
  for (const { bytes } of values) wipe(bytes);
  const { code, hint = "pm ls shows all the names", details } = first.error;
  if (failures.length === 1) throw new PmError(code, first.text, { hint, details });
  throw new PmError(code, `${failures.length} references can't be resolved`, {
    details: failures.map(({ text }) => text),
    hint,
  });
}
