/** Locks and half-written files beside the vault that no running process needs. */
import type { Stats } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fs } from "../fs.ts";
import { type Holder, readHolder } from "../lock-file.ts";
import { ownIdentity } from "../process-identity.ts";
import { isOwn, isSideFile, type SideKind, STALE_MS } from "../side-files.ts";
import type { Finding, Subject } from "./finding.ts";

interface SideFile {
  readonly path: string;
  readonly kind: SideKind;
}

const KINDS: readonly SideKind[] = ["tmp", "bak", "lock", "lock.tmp"];

export function checkSideFiles({ vault, now }: Subject): readonly Finding[] {
  const files = sideFiles(vault.realPath ?? vault.path);
  const holders = holdersOf(files);
  // A save writes only under the lock, so without one that may be held nobody is at work.
  const isBusy = holders.some(({ life }) => life !== "dead");
  const locks = holders.flatMap((holder) => checkLock(holder));
  const others = files.filter(({ kind }) => kind !== "lock");
  // "lock.tmp" comes before its lock.
  const newest = ({ kind }: SideFile): number =>
    isBusy || kind === "lock.tmp" ? now - STALE_MS : Number.POSITIVE_INFINITY;
  return [...locks, ...others.flatMap((file) => checkLeftover(file.path, newest(file)))];
}

/** Processes that hold the lock now: nothing to mend, and good to know. */
export function lockNotes({ vault }: Subject): readonly string[] {
  return holdersOf(sideFiles(vault.realPath ?? vault.path))
    .filter(({ life }) => life === "alive")
    .map(({ identity }) => `process ${identity?.pid} is writing the vault`);
}

function sideFiles(vaultPath: string): readonly SideFile[] {
  const [directory, name] = [dirname(vaultPath), basename(vaultPath)];
  return namesIn(directory).flatMap((file) => {
    const kind = KINDS.find((candidate) => isSideFile(file, name, candidate));
    return kind === undefined ? [] : [{ path: join(directory, file), kind }];
  });
}

function namesIn(directory: string): readonly string[] {
  try {
    return fs.readdirSync(directory);
  } catch {
    return [];
  }
}

function holdersOf(files: readonly SideFile[]): readonly Holder[] {
  const own = ownIdentity();
  const locks = files.filter(({ kind }) => kind === "lock");
  return locks.map(({ path }) => readHolder(path, own)).filter((holder) => holder !== undefined);
}

function checkLock({ file, life, identity }: Holder): readonly Finding[] {
  if (life === "alive") return [];
  const who = identity === undefined ? "a process" : `process ${identity.pid}`;
  if (life === "dead") return [leftover("lock", `${file} is the lock of ${who}, which has ended`, file)];
  const text = `${file} is a lock of which can't be told whether ${who} still runs; every write waits for it`;
  return [{ id: "lock", level: "problem", text, fix: ["rm", file] }];
}

function checkLeftover(path: string, newestMs: number): readonly Finding[] {
  const facts = look(path);
  // The change time, because a "bak" is a second name of a file that may be old itself.
  if (facts === undefined || !facts.isFile() || !isOwn(facts.uid) || facts.ctimeMs > newestMs) return [];
  return [leftover("leftover", `${path} was left by a save that was cut off`, path)];
}

function leftover(id: string, text: string, path: string): Finding {
  const facts = look(path);
  const finding = { id, level: "problem", text, fix: ["rm", path] } as const;
  if (facts === undefined || !facts.isFile()) return finding;
  const { ino, dev } = facts;
  return { ...finding, repair: { kind: "remove", path, ino, dev, mode: 0 } };
}

/** Undefined also in a folder that may be listed and not entered. */
function look(path: string): Stats | undefined {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
