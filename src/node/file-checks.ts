/** Opening a vault file: what it may be, whose it may be, and what is said of it. */
import type { Stats } from "node:fs";
import { basename, dirname, join } from "node:path";
import { PmError } from "../core/errors.ts";
import { errnoOf, ioError } from "./io-error.ts";
import { isOwn, isSideFile } from "./side-files.ts";
import { fs } from "./fs.ts";
import { findRealPath } from "./real-path.ts";

const { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync } = fs;

/** crypto limit of a local file: nothing larger is read or even looked into. */
export const MAX_FILE_BYTES: number = 512 * 1024 * 1024;

const EXPOSED_BITS = 0o077;
const WRITABLE_BY_OTHERS = 0o022;
const IS_WINDOWS = process.platform === "win32";
/** O_NONBLOCK: a FIFO put in the vault's place must not hang pm. Windows has none of the two. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** An open vault file. It stays the same version while others replace the file at its path. */
export interface VaultFile extends Disposable {
  readonly fd: number;
  /** Where it really is: symbolic links resolved. */
  readonly realPath: string;
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
  /** When it was saved, epoch milliseconds. */
  readonly modified: number;
  /** What the user should know, and mend with `chmod`. */
  readonly warnings: readonly string[];
  /** Exactly `length` bytes in memory of their own. @throws PmError "truncated" where there are fewer */
  readonly read: (offset: number, length: number) => Uint8Array<ArrayBuffer>;
  readonly close: () => void;
}

/**
 * Opens the vault at `path`.
 * @param options.write also refuses what must not be replaced: another user's file, one with a second name
 * @throws PmError "not-found" where there is none, "body-length" where it is too large,
 * "not-a-vault" where it is no regular file, "io" where it can't be read or must not be used
 */
export function openVaultFile(path: string, options: { readonly write?: boolean } = {}): VaultFile {
  const realPath = resolveVault(path);
  const fd = openRegular(realPath, path);
  try {
    const facts = fstatSync(fd);
    requireRegular(facts, path);
    if (facts.size > MAX_FILE_BYTES) {
      throw new PmError(
        "body-length",
        `${path} is over ${MAX_FILE_BYTES / 1024 ** 2} MiB and can't be a vault`,
        {
          hint: "name the vault file with --vault FILE",
        },
      );
    }
    if (options.write === true) requireReplaceable(facts, realPath);
    const { size, mtimeMs: modified } = facts;
    const warnings = warningsOf(facts, realPath);
    return createVaultFile({ fd, realPath, size, mode: facts.mode & 0o777, modified, warnings });
  } catch (error) {
    closeSync(fd);
    throw ioError(error, `can't read ${path}`);
  }
}

/** Follows symbolic links once. Later steps use the result, so a link that changes meanwhile changes nothing. */
function resolveVault(path: string): string {
  try {
    const isLink = lstatSync(path).isSymbolicLink();
    const realPath = findRealPath(path);
    if (isLink && !IS_WINDOWS) requireSafeTarget(path, dirname(realPath));
    return realPath;
  } catch (error) {
    throw openError(error, path);
  }
}

/**
 * Who can write in the directory that a link leads to can put another file there. It has to be the
 * user's own, or the system's where no one else may write (root is held to the same: a root that opens
 * another user's folder can be led astray by that user).
 */
function requireSafeTarget(link: string, directory: string): void {
  const { uid, mode } = lstatSync(directory);
  if (isOwn(uid) || (uid === 0 && (mode & WRITABLE_BY_OTHERS) === 0)) return;
  throw new PmError("io", `${link} is a link into ${directory}, which belongs to another user`, {
    hint: `look at: ls -ld ${directory}`,
  });
}

function openRegular(realPath: string, path: string): number {
  try {
    // Opening a device can already do something, so it is looked at before too.
    requireRegular(lstatSync(realPath), path);
    return openSync(realPath, OPEN_FLAGS);
  } catch (error) {
    throw openError(error, path);
  }
}

function openError(error: unknown, path: string): PmError {
  const errno = errnoOf(error);
  if (errno !== "ENOENT" && errno !== "ENOTDIR") return ioError(error, `can't read ${path}`);
  return new PmError("not-found", `there is no vault at ${path}`, { hint: "pm init", cause: error });
}

function requireRegular(facts: Stats, path: string): void {
  if (facts.isFile()) return;
  throw new PmError("not-a-vault", `${path} is ${facts.isDirectory() ? "a folder" : "not a regular file"}`, {
    hint: "name the vault file with --vault FILE",
  });
}

function warningsOf({ uid, mode }: Stats, realPath: string): string[] {
  if (IS_WINDOWS) return [];
  const warnings: string[] = [];
  if (!isOwn(uid)) warnings.push(`${realPath} belongs to another user (uid ${uid})`);
  if ((mode & EXPOSED_BITS) !== 0)
    warnings.push(`other users can reach ${realPath}; run: chmod 600 ${realPath}`);
  return warnings;
}

function requireReplaceable({ uid, ino, dev, nlink }: Stats, realPath: string): void {
  if (IS_WINDOWS) return;
  if (!isOwn(uid)) {
    throw new PmError("io", `${realPath} belongs to another user (uid ${uid}) and is not written`, {
      hint: `sudo chown ${process.geteuid?.() ?? 0} ${realPath}`,
    });
  }
  if (nlink === 1 || nlink - ownNames({ ino, dev }, realPath) === 1) return;
  throw new PmError("io", `${realPath} has another name (a hard link), which would keep the old version`, {
    hint: `find the other name: find / -xdev -samefile ${realPath}`,
  });
}

/** How many names beside its own a save that was cut off may have left the file. */
function ownNames({ ino, dev }: Pick<Stats, "ino" | "dev">, realPath: string): number {
  const [directory, name] = [dirname(realPath), basename(realPath)];
  const isOurs = (file: string) =>
    file === `${name}.bak` || isSideFile(file, name, "bak") || isSideFile(file, name, "tmp");
  return readdirSync(directory).filter((file) => {
    if (!isOurs(file)) return false;
    const facts = lstatSync(join(directory, file), { throwIfNoEntry: false });
    return facts?.ino === ino && facts.dev === dev;
  }).length;
}

function createVaultFile(open: Omit<VaultFile, "read" | "close" | typeof Symbol.dispose>): VaultFile {
  let isOpen = true;
  const read = (offset: number, length: number) => readExactly(open, offset, length);
  const close = () => {
    if (isOpen) closeSync(open.fd);
    isOpen = false;
  };
  return { ...open, read, close, [Symbol.dispose]: close };
}

function readExactly(
  { fd, realPath }: Pick<VaultFile, "fd" | "realPath">,
  offset: number,
  length: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  try {
    for (let filled = 0; filled < length;) {
      const count = readSync(fd, bytes, filled, length - filled, offset + filled);
      // pm never shortens a file in place; something else has.
      if (count === 0) throw new PmError("truncated", `${realPath} has become shorter while it was read`);
      filled += count;
    }
    return bytes;
  } catch (error) {
    throw ioError(error, `can't read ${realPath}`);
  }
}
