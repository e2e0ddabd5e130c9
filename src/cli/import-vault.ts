/** A vault of pm that is to be imported: any other one than the vault itself. */
import { equalBytes } from "../core/bytes.ts";
import { hasCode, PmError } from "../core/errors.ts";
import type { ImportFile } from "../core/import/reader.ts";
import type { Context } from "./context.ts";
import { vaultPath } from "./vault-path.ts";

/** Where the id of a vault stands in its file (docs/format.md section 3). */
const [ID_START, ID_END] = [16, 32];

/** @throws PmError "usage" where it is the vault of the call, or a copy of it: those are merged */
export async function requireOtherVault(ctx: Context, { name, bytes }: ImportFile): Promise<void> {
  const id = await idOfVault(ctx);
  if (id === undefined || !equalBytes(bytes.subarray(ID_START, ID_END), id)) return;
  throw new PmError("usage", `${name} is the vault itself, or a copy of it`, { hint: `pm merge ${name}` });
}

/** Undefined where there is none yet. */
async function idOfVault(ctx: Context): Promise<Uint8Array | undefined> {
  const { readVaultFacts } = await import("../node/vault-facts.ts");
  try {
    return readVaultFacts(ctx.io, await vaultPath(ctx, "create")).head.subarray(ID_START, ID_END);
  } catch (error) {
    if (hasCode(error, "not-found")) return undefined;
    throw error;
  }
}
