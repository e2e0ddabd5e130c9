/** Whether there is a vault, whether its header is whole, and what can take its place where not. */
import { equalBytes, toHex } from "../../core/bytes.ts";
import type { CryptoBackend } from "../../core/crypto/backend.ts";
import type { PmError } from "../../core/errors.ts";
import { readHeader } from "../../core/vault/format.ts";
import { SALT_BYTES } from "../../core/vault/cobblestone.ts";
import { type Header, HEADER_BYTES } from "../../core/vault/header.ts";
import { type BackupCopy, backupFolder, isNamedAfter, listBackups, newestBackup } from "../backups.ts";
import { openVaultFile, type VaultFile } from "../file-checks.ts";
import { ioError } from "../io-error.ts";
import type { Paths } from "../paths.ts";
import { type Finding, isBundle, type Subject, type VaultSubject } from "./finding.ts";

/** Never throws: what is wrong is what is asked for. */
export function readVaultSubject(crypto: CryptoBackend, path: string): VaultSubject {
  const missing = { path, realPath: undefined, modified: 0, header: undefined };
  try {
    using file = openVaultFile(path);
    const { realPath, modified } = file;
    return { path, realPath, modified, ...parse(crypto, file) };
  } catch (error) {
    return { ...missing, error: ioError(error, `can't read ${path}`) };
  }
}

function parse(
  crypto: CryptoBackend,
  file: VaultFile,
): { readonly header: Header | undefined; readonly error: PmError | undefined } {
  try {
    return { header: readHeader(crypto, file), error: undefined };
  } catch (error) {
    return { header: undefined, error: ioError(error, `can't read ${file.realPath}`) };
  }
}

/** The failure that every other command ends with, and the way out of it. */
export function checkVaultFile({ crypto, vault, paths }: Subject): readonly Finding[] {
  const { error } = vault;
  if (error === undefined) return [];
  const fix = wayOut(crypto, error, { path: vault.realPath ?? vault.path, paths });
  return [{ id: "vault", level: "problem", text: error.message, fix }];
}

/** What to do about a vault that can't be used: a copy that looks whole, where there is one. */
export function wayOut(
  crypto: CryptoBackend,
  error: PmError,
  { path, paths }: { readonly path: string; readonly paths: Paths },
): readonly string[] {
  if (error.code === "unsupported-version") return ["pm", "version"];
  if (error.code === "io") return ["ls", "-ld", path];
  const copy = wholeCopy(crypto, path, paths);
  if (copy !== undefined) return ["pm", "restore", copy];
  return error.code === "not-found" ? ["pm", "init"] : ["pm", "backup", "--list"];
}

/** The version before the last save, else the newest copy of a vault file of this name. */
function wholeCopy(crypto: CryptoBackend, path: string, paths: Paths): string | undefined {
  const previous = `${path}.bak`;
  if (readVaultSubject(crypto, previous).error === undefined) return previous;
  try {
    return listBackups(backupFolder(paths, "/"), undefined).find((copy) => isNamedAfter(copy, path))?.path;
  } catch {
    return undefined;
  }
}

const MAX_AGE_DAYS = 30;
const DAY_MS = 86_400_000;

/** A copy on the same disk is no backup of that disk, but it is one of a vault that was spoilt. */
export function checkBackups(subject: Subject): readonly Finding[] {
  const { header, modified, realPath } = subject.vault;
  if (header === undefined || realPath === undefined || isBundle(subject.vault)) return [];
  const newest = newestBackup(backupFolder(subject.paths, "/"), toHex(header.vaultId));
  const advice = (text: string): readonly Finding[] => [
    { id: "backup", level: "advice", text, fix: ["pm", "backup"] },
  ];
  if (newest === undefined) {
    return advice(`there is no copy of the vault in ${backupFolder(subject.paths, "/")}`);
  }
  const days = Math.floor((modified - newest.time) / DAY_MS);
  if (days <= MAX_AGE_DAYS || isSameVersion(newest, realPath)) return [];
  return advice(`the newest copy of the vault is ${days} days older than its last change`);
}

/** Every save draws a new salt, which stands behind the header. */
function isSameVersion(copy: BackupCopy, realPath: string): boolean {
  try {
    using a = openVaultFile(copy.path);
    using b = openVaultFile(realPath);
    const length = HEADER_BYTES + SALT_BYTES;
    return a.size === b.size && equalBytes(a.read(0, length), b.read(0, length));
  } catch {
    return false;
  }
}

/** The version before the last save is what a damaged vault would be restored from. */
export function checkPrevious({ crypto, vault }: Subject): readonly Finding[] {
  if (vault.header === undefined || vault.realPath === undefined) return [];
  const { error } = readVaultSubject(crypto, `${vault.realPath}.bak`);
  if (error === undefined || error.code === "not-found") return [];
  return [damagedPrevious(`${vault.realPath}.bak`, error)];
}

/** Out of the way; the next save leaves a whole one in its place. */
export function damagedPrevious(path: string, { message }: PmError): Finding {
  const text = `the previous version, ${path}: ${message}`;
  return { id: "previous", level: "problem", text, fix: ["mv", path, `${path}.damaged`] };
}
