/** Files that the user names in a command: read with a limit, written whole or not at all. */
import { randomBytes } from "node:crypto";
import { lstat, rename, unlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { hasCode, PmError } from "../core/errors.ts";
import { ioError } from "./io-error.ts";
import { writeNewFile } from "./new-file.ts";
import { readSecretFile } from "./secret-input.ts";

export interface ReadOptions {
  /** What relative paths start from. */
  readonly cwd: string;
  /** Bytes that are accepted. */
  readonly limit: number;
}

/**
 * Everything in `path` (a pipe is read to its end), in memory that the caller owns.
 * @throws PmError "io" where it can't be read, "limit" where it is longer
 */
export async function readUserFile(path: string, options: ReadOptions): Promise<Uint8Array> {
  const { bytes } = await readSecretFile(resolve(options.cwd, path), options.limit);
  return bytes;
}

export interface WriteOptions {
  readonly cwd: string;
  readonly overwrite: boolean;
}

/**
 * Writes a private file (0600) that appears whole or not at all.
 * @throws PmError "conflict" where `path` exists and may not be replaced, "io" where it can't be written
 */
export async function writeUserFile(path: string, bytes: Uint8Array, options: WriteOptions): Promise<void> {
  const target = resolve(options.cwd, path);
  const found = await lstat(target).catch(() => undefined);
  // A rename over /dev/null or a named pipe would take it away from every other process.
  if (found !== undefined && !found.isFile()) {
    throw new PmError("conflict", `"${path}" is not a plain file`, { hint: "-o - prints the value" });
  }
  if (options.overwrite) await replaceFile(target, bytes);
  else await createFile(target, bytes);
}

async function createFile(target: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeNewFile(target, bytes);
  } catch (error) {
    if (!hasCode(error, "conflict")) throw error;
    throw new PmError("conflict", error.message, { hint: "--overwrite replaces it" });
  }
}

async function replaceFile(target: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(target), `.pm-${randomBytes(8).toString("hex")}.tmp`);
  await writeNewFile(temporary, bytes);
  try {
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw ioError(error, `can't write ${target}`);
  }
}
