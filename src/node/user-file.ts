/** Private files that the user names in a command: written whole or not at all. */
import { randomBytes } from "node:crypto";
import { constants, createReadStream, rmSync } from "node:fs";
import { link, lstat, open, rename, unlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { PmError } from "../core/errors.ts";
import { errnoOf, ioError } from "./io-error.ts";
import { syncDirectory } from "./paths.ts";
import { atEnd } from "./signals.ts";

const PRIVATE_MODE = 0o600;

/** What a file system without hard links answers to link(2). */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV"]);

export interface WriteOptions {
  readonly cwd: string;
  readonly overwrite: boolean;
  /** Permission bits in the place of 0600. */
  readonly mode?: number;
  /** Looks at the whole file before it gets its name; what it throws keeps it from that. */
  readonly check?: (temporary: string) => Promise<void>;
}

/** Pieces are written as they come: what makes them may take long, and may fail. */
type Content = Uint8Array | AsyncIterable<Uint8Array>;

/**
 * Writes a private file (0600) that appears whole or not at all.
 * @throws PmError "conflict" where `path` exists and may not be replaced, "io" where it can't be written
 */
export async function writeUserFile(path: string, content: Content, options: WriteOptions): Promise<void> {
  const target = resolve(options.cwd, path);
  const found = await lstat(target).catch(() => undefined);
  // A rename over /dev/null or a named pipe would take it away from every other process.
  if (found !== undefined && !found.isFile()) {
    throw new PmError("conflict", `"${path}" is not a plain file`, { hint: "-o - writes to stdout" });
  }
  const temporary = join(dirname(target), `.pm-${randomBytes(8).toString("hex")}.tmp`);
  const isQuick = content instanceof Uint8Array && options.check === undefined;
  using _removal = isQuick ? undefined : atEnd(() => rmSync(temporary, { force: true }));
  try {
    const mode = options.mode ?? PRIVATE_MODE;
    await writeExclusive(temporary, content, mode);
    await options.check?.(temporary);
    await (options.overwrite ? rename(temporary, target) : placeNew(temporary, { target, mode }));
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    if (errnoOf(error) !== "EEXIST") throw ioError(error, `can't write ${path}`);
    throw new PmError("conflict", `the file "${path}" exists already`, { hint: "--overwrite replaces it" });
  }
}

/**
 * Before anything is made that could not be written in the end.
 * @throws PmError "conflict" where something stands at `path`
 */
export async function requireNewFile(path: string, cwd: string): Promise<void> {
  if ((await lstat(resolve(cwd, path)).catch(() => undefined)) === undefined) return;
  throw new PmError("conflict", `the file "${path}" exists already`, { hint: "name another file" });
}

/** Puts the name of a file that was written on the disk, too, where the file system can. */
export function flushName(path: string, cwd: string): void {
  syncDirectory(dirname(resolve(cwd, path)));
}

/** link(2) never replaces, and the name appears with the whole content behind it. */
async function placeNew(
  temporary: string,
  to: { readonly target: string; readonly mode: number },
): Promise<void> {
  try {
    await link(temporary, to.target);
  } catch (error) {
    if (!NO_LINKS.has(errnoOf(error) ?? "")) throw error;
    await writeExclusive(to.target, createReadStream(temporary), to.mode);
  }
  await unlink(temporary);
}

/** O_EXCL does not follow a symbolic link at the path, not even a dangling one. */
async function writeExclusive(path: string, content: Content, mode: number): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, PRIVATE_MODE);
  try {
    // The umask may have taken bits from the owner.
    if (process.platform !== "win32") await file.chmod(mode);
    await file.writeFile(content);
    await file.sync();
    await file.close();
  } catch (error) {
    await file.close().catch(() => undefined);
    await unlink(path).catch(() => undefined);
    throw error;
  }
}
