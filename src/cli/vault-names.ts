/** `pm config vault`: which arguments each of its actions takes, and what it does. */
import { PmError } from "../core/errors.ts";
import type { Context } from "./context.ts";
import { alignColumns } from "./columns.ts";

export interface VaultNameCall {
  readonly name: string | undefined;
  readonly path: string | undefined;
  readonly none: boolean;
}

type Action = (ctx: Context, call: VaultNameCall) => Promise<void>;

const load = () => import("../node/vault-names.ts");

const ACTIONS: Readonly<Record<string, Action>> = {
  add: async (ctx, { name, path, none }) => {
    if (name === undefined || none) throw misused("add takes a name and, where it stands elsewhere, a path");
    const { addVaultName } = await load();
    const place = await addVaultName(ctx.paths, name, { cwd: ctx.io.cwd, path });
    await ctx.out.note(`"${name}" is ${place}`);
  },
  ls: async (ctx, { name, none }) => {
    if (name !== undefined || none) throw misused("ls takes no arguments");
    await printNames(ctx);
  },
  rm: async (ctx, { name, path, none }) => {
    if (name === undefined || path !== undefined || none) throw misused("rm takes a name");
    const { removeVaultName } = await load();
    const place = await removeVaultName(ctx.paths, name);
    await ctx.out.note(`forgot the name "${name}"; the file ${place} stays`);
  },
  default: async (ctx, { name, path, none }) => {
    if ((name === undefined) !== none || path !== undefined) throw misused("default takes a name, or --none");
    const { setDefaultVault } = await load();
    await setDefaultVault(ctx.paths, name);
    await ctx.out.note(`the default vault is ${name === undefined ? ctx.paths.vault : `"${name}"`}`);
  },
};

export const VAULT_ACTIONS: readonly string[] = Object.keys(ACTIONS);

export async function runVaultAction(ctx: Context, action: string, call: VaultNameCall): Promise<void> {
  // The parser has held the word against the choices.
  await ACTIONS[action]?.(ctx, call);
}

async function printNames(ctx: Context): Promise<void> {
  const { listVaultNames } = await load();
  const vaults = listVaultNames(ctx.paths);
  if (ctx.globals.json) {
    const list = vaults.map(({ name, path, isDefault, exists }) => ({
      name,
      path,
      default: isDefault,
      exists,
    }));
    return await ctx.out.json({ v: 1, vaults: list });
  }
  await ctx.out.lines(
    alignColumns(vaults.map(({ name, path, isDefault }) => [isDefault ? `${name}*` : name, path])),
  );
}

function misused(rule: string): PmError {
  return new PmError("usage", `pm config vault ${rule}`, { hint: "pm help config vault" });
}
