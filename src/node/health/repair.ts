/** The repairs that are safe: on what was looked at and is still there, never through a link. */
import type { Stats } from "node:fs";
import type { Random } from "../../core/random.ts";
import { fs } from "../fs.ts";
import { acquireLock } from "../lock.ts";
import { isOwn } from "../side-files.ts";
import type { Finding, Repair } from "./finding.ts";

const { constants } = fs;

export interface RepairOptions {
  /** The vault, whose lock is taken to remove what stands beside it. */
  readonly vault: string;
  readonly random: Random;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** @returns the findings that were mended; what can't be is left, and found again */
export async function repairAll(
  findings: readonly Finding[],
  options: RepairOptions,
): Promise<readonly Finding[]> {
  const wanted = findings.filter(({ repair }) => repair !== undefined);
  const removals = wanted.filter(({ repair }) => repair?.kind === "remove");
  // Before the permissions: what a cut-off save left may be a second name of the vault.
  const removed = removals.length === 0 ? [] : await removeAll(removals, options);
  return [...removed, ...wanted.filter(({ repair }) => repair?.kind === "chmod" && changeMode(repair))];
}

/** O_NONBLOCK: a FIFO in the place of a file must not hang pm. Windows has none of the two. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** The mode is changed through a descriptor, so the file can't be exchanged after the last look. */
function changeMode(repair: Repair): boolean {
  let fd: number | undefined;
  try {
    fd = fs.openSync(repair.path, OPEN_FLAGS);
    const facts = fs.fstatSync(fd);
    // A file with a second name may have been put here to have that one changed.
    if (!isSame(facts, repair) || (facts.isFile() && facts.nlink > 1)) return false;
    fs.fchmodSync(fd, repair.mode);
    return true;
  } catch {
    return false;
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

/** Under the lock, so that nothing is taken from a save that begins just now. */
async function removeAll(
  findings: readonly Finding[],
  { vault: path, random, now }: RepairOptions,
): Promise<readonly Finding[]> {
  try {
    // Takes the locks of dead processes away on its way, by looking at them again.
    using _lock = await acquireLock({ path, timeoutMs: 0, breakLock: false, random, now });
    return findings.filter(({ repair }) => repair !== undefined && remove(repair));
  } catch {
    return [];
  }
}

function remove(repair: Repair): boolean {
  try {
    const facts = fs.lstatSync(repair.path, { throwIfNoEntry: false });
    if (facts === undefined) return true;
    if (!facts.isFile() || !isSame(facts, repair)) return false;
    fs.unlinkSync(repair.path);
    return true;
  } catch {
    return false;
  }
}

function isSame(facts: Stats, { ino, dev }: Repair): boolean {
  return facts.ino === ino && facts.dev === dev && isOwn(facts.uid);
}
