/**
 * Sealed copies of a vault in a folder: the exact bytes of one version, under a name that says which vault,
 * when and which bytes. No key is needed, and none is asked for.
 */
import { basename, join, parse, resolve } from "node:path";
import { equalBytes, toHex } from "../core/bytes.ts";
import type { CryptoBackend } from "../core/crypto/backend.ts";
import { PmError } from "../core/errors.ts";
import { readHeader } from "../core/vault/format.ts";
import { HEADER_BYTES, KIND, MAGIC } from "../core/vault/header.ts";
import type { Random } from "../core/random.ts";
import { createDurably } from "./durable-save.ts";
import { MAX_FILE_BYTES, openVaultFile, type VaultFile } from "./file-checks.ts";
import { fs } from "./fs.ts";
import { errnoOf, ioError } from "./io-error.ts";
import type { Paths } from "./paths.ts";
import { removeStaleSideFiles } from "./side-files.ts";

export interface BackupCopy {
  readonly path: string;
  /** When it was made, epoch milliseconds, as its name says: a copy of a copy has another file time. */
  readonly time: number;
  /** Of the file, epoch milliseconds: tells copies of one second apart. */
  readonly modified: number;
  readonly fileBytes: number;
  /** 32 hex digits, from its header. */
  readonly vaultId: string;
}

/** The folder that is named, or the one in the data folder. */
export function backupFolder(paths: Pick<Paths, "data">, cwd: string, named?: string): string {
  return named === undefined ? join(paths.data, "backups") : resolve(cwd, named);
}

const NAME = /^(.+)-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-([0-9a-f]{8})\.pm$/;
const DIGEST_DIGITS = 8;
/** Of the vault's own name: with the rest, and with what a temporary name adds, it must fit into 255 bytes. */
const MAX_STEM_CHARS = 50;
const ID_OFFSET = 16;
const ID_BYTES = 16;

/**
 * The copies in `directory` of the vault with this id (32 hex digits), newest first; of all vaults where it
 * is undefined. Whatever else stands there is passed over: other names, links, what is no vault.
 * @throws PmError "io" where there is a folder that can't be read
 */
export function listBackups(directory: string, vaultId: string | undefined): readonly BackupCopy[] {
  return namesIn(directory)
    .map((name) => lookAt(directory, name))
    .filter((copy) => copy !== undefined)
    .filter((copy) => vaultId === undefined || copy.vaultId === vaultId)
    .toSorted((a, b) => b.time - a.time || b.modified - a.modified);
}

/** For those who only tell of it: undefined also where the folder can't be read. */
export function newestBackup(directory: string, vaultId: string): BackupCopy | undefined {
  try {
    return listBackups(directory, vaultId)[0];
  } catch {
    return undefined;
  }
}

/** Whether the copy's name begins as those of the vault file at `path` do: all there is to go by without its id. */
export function isNamedAfter(copy: BackupCopy, path: string): boolean {
  return NAME.exec(basename(copy.path))?.[1] === stemOf(path);
}

/** Whether the file is a copy that pm made, which stays as it is: by its name. */
export function isBackup(path: string): boolean {
  return path.endsWith(".bak") || NAME.test(basename(path));
}

function namesIn(directory: string): readonly string[] {
  try {
    return fs.readdirSync(directory);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw ioError(error, `can't read the folder ${directory}`);
  }
}

function lookAt(directory: string, name: string): BackupCopy | undefined {
  const time = timeOf(name);
  if (time === undefined) return undefined;
  const path = join(directory, name);
  try {
    if (!fs.lstatSync(path).isFile()) return undefined;
    using file = openVaultFile(path);
    if (file.size < HEADER_BYTES) return undefined;
    const head = file.read(0, ID_OFFSET + ID_BYTES);
    if (!equalBytes(head.subarray(0, MAGIC.length), MAGIC)) return undefined;
    return {
      path,
      time,
      modified: file.modified,
      fileBytes: file.size,
      vaultId: toHex(head.subarray(ID_OFFSET)),
    };
  } catch {
    // Removed meanwhile, or another user's: no copy to count on.
    return undefined;
  }
}

function timeOf(name: string): number | undefined {
  const [, , ...parts] = NAME.exec(name) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(0, 6).map(Number);
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  // The 31st of February is another day: pm did not write this name.
  return parts.length > 0 && stamp(time) === parts.slice(0, 6).join("") ? time : undefined;
}

