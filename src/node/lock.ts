/**
 * One writer of a vault at a time. Everyone who wants the lock puts down a file of its own with a unique
 * name, then looks for those of others: of two at the same time at least one sees the other. No file is
 * ever taken over, so removing that of a dead process can't remove a live lock.
 */
import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { PmError } from "../core/errors.ts";
import { type Random, randomInt } from "../core/random.ts";
import { errnoOf, ioError } from "./io-error.ts";
import { type Holder, readHolder, removeLockFile, writeLockFile } from "./lock-file.ts";
import { ownIdentity, type ProcessIdentity } from "./process-identity.ts";
import { findRealPath } from "./real-path.ts";
import { isSideFile, removeStaleSideFiles, sideFileName } from "./side-files.ts";
import { atEnd } from "./signals.ts";

export interface LockOptions {
  /** The vault file, or a link to it. */
  readonly path: string;
  readonly timeoutMs: number;
  /** Removes the locks of which can't be told whether their holder still runs. */
  readonly breakLock: boolean;
  readonly random: Random;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Held until it is released, disposed of, or the process ends. */
export interface Lock extends Disposable, AsyncDisposable {
  release(): void;
}

/** Different waits keep two that meet once from meeting for ever. */
const MIN_WAIT_MS = 2;
const MAX_WAIT_MS = 27;

/**
 * Waits for the lock of the vault at `path`.
 * @throws PmError "lock-held" where another holds it for the whole time, "not-found" where there is no
 * vault, "io" where its folder can't be written
 */
export async function acquireLock(options: LockOptions): Promise<Lock> {
  const { random, timeoutMs } = options;
  const place = locate(options.path);
  removeStaleSideFiles({ ...place, kinds: ["lock.tmp"] }, options.now());
  // Not the time of day, which may be set while this waits.
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    // Looking first keeps those who wait from disturbing each other.
    let holder = findHolder(place, options);
    if (holder === undefined) {
      const file = join(place.directory, sideFileName(place.name, "lock", random));
      writeLockFile(file, place.own);
      const lock = createLock(file);
      holder = findHolder(place, options, file);
      if (holder === undefined) return lock;
      lock.release();
    }
    if (performance.now() >= deadline) throw heldError(holder, options);
    const wait = MIN_WAIT_MS + randomInt(random, MAX_WAIT_MS - MIN_WAIT_MS + 1);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

interface Place {
  readonly directory: string;
  readonly name: string;
  readonly own: ProcessIdentity;
}

/** By whatever name a vault is opened, its lock stands beside the file itself. */
function locate(path: string): Place {
  try {
    const realPath = findRealPath(path);
    return { directory: dirname(realPath), name: basename(realPath), own: ownIdentity() };
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw ioError(error, `can't lock ${path}`);
    throw new PmError("not-found", `there is no vault at ${path}`, { hint: "pm init", cause: error });
  }
}

/** The first lock that stands against `own`; those of dead processes are removed on the way. */
function findHolder(place: Place, { breakLock }: LockOptions, own?: string): Holder | undefined {
  for (const entry of listDirectory(place.directory)) {
    if (!isSideFile(entry, place.name, "lock")) continue;
    const file = join(place.directory, entry);
    const holder = file === own ? undefined : readHolder(file, place.own);
    if (holder === undefined) continue;
    if (holder.life === "dead" || (holder.life === "unknown" && breakLock)) removeLockFile(file);
    else return holder;
  }
  return undefined;
}

function listDirectory(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    throw ioError(error, `can't read the folder ${directory}`);
  }
}

function createLock(file: string): Lock {
  // A lock left behind is recognised as dead; this keeps the folder tidy.
  const undo = atEnd(() => removeLockFile(file));
  let isHeld = true;
  const release = () => {
    if (!isHeld) return;
    isHeld = false;
    removeLockFile(file);
    undo[Symbol.dispose]();
  };
  return { release, [Symbol.dispose]: release, [Symbol.asyncDispose]: async () => release() };
}

function heldError({ file, life, identity }: Holder, { path }: LockOptions): PmError {
  const message = `the vault ${path} is locked by ${describe(identity, life)}`;
  if (life === "unknown") {
    return new PmError("lock-held", message, {
      hint: "if it no longer runs, repeat with --break-lock",
      details: [`lock file: ${file}`],
    });
  }
  return new PmError("lock-held", message, {
    hint: "wait for it to end, or wait longer with --timeout SECONDS",
  });
}

function describe(identity: ProcessIdentity | undefined, life: Holder["life"]): string {
  if (identity === undefined) return "an unknown process";
  const process = `process ${identity.pid}`;
  // The file may have been written by anyone.
  return life === "alive" ? process : `${process} on ${identity.host.replace(/[^\w.-]/g, "?")}`;
}
