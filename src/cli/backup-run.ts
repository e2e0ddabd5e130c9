/** What `pm backup` does between its options and the folder of copies. */
import { PmError } from "../core/errors.ts";
import type { Backup, BackupCopy } from "../node/backups.ts";
import { type Context, requireWritable } from "./context.ts";
import { exitStatus } from "./exit.ts";
import { vaultPath } from "./vault-path.ts";

const MAX_KEPT = 9999;

/** Copies the vault; `directory` is relative to the working directory. */
export async function makeBackup(
  ctx: Context,
  directory: string | undefined,
  keep: string | undefined,
): Promise<Backup> {
  const { backupFolder, createBackup } = await import("../node/backups.ts");
  const kept = keep === undefined ? undefined : parseKeep(keep);
  // A copy takes nothing away from anybody; removing older ones does.
  if (keep !== undefined) requireWritable(ctx.globals);
  return await createBackup({
    crypto: await ctx.crypto(),
    random: ctx.io.random,
    now: ctx.io.now,
    path: await vaultPath(ctx),
    directory: backupFolder(ctx.paths, ctx.io.cwd, directory),
    keep: kept,
  });
}

export interface BackupList {
  readonly directory: string;
  readonly copies: readonly BackupCopy[];
}

/**
 * The copies of this vault. Where the vault is gone or damaged, which is when they are needed, they are told
 * by their names, and `ctx` warns of it.
 */
export async function backupsHere(ctx: Context, named: string | undefined): Promise<BackupList> {
  const { backupFolder, isNamedAfter, listBackups } = await import("../node/backups.ts");
  const directory = backupFolder(ctx.paths, ctx.io.cwd, named);
  const path = await vaultPath(ctx);
  const vaultId = await idOfVault(ctx, path);
  if (vaultId !== undefined) return { directory, copies: listBackups(directory, vaultId) };
  await ctx.out.warn(`there is no whole vault at ${path}; these copies have its file name`);
  return { directory, copies: listBackups(directory, undefined).filter((copy) => isNamedAfter(copy, path)) };
}

async function idOfVault(ctx: Context, path: string): Promise<string | undefined> {
  const [{ readVaultFacts }, { parseHeader }, { toHex }] = await Promise.all([
    import("../node/vault-facts.ts"),
    import("../core/vault/header.ts"),
    import("../core/bytes.ts"),
  ]);
  try {
    const facts = readVaultFacts(ctx.io, path);
    return toHex(parseHeader(await ctx.crypto(), facts.head, facts.fileBytes).vaultId);
  } catch (error) {
    const isLost = error instanceof PmError && ["not-found", "corrupt"].includes(exitStatus(error.code).name);
    if (isLost) return undefined;
    throw error;
  }
}

function parseKeep(text: string): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (count >= 1) return count;
  throw new PmError("usage", `--keep needs a whole number from 1 to ${MAX_KEPT}`, {
    hint: "pm backup --keep 10",
  });
}