/** The digits of a moment in UTC, to the second. */
function stamp(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 19).replaceAll(/\D/g, "");
}

function stemOf(path: string): string {
  return parse(path).name.slice(0, MAX_STEM_CHARS);
}

function nameOf(path: string, digest: string, epochMs: number): string {
  const digits = stamp(epochMs);
  return `${stemOf(path)}-${digits.slice(0, 8)}T${digits.slice(8)}Z-${digest}.pm`;
}

export interface BackupOptions {
  readonly crypto: CryptoBackend;
  readonly random: Random;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** The vault. */
  readonly path: string;
  /** Created where it is missing. */
  readonly directory: string;
  /** How many copies stay, at least one; undefined leaves all. */
  readonly keep: number | undefined;
}

export interface Backup {
  readonly path: string;
  /** False where the newest copy had the same bytes already. */
  readonly created: boolean;
  /** Paths of the older copies that were taken away. */
  readonly removed: readonly string[];
  readonly durable: boolean;
}

/**
 * Copies the version of the vault that is there now. Older copies are removed only when the new one is in place.
 * @throws PmError as {@link openVaultFile} does, the codes of a damaged header, "io" where it can't be written
 */
export async function createBackup(options: BackupOptions): Promise<Backup> {
  const { crypto, directory, path, random, now } = options;
  using file = openVaultFile(path);
  const header = readHeader(crypto, file);
  if (header.kind === KIND.share) throw bundleIsNoVault();
  const vaultId = toHex(header.vaultId);
  const bytes = file.read(0, file.size);
  const newest = listBackups(directory, vaultId)[0];
  if (newest !== undefined && holds(newest, bytes)) {
    const removed = removeOlder({ ...options, vaultId, file, kept: newest.path });
    return { path: newest.path, created: false, removed, durable: true };
  }
  removeLeftovers(directory, now());
  const digest = toHex(crypto.sha256(bytes)).slice(0, DIGEST_DIGITS);
  const target = join(directory, nameOf(path, digest, now()));
  const { realPath, durable } = await createDurably({ path: target, bytes, random });
  const kept = join(directory, basename(realPath));
  return { path: kept, created: true, removed: removeOlder({ ...options, vaultId, file, kept }), durable };
}

/** It leaves no trace on the machine that reads it, and no copy could be put in its place. */
function bundleIsNoVault(): PmError {
  return new PmError("read-only", "this is a bundle, which is made anew from its vault", {
    hint: "back up the vault, where it was made: pm backup",
  });
}

/** By their bytes: a copy that was damaged since is none. */
function holds(copy: BackupCopy, bytes: Uint8Array): boolean {
  if (copy.fileBytes !== bytes.length || bytes.length > MAX_FILE_BYTES) return false;
  try {
    using file = openVaultFile(copy.path);
    return file.size === bytes.length && equalBytes(file.read(0, file.size), bytes);
  } catch {
    return false;
  }
}

interface Pruning extends Pick<BackupOptions, "directory" | "keep"> {
  readonly vaultId: string;
  /** The open vault, which may itself stand there under the name of a copy. */
  readonly file: VaultFile;
  /** The newest copy by what was done, whatever the clock said before. */
  readonly kept: string;
}

function removeOlder({ directory, keep, vaultId, file, kept }: Pruning): readonly string[] {
  if (keep === undefined) return [];
  const own = fs.fstatSync(file.fd);
  const others = listBackups(directory, vaultId).filter(({ path }) => {
    if (path === kept) return false;
    const facts = fs.lstatSync(path, { throwIfNoEntry: false });
    return facts !== undefined && !(facts.ino === own.ino && facts.dev === own.dev);
  });
  return others.slice(keep - 1).map(({ path }) => remove(path));
}

function remove(path: string): string {
  try {
    fs.unlinkSync(path);
    return path;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return path;
    throw ioError(error, `the new copy is in place, but ${path} can't be removed`);
  }
}

const LEFTOVER = /^\.(.+)\.[0-9a-f]{16}\.tmp$/;

/** What a killed backup left: its name never comes again, so no later save would find it. */
function removeLeftovers(directory: string, nowMs: number): void {
  for (const file of namesIn(directory)) {
    const name = LEFTOVER.exec(file)?.[1];
    if (name === undefined || timeOf(name) === undefined) continue;
    removeStaleSideFiles({ directory, name, kinds: ["tmp"] }, nowMs);
  }
}
