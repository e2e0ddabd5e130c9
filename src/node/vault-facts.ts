/** What can be said of a vault file without any key: its header, size, permissions and backup. */
import { constants } from "node:fs";
import { type FileHandle, lstat, open, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { PmError } from "../core/errors.ts";
import { HEADER_BYTES } from "../core/vault/header.ts";
import { errnoOf, ioError } from "./io-error.ts";

/** O_NONBLOCK: opening a FIFO would wait for somebody who writes into it. Windows has no such flag. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

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

/** @throws PmError "not-found" where there is no vault, "io" where it can't be read */
export async function readVaultFacts(cwd: string, path: string): Promise<VaultFacts> {
  const absolute = resolve(cwd, path);
  try {
    await using file = await open(absolute, OPEN_FLAGS);
    const facts = await file.stat();
    if (!facts.isFile()) {
      throw new PmError("not-a-vault", `${absolute} is not a file`, {
        hint: "name the vault file with --vault FILE",
      });
    }
    const head = await readHead(file);
    return { path: absolute, fileBytes: facts.size, mode: facts.mode & 0o777, modified: facts.mtimeMs, head };
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw ioError(error, `can't read ${absolute}`);
    throw new PmError("not-found", `there is no vault at ${absolute}`, { hint: "pm init" });
  }
}

async function readHead(file: FileHandle): Promise<Uint8Array> {
  const head = new Uint8Array(HEADER_BYTES);
  let length = 0;
  while (length < head.length) {
    const { bytesRead } = await file.read(head, length, head.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return head.subarray(0, length);
}

/** The previous version that a save leaves beside the vault. */
export async function readBackupFacts(vaultPath: string): Promise<BackupFacts | undefined> {
  const path = `${vaultPath}.bak`;
  const facts = await stat(path).catch(() => undefined);
  return facts === undefined ? undefined : { path, modified: facts.mtimeMs };
}

/**
 * The absolute path of a vault that does not exist yet.
 * @throws PmError "conflict" where something stands there, a dangling link included
 */
export async function requireFreePath(cwd: string, path: string): Promise<string> {
  const absolute = resolve(cwd, path);
  const taken = await lstat(absolute).then(
    () => true,
    () => false,
  );
  if (!taken) return absolute;
  throw new PmError("conflict", `there is a file at ${absolute} already`, {
    hint: "use it, or name another place: pm init --vault FILE",
  });
}
