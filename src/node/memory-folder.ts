/** Folders of one user alone, in memory where the system has such a place, that outlive no process but a killed one. */
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statfsSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PmError } from "../core/errors.ts";
import { errnoOf, ioError } from "./io-error.ts";

type Env = Readonly<Record<string, string | undefined>>;

const DIRECTORY_MODE = 0o700;
const ZEROS_BYTES = 65_536;

/** statfs(2). */
const TMPFS_MAGIC = 0x01021994;
const RAMFS_MAGIC = 0x858458f6;

export interface MemoryFolderOptions {
  readonly env: Env;
  /** Of the folder's name; the process id and random characters follow. */
  readonly prefix: string;
  /** Whether a folder for temporary files will do where nothing is memory. */
  readonly allowDisk: boolean;
  /** What it is for, in messages. */
  readonly what: string;
  readonly hint: string;
}

/**
 * A new folder of mode 0700.
 * @throws PmError "unavailable" where no file system is known to be memory, and the disk is not allowed
 */
export function makeMemoryFolder(options: MemoryFolderOptions): string {
  for (const folder of memoryFolders(options.env)) {
    const made = tryFolder(folder, options.prefix);
    if (made !== undefined && isInMemory(made)) return made;
    if (made !== undefined) eraseFolder(made);
  }
  const { what, hint } = options;
  if (!options.allowDisk) {
    throw new PmError("unavailable", `there is no folder in memory for ${what}`, { hint });
  }
  try {
    return makeFolder(tmpdir(), options.prefix);
  } catch (error) {
    throw ioError(error, `can't create a folder for ${what}`);
  }
}

/**
 * A descriptor that gives these bytes and then the end, from a file in memory that has no name any more. A
 * program can open it anew as /dev/stdin, which it can't with a socket, nor with a named pipe that was written.
 * @returns undefined where nothing is in memory
 */
export function openMemoryInput(bytes: Uint8Array): number | undefined {
  const folder = memoryFolders({})
    .map((path) => tryFolder(path, "pm-input-"))
    .find((made) => made !== undefined);
  if (folder === undefined) return undefined;
  try {
    const path = join(folder, "input");
    const fd = openSync(path, "wx", 0o600);
    try {
      for (let offset = 0; offset < bytes.length;) offset += writeSync(fd, bytes, offset);
      return openSync(path, "r");
    } finally {
      closeSync(fd);
    }
  } finally {
    // Its bytes stay for whom they are given to.
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Folders on a file system in memory where nobody else can take a name away. */
function memoryFolders(env: Env): readonly string[] {
  if (process.platform !== "linux") return [];
  const runtimeDir = env["XDG_RUNTIME_DIR"];
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

/** Undefined where this one is full or can't be written. */
function tryFolder(folder: string, prefix: string): string | undefined {
  try {
    return makeFolder(folder, prefix);
  } catch {
    return undefined;
  }
}

function makeFolder(folder: string, prefix: string): string {
  const directory = mkdtempSync(join(folder, `${prefix}${process.pid}-`));
  // The umask may have taken bits from the owner.
  if (process.platform !== "win32") chmodSync(directory, DIRECTORY_MODE);
  return directory;
}

/** This user's folders with this prefix whose process, by the id in the name, can't be found from here. */
export function leftMemoryFolders(env: Env, prefix: string): readonly string[] {
  const folders = new Set([...memoryFolders(env), tmpdir()]);
  return [...folders].flatMap((folder) =>
    namesIn(folder)
      .filter((name) => isLeft(name, prefix))
      .map((name) => join(folder, name))
      .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.uid === process.geteuid?.()),
  );
}

/** Exactly as {@link makeFolder} names them: somebody else's folder may begin like that. */
function isLeft(name: string, prefix: string): boolean {
  const [, pid] = /^(\d+)-\w{6}$/.exec(name.startsWith(prefix) ? name.slice(prefix.length) : "") ?? [];
  return pid !== undefined && !isRunning(Number(pid));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errnoOf(error) === "EPERM";
  }
}

export function eraseFolder(directory: string): void {
  eraseContent(directory);
  rmSync(directory, { recursive: true, force: true });
}

/** Overwritten with zeros first: what was memory may be read again, what was a disk may be looked through. */
export function eraseContent(directory: string): void {
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

/** No link is followed, no pipe is waited for; Windows has no such flags. */
export function plainOnly(): number {
  return process.platform === "win32" ? 0 : constants.O_NOFOLLOW | constants.O_NONBLOCK;
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
