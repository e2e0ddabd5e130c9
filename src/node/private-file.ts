/** A file that exists for the time of one edit: in memory where the system has such a place, erased in every way out. */
import { closeSync, constants, fchmodSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { PmError } from "../core/errors.ts";
import { errnoOf, ioError } from "./io-error.ts";
import {
  eraseContent,
  eraseFolder,
  leftMemoryFolders,
  makeMemoryFolder,
  plainOnly,
} from "./memory-folder.ts";
import { atEnd } from "./signals.ts";

/** A folder of a pm that was killed with SIGKILL is found by `pm doctor`. */
const PRIVATE_PREFIX = "pm-edit-";
/** Says nothing about the entry. */
const FILE_NAME = "entry.txt";
const FILE_MODE = 0o600;

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
  const directory = makeMemoryFolder({
    env,
    allowDisk,
    prefix: PRIVATE_PREFIX,
    what: "the text to edit",
    hint: "--allow-disk takes a private folder on the disk; pm set changes an entry without an editor",
  });
  // Before anything is in it: from here on it goes away, whatever ends the process.
  const undo = atEnd(() => eraseFolder(directory));
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
      eraseFolder(directory);
      undo[Symbol.dispose]();
    },
  };
}

/** What a pm that was killed in the middle of an edit has left, where it could have put it. */
export function leftPrivateFolders(env: PrivateFileOptions["env"]): readonly string[] {
  return leftMemoryFolders(env, PRIVATE_PREFIX);
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
