/** The names of the short-lived files beside a vault, and the removal of those that a killed process left. */
import { lstatSync, readdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { toHex } from "../core/bytes.ts";
import type { Random } from "../core/random.ts";

/**
 * "tmp": a new content before it gets its name. "bak": the previous version before it gets its name.
 * "lock": a lock, and "lock.tmp" the same before it is complete.
 */
export type SideKind = "tmp" | "bak" | "lock" | "lock.tmp";

const RANDOM_BYTES = 8;
const DIGITS = /^[0-9a-f]{16}$/;
/** How long a save may take at the very most; what is older was left by a process that is gone. */
export const STALE_MS: number = 60 * 60 * 1000;

/** A name that nobody has: `.vault.pm.<16 hex>.tmp`, `.vault.pm.lock.<16 hex>`. */
export function sideFileName(name: string, kind: SideKind, random: Random): string {
  const [prefix, suffix] = affixes(name, kind);
  return `${prefix}${toHex(random(RANDOM_BYTES))}${suffix}`;
}

/** Whether `file` is such a name for the vault file called `name`. */
export function isSideFile(file: string, name: string, kind: SideKind): boolean {
  const [prefix, suffix] = affixes(name, kind);
  if (!file.startsWith(prefix) || !file.endsWith(suffix)) return false;
  return DIGITS.test(file.slice(prefix.length, file.length - suffix.length));
}

function affixes(name: string, kind: SideKind): [string, string] {
  switch (kind) {
    case "tmp":
    case "bak":
      return [`.${name}.`, `.${kind}`];
    case "lock":
      return [`.${name}.lock.`, ""];
    case "lock.tmp":
      return [`.${name}.lock.`, ".tmp"];
  }
}

export interface SideFiles {
  readonly directory: string;
  /** Of the vault file. */
  readonly name: string;
  readonly kinds: readonly SideKind[];
}

/** Removes the own ones that are over an hour old. Best effort: a failure harms nobody. */
export function removeStaleSideFiles({ directory, name, kinds }: SideFiles, nowMs: number): void {
  try {
    for (const file of readdirSync(directory)) {
      if (!kinds.some((kind) => isSideFile(file, name, kind))) continue;
      const path = join(directory, file);
      const facts = lstatSync(path);
      // The change time, because a "bak" is a second name of a file that may be old itself.
      if (facts.isFile() && nowMs - facts.ctimeMs > STALE_MS && isOwn(facts.uid)) unlinkSync(path);
    }
  } catch {
    // Another process may be at the same work.
  }
}

/** Whether `uid` is this process's user. Windows has no such numbers. */
export function isOwn(uid: number): boolean {
  return process.geteuid === undefined || process.geteuid() === uid;
}
