/** What can be said of a vault file without any key: its header, size, permissions and backup. */
import { dirname, isAbsolute, resolve } from "node:path";
import { PmError } from "../core/errors.ts";
import { HEADER_BYTES } from "../core/vault/header.ts";
import { openVaultFile } from "./file-checks.ts";
import { fs } from "./fs.ts";
import { ioError } from "./io-error.ts";
import { findRealPath } from "./real-path.ts";

export interface VaultFacts {
  /** Absolute. */
  readonly path: string;
  readonly fileBytes: number;
  /** Permission bits. */
  readonly mode: number;
  /** Epoch milliseconds. */
  readonly modified: number;
  /** The first 4,096 bytes, or all where there are fewer. */
  readonly head: Uint8Array;
}

export interface BackupFacts {
  readonly path: string;
  /** When this version was saved, epoch milliseconds. */
  readonly modified: number;
}

/**
 * @param place asked for its working directory only where the path needs one: it may have been removed
 * @throws PmError as {@link openVaultFile} does
 */
export function readVaultFacts(place: { readonly cwd: string }, path: string): VaultFacts {
  const absolute = isAbsolute(path) ? path : resolve(place.cwd, path);
  using file = openVaultFile(absolute);
  const { size: fileBytes, mode, modified } = file;
  return { path: absolute, fileBytes, mode, modified, head: file.read(0, Math.min(HEADER_BYTES, fileBytes)) };
}

/** The previous version that a save leaves beside the vault. */
export function readBackupFacts(vaultPath: string): BackupFacts | undefined {
  const path = `${vaultPath}.bak`;
  const facts = fs.statSync(path, { throwIfNoEntry: false });
  return facts === undefined ? undefined : { path, modified: facts.mtimeMs };
}

/** Whether this process could put a new version in the place of the vault. */
export function isReplaceable(path: string): boolean {
  try {
    const target = findRealPath(path);
    fs.accessSync(target, fs.constants.W_OK);
    fs.accessSync(dirname(target), fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The absolute path of a vault that does not exist yet.
 * @throws PmError "conflict" where something stands there, a dangling link included; "io"
 */
export function requireFreePath(cwd: string, path: string): string {
  const absolute = resolve(cwd, path);
  if (!isTaken(absolute)) return absolute;
  throw new PmError("conflict", `there is a file at ${absolute} already`, {
    hint: "use it, or name another place: pm init --vault FILE",
  });
}

function isTaken(path: string): boolean {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw ioError(error, `can't make a vault at ${path}`);
  }
}
