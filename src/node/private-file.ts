/** A file that exists for the time of one edit: in memory where the system has such a place, erased in every way out. */
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statfsSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PmError } from "../core/errors.ts";
import { errnoOf, ioError } from "./io-error.ts";
import { atEnd } from "./signals.ts";

/** And the process id: a folder of a pm that was killed with SIGKILL is found by `pm doctor`. */
const PRIVATE_PREFIX = "pm-edit-";
/** Says nothing about the entry. */
const FILE_NAME = "entry.txt";
const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;
const ZEROS_BYTES = 65_536;

/** statfs(2). */
const TMPFS_MAGIC = 0x01021994;
const RAMFS_MAGIC = 0x858458f6;

export interface PrivateFile extends Disposable {
  /** Of mode 0700, for this file and whatever an editor puts beside it. */
  readonly directory: string;
  readonly path: string;
  /** Replaces what is there. */
  write(bytes: Uint8Array): void;
  /** The content, owned by the caller; empty where the file is gone. @throws PmError "limit" where it is larger */
  read(limit: number): Uint8Array;
}

export interface PrivateFileOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a folder for temporary files will do where nothing is memory. */
  readonly allowDisk: boolean;
}

/** @throws PmError "unavailable" where no file system is known to be memory, and the disk is not allowed */
export function openPrivateFile({ env, allowDisk }: PrivateFileOptions): PrivateFile {
  const directory = makeDirectory(memoryFolders(env["XDG_RUNTIME_DIR"]), allowDisk);
  // Before anything is in it: from here on it goes away, whatever ends the process.
  const undo = atEnd(() => eraseDirectory(directory));
  const path = join(directory, FILE_NAME);
  return {
    directory,
    path,
    write: (bytes) => {
      eraseContent(directory);
      writeNew(path, bytes);
    },
    read: (limit) => readFile(path, limit),
    [Symbol.dispose]: () => {
      eraseDirectory(directory);
      undo[Symbol.dispose]();
    },
  };
}

/** Folders on a file system in memory where nobody else can take a name away. */
function memoryFolders(runtimeDir: string | undefined): readonly string[] {
  if (process.platform !== "linux") return [];
  const own = runtimeDir?.startsWith("/") === true ? [runtimeDir] : [];
  return [...own, "/dev/shm"].filter((path) => isInMemory(path) && isSane(path));
}

function isInMemory(path: string): boolean {
  try {
    // Some file systems give the number as a signed one.
    const type = statfsSync(path).type >>> 0;
    return type === TMPFS_MAGIC || type === RAMFS_MAGIC;
  } catch {
    return false;
  }
}

/** Its owner is this user and nobody else writes there, or root keeps users from each other's files. */
function isSane(path: string): boolean {
  const { uid, mode } = lstatSync(path);
  const isDirectory = (mode & constants.S_IFMT) === constants.S_IFDIR;
  const isShared = (mode & 0o022) !== 0;
  const isSticky = (mode & 0o1000) !== 0;
  return isDirectory && (uid === 0 || uid === process.geteuid?.()) && (!isShared || isSticky);
}

/** What a pm that was killed in the middle of an edit has left, where it could have put it. */
export function leftPrivateFolders(env: PrivateFileOptions["env"]): readonly string[] {
  const folders = new Set([...memoryFolders(env["XDG_RUNTIME_DIR"]), tmpdir()]);
  return [...folders].flatMap((folder) =>
    namesIn(folder)
      .filter(
        (name) =>
          name.startsWith(PRIVATE_PREFIX) && !isRunning(Number.parseInt(name.slice(PRIVATE_PREFIX.length))),
      )
      .map((name) => join(folder, name))
      .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.uid === process.geteuid?.()),
  );
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errnoOf(error) === "EPERM";
  }
}

function makeDirectory(folders: readonly string[], allowDisk: boolean): string {
  for (const folder of folders) {
    const made = tryDirectory(folder);
    if (made !== undefined && isInMemory(made)) return made;
    if (made !== undefined) eraseDirectory(made);
  }
  if (!allowDisk) {
    throw new PmError("unavailable", "there is no folder in memory for the text to edit", {
      hint: "--allow-disk takes a private folder on the disk; pm set changes an entry without an editor",
    });
  }
  try {
    return privateDirectory(tmpdir());
  } catch (error) {
    throw ioError(error, "can't create a folder for the text to edit");
  }
}

/** Undefined where this one is full or can't be written. */
function tryDirectory(folder: string): string | undefined {
  try {
    return privateDirectory(folder);
  } catch {
    return undefined;
  }
}

function privateDirectory(folder: string): string {
  const directory = mkdtempSync(join(folder, `${PRIVATE_PREFIX}${process.pid}-`));
  // The umask may have taken bits from the owner.
  if (process.platform !== "win32") chmodSync(directory, DIRECTORY_MODE);
  return directory;
}

function writeNew(path: string, bytes: Uint8Array): void {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, FILE_MODE);
    if (process.platform !== "win32") fchmodSync(fd, FILE_MODE);
    for (let offset = 0; offset < bytes.length;) offset += writeSync(fd, bytes, offset);
  } catch (error) {
    throw ioError(error, "can't write the text to edit");
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function readFile(path: string, limit: number): Uint8Array {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | plainOnly());
    const { size } = fstatSync(fd);
    if (size > limit) {
      throw new PmError("limit", `the text is ${size} bytes long, more than the limit of ${limit}`);
    }
    const bytes = new Uint8Array(size);
    let filled = 0;
    for (let count = -1; count !== 0 && filled < size; filled += count) {
      count = readSync(fd, bytes, filled, size - filled, filled);
    }
    return bytes.subarray(0, filled);
  } catch (error) {
    // An editor that takes the file away has emptied it.
    if (errnoOf(error) === "ENOENT") return new Uint8Array(0);
    throw ioError(error, "can't read the text back");
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** No link is followed, no pipe is waited for; Windows has no such flags. */
function plainOnly(): number {
  return process.platform === "win32" ? 0 : constants.O_NOFOLLOW | constants.O_NONBLOCK;
}

function eraseDirectory(directory: string): void {
  eraseContent(directory);
  rmSync(directory, { recursive: true, force: true });
}

/** Overwritten with zeros first: what was memory may be read again, what was a disk may be looked through. */
function eraseContent(directory: string): void {
  for (const { name, parentPath } of filesBelow(directory)) overwrite(join(parentPath, name));
  for (const name of namesIn(directory)) rmSync(join(directory, name), { recursive: true, force: true });
}

function filesBelow(directory: string) {
  try {
    return readdirSync(directory, { withFileTypes: true, recursive: true }).filter((item) => item.isFile());
  } catch {
    return [];
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function overwrite(path: string): void {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_WRONLY | plainOnly());
    const { size } = fstatSync(fd);
    const zeros = new Uint8Array(ZEROS_BYTES);
    for (let offset = 0; offset < size;) {
      offset += writeSync(fd, zeros, 0, Math.min(zeros.length, size - offset), offset);
    }
    fsyncSync(fd);
  } catch {
    // It is removed all the same.
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
