/** Secrets as files for a program that reads no variables: in memory, gone when it ends or at the next start. */
import { closeSync, fchmodSync, lstatSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { ioError } from "./io-error.ts";
import { SECRET_FILES_PREFIX } from "./left-files.ts";
import { eraseFolder, leftMemoryFolders, makeMemoryFolder, plainOnly } from "./memory-folder.ts";
import { lifeOf, ownIdentity, type ProcessIdentity } from "./process-identity.ts";
import { atEnd } from "./signals.ts";

/** No variable can have this name. */
const OWNER_FILE = ".owner";
const FILE_MODE = 0o600;
/** How long a folder may be without its owner's file, which is the first thing in it. */
const UNOWNED_MS = 60_000;

export interface SecretFiles extends Disposable {
  /** The path of a new file of mode 0600 with these bytes. */
  add(name: string, bytes: Uint8Array): string;
}

export interface SecretFilesOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a folder for temporary files will do where nothing is memory. */
  readonly allowDisk: boolean;
}

/** @throws PmError "unavailable" where no file system is known to be memory, and the disk is not allowed */
export function openSecretFiles({ env, allowDisk }: SecretFilesOptions): SecretFiles {
  const directory = makeMemoryFolder({
    env,
    allowDisk,
    prefix: SECRET_FILES_PREFIX,
    what: "the files of secrets",
    hint: "--allow-disk takes a private folder on the disk; without --files secrets go into variables",
  });
  const undo = atEnd(() => eraseFolder(directory));
  const add = (name: string, bytes: Uint8Array): string => {
    const path = join(directory, name);
    writeNew(path, bytes);
    return path;
  };
  add(OWNER_FILE, new TextEncoder().encode(JSON.stringify(ownIdentity())));
  return {
    add,
    [Symbol.dispose]: () => {
      eraseFolder(directory);
      undo[Symbol.dispose]();
    },
  };
}

function writeNew(path: string, bytes: Uint8Array): void {
  let fd: number | undefined;
  try {
    fd = openSync(path, "wx", FILE_MODE);
    if (process.platform !== "win32") fchmodSync(fd, FILE_MODE);
    for (let offset = 0; offset < bytes.length;) offset += writeSync(fd, bytes, offset);
  } catch (error) {
    throw ioError(error, "can't write the files of secrets");
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Folders of a pm that was killed, where nothing speaks for its being alive in another container. */
export function leftSecretFolders(env: SecretFilesOptions["env"], nowMs: number): readonly string[] {
  const own = ownIdentity();
  return leftMemoryFolders(env, SECRET_FILES_PREFIX).filter((directory) => {
    const owner = readOwner(directory);
    return owner === undefined ? isOld(directory, nowMs) : lifeOf(owner, own) === "dead";
  });
}

/** Best effort: a failure harms nobody who runs a program now. */
export function removeLeftSecretFolders(env: SecretFilesOptions["env"], nowMs: number): void {
  try {
    for (const directory of leftSecretFolders(env, nowMs)) eraseFolder(directory);
  } catch {
    // Another process may be at the same work.
  }
}

function isOld(directory: string, nowMs: number): boolean {
  const facts = lstatSync(directory, { throwIfNoEntry: false });
  return facts !== undefined && nowMs - facts.mtimeMs > UNOWNED_MS;
}

/** Written by pm itself, in a folder of this user alone. */
function readOwner(directory: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(
      readFileSync(join(directory, OWNER_FILE), { encoding: "utf8", flag: plainOnly() }),
    ) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
