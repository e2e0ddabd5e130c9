/** Giving and taking the names of vaults: changes of the settings file, never of a vault. */
import { join, resolve } from "node:path";
import { PmError } from "../core/errors.ts";
import type { Paths } from "./paths.ts";
import { isVaultName, isVaultPath, MAX_VAULTS, readSettings } from "./settings.ts";
import { removeSetting, writeSetting, writeVaults } from "./settings-writer.ts";
import { fs } from "./fs.ts";

export interface NamedVault {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly isDefault: boolean;
  /** Whether anything stands at the path. */
  readonly exists: boolean;
}

/** By name. No vault is opened. */
export function listVaultNames(paths: Paths): readonly NamedVault[] {
  const { vault, vaults = new Map<string, string>() } = readSettings(paths);
  return [...vaults]
    .map(([name, path]) => ({ name, path, isDefault: vault === name, exists: fs.existsSync(path) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Gives the vault at `path`, which need not exist yet, a name; without a path it is to stand in the data folder.
 * @returns the absolute path
 * @throws PmError "conflict" where the name means another vault, "usage" or "limit" for what can't be a name
 */
export async function addVaultName(
  paths: Paths,
  name: string,
  at: { readonly cwd: string; readonly path: string | undefined },
): Promise<string> {
  if (!isVaultName(name)) {
    throw new PmError("usage", `"${name}" can't be the name of a vault`, {
      hint: "up to 64 letters, digits, dots, dashes and underscores, the first no dot and no dash",
    });
  }
  if (at.path === "")
    throw new PmError("usage", "the path is empty", { hint: `pm config vault add ${name}` });
  const path = at.path === undefined ? join(paths.data, `${name}.pm`) : resolve(at.cwd, at.path);
  if (!isVaultPath(path)) throw new PmError("usage", "the path is too long", { hint: "name a shorter one" });
  const vaults = new Map(readSettings(paths).vaults);
  const known = vaults.get(name);
  if (known === path) return path;
  if (known !== undefined) {
    throw new PmError("conflict", `"${name}" is ${known} already`, { hint: `pm config vault rm ${name}` });
  }
  if (vaults.size >= MAX_VAULTS) {
    throw new PmError("limit", `${MAX_VAULTS} vaults have names already`, {
      hint: "pm config vault rm NAME",
    });
  }
  await writeVaults(paths, vaults.set(name, path));
  return path;
}

/**
 * Forgets a name; the file stays.
 * @returns the path that it stood for
 * @throws PmError "not-found", or "conflict" for the default, which would change behind its owner's back
 */
export async function removeVaultName(paths: Paths, name: string): Promise<string> {
  const { vault, vaults } = readSettings(paths);
  const path = requireNamed(vaults, name);
  if (vault === name) {
    throw new PmError("conflict", `"${name}" is the default vault`, {
      hint: "pm config vault default --none",
    });
  }
  const rest = new Map(vaults);
  rest.delete(name);
  await writeVaults(paths, rest);
  return path;
}

/** Undefined goes back to the vault in the data folder. @throws PmError "not-found" */
export async function setDefaultVault(paths: Paths, name: string | undefined): Promise<void> {
  if (name === undefined) return await removeSetting(paths, "vault");
  requireNamed(readSettings(paths).vaults, name);
  await writeSetting(paths, "vault", name);
}

function requireNamed(vaults: ReadonlyMap<string, string> | undefined, name: string): string {
  const path = vaults?.get(name);
  if (path !== undefined) return path;
  throw new PmError("not-found", `there is no vault called "${name}"`, {
    hint: "pm config vault ls shows the names",
  });
}
