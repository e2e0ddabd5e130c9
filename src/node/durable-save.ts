/**
 * Replacing a file so that at every moment, whatever is killed or cut off, its name shows the old or
 * the new content whole, and so that success means that the new one is on the disk.
 */
import { constants, copyFileSync, linkSync, realpathSync, renameSync, unlinkSync } from "node:fs";
import { constants as osConstants } from "node:os";
import { basename, dirname, join } from "node:path";
import { PmError } from "../core/errors.ts";
import type { Random } from "../core/random.ts";
import { errnoOf, ioError } from "./io-error.ts";
import { createPrivateDirectory, syncDirectory } from "./paths.ts";
import { removeStaleSideFiles, sideFileName } from "./side-files.ts";
import { syncFile, writeVerified } from "./verified-write.ts";

export interface SaveOptions {
  /** The real path: a symbolic link here would be replaced, not followed. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly random: Random;
  /**
   * What `<path>.bak` holds after: the content that is replaced, or the new one too, where old values or
   * old keys must not survive. "none" leaves it alone, for files that are no vault.
   */
  readonly backup: "previous" | "same" | "none";
  /** Epoch milliseconds; what killed saves left an hour before is removed. */
  readonly now: () => number;
}

export interface Saved {
  /** Whether the new name is known to be on the disk. False does not mean that it is not. */
  readonly durable: boolean;
}

/** What file systems without hard links answer to link(2). */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/**
 * Replaces the file at `path`.
 * @throws PmError "io"; then nothing was changed
 */
export async function saveDurably(options: SaveOptions): Promise<Saved> {
  const { path, backup } = options;
  const temporary: string[] = [];
  try {
    const next = writeTemporary(options, temporary);
    if (backup !== "none") {
      const version =
        backup === "same" ? writeTemporary(options, temporary) : keepPrevious(options, temporary);
      // Before the vault itself: success then means that both hold what they should.
      await rename(version, `${path}.bak`);
    }
    await rename(next, path);
  } catch (error) {
    throw saveError(error, path);
  } finally {
    // Also those that were renamed: renaming one name of a file to another of the same file does nothing.
    removeAll(temporary);
  }
  const directory = dirname(path);
  const durable = syncDirectory(directory);
  // Where old values must not survive, neither may what a killed save left; the caller holds the lock, so
  // none of it belongs to a save that still runs.
  const now = options.backup === "same" ? Number.POSITIVE_INFINITY : options.now();
  removeStaleSideFiles({ directory, name: basename(path), kinds: ["tmp", "bak"] }, now);
  return { durable };
}

export interface Created extends Saved {
  /** The path without symbolic links. */
  readonly realPath: string;
}

/**
 * Creates the file at `path`, never over another one, and the folders that lead to it.
 * @throws PmError "conflict" where something stands there, "io" where it can't be written; then no file
 * was created
 */
export async function createDurably(options: NewContent): Promise<Created> {
  createPrivateDirectory(dirname(options.path));
  const directory = realpathSync.native(dirname(options.path));
  const path = join(directory, basename(options.path));
  const temporary: string[] = [];
  try {
    await placeNew(writeTemporary({ ...options, path }, temporary), path);
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw saveError(error, path);
    throw new PmError("conflict", `${path} exists already`, {
      hint: "name another file, or move that one away",
    });
  } finally {
    removeAll(temporary);
  }
  return { durable: syncDirectory(directory), realPath: path };
}

type NewContent = Pick<SaveOptions, "path" | "bytes" | "random">;

/** @returns the path of the new file, which is also added to `temporary` before it exists */
function writeTemporary({ path, bytes, random }: NewContent, temporary: string[]): string {
  const file = join(dirname(path), sideFileName(basename(path), "tmp", random));
  temporary.push(file);
  writeVerified(file, bytes);
  return file;
}

/** A second name of the file that is replaced. A fixed one, left by a kill, would fail for ever. */
function keepPrevious({ path, random }: NewContent, temporary: string[]): string {
  const file = join(dirname(path), sideFileName(basename(path), "bak", random));
  temporary.push(file);
  try {
    linkSync(path, file);
  } catch (error) {
    if (!NO_LINKS.has(errnoOf(error) ?? "")) throw error;
    copyFileSync(path, file, constants.COPYFILE_EXCL);
    syncFile(file);
  }
  return file;
}

/** link(2) never replaces, and the name appears with the whole content behind it. */
async function placeNew(temporary: string, path: string): Promise<void> {
  try {
    linkSync(temporary, path);
  } catch (error) {
    if (!NO_LINKS.has(errnoOf(error) ?? "")) throw error;
    writeVerified(path, new Uint8Array(0));
    try {
      // Over the empty file that holds the name for us.
      await rename(temporary, path);
    } catch (failure) {
      unlinkSync(path);
      throw failure;
    }
  }
}

const RENAME_TRIES = 10;
const RENAME_PAUSE_MS = 20;

/** On Windows a scanner that has the file open makes a rename fail for a moment. */
async function rename(from: string, to: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      const isBusy = ["EPERM", "EACCES", "EBUSY"].includes(errnoOf(error) ?? "");
      if (process.platform !== "win32" || !isBusy || tries === RENAME_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, tries * RENAME_PAUSE_MS));
    }
  }
}

function removeAll(files: readonly string[]): void {
  for (const file of files) {
    try {
      unlinkSync(file);
    } catch {
      // It was renamed; or it stays, and a later save removes it.
    }
  }
}

function saveError(error: unknown, path: string): PmError {
  const directory = dirname(path);
  const errno = errnoOf(error) ?? "";
  if (errno === "ENOSPC" || isOverQuota(error)) {
    return new PmError("io", "the disk is full; nothing was changed", {
      hint: `df -h ${directory}`,
      cause: error,
    });
  }
  if (["EACCES", "EPERM", "EROFS"].includes(errno)) {
    return ioError(error, `can't write in the folder ${directory}`);
  }
  return ioError(error, `can't save ${path}; nothing was changed`);
}

/** libuv has no name for it: the code is "UNKNOWN". */
function isOverQuota(error: unknown): boolean {
  return error instanceof Error && "errno" in error && error.errno === -osConstants.errno.EDQUOT;
}
