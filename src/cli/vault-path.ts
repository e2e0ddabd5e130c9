/** Which vault a call means, and how long it waits for it: what is known before anything is opened. */
import type { Context } from "./context.ts";

type Call = Pick<Context, "globals" | "io" | "paths" | "settings">;

/** How long a command waits for another one that is writing. */
export const DEFAULT_TIMEOUT_S = 10;

/**
 * The absolute path of the vault of this call: flag, then PM_VAULT, then the setting, then the default.
 * @throws PmError "not-found" where the word is neither a path nor a name
 */
export async function vaultPath(call: Call, intent: "open" | "create" = "open"): Promise<string> {
  const variable = call.io.env["PM_VAULT"];
  const word = call.globals.vault ?? (variable === "" ? undefined : variable) ?? call.settings().vault;
  if (word === undefined) return call.paths.vault;
  const { locateVault } = await import("../node/vault-name.ts");
  return locateVault(word, { cwd: call.io.cwd, vaults: () => call.settings().vaults, intent });
}

export function lockWaitMs({ globals, settings }: Pick<Call, "globals" | "settings">): number {
  return globals.timeoutMs ?? 1000 * (settings().timeout ?? DEFAULT_TIMEOUT_S);
}
