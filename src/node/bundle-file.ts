/** The file of a bundle: what stands in its place, and how it gets there. */
import { createHash } from "node:crypto";
import { basename, dirname, resolve } from "node:path";
import { equalBytes, toHex } from "../core/bytes.ts";
import { hasCode, PmError } from "../core/errors.ts";
import { HEADER_BYTES, KIND, MAGIC } from "../core/vault/header.ts";
import { fs } from "./fs.ts";
import { MAX_FILE_BYTES } from "./file-checks.ts";
import { ioError } from "./io-error.ts";
import { flushName, writeUserFile } from "./user-file.ts";

export interface BundlePlace {
  /** Absolute. */
  readonly path: string;
  /** The file's name without ".pm". */
  readonly name: string;
  readonly found: FoundFile | undefined;
}

export interface FoundFile {
  /** Permission bits. */
  readonly mode: number;
  readonly bytes: Uint8Array;
  /** SHA-256, 64 hex digits. */
  readonly hash: string;
  /** Where it is a bundle its id, 32 hex digits. */
  readonly bundle: string | undefined;
}

/** The absolute path that a word of the user means. */
export function pathOf(word: string, cwd: string): string {
  return resolve(cwd, word);
}

/** @throws PmError "conflict" where a vault is there, or no plain file; "io" */
export function lookAtPlace(file: string, cwd: string): BundlePlace {
  const path = pathOf(file, cwd);
  requireFolder(dirname(path), file);
  return { path, name: basename(path).replace(/(?<=.)\.pm$/, ""), found: lookAtFile(path) };
}

/** What could not be written in the end is told before anything is made. */
function requireFolder(folder: string, file: string): void {
  orIoError(`can't write ${file}`, () => fs.accessSync(folder, fs.constants.W_OK));
}

function lookAtFile(path: string): FoundFile | undefined {
  const facts = orIoError(`can't read ${path}`, () => fs.lstatSync(path, { throwIfNoEntry: false }));
  if (facts === undefined) return undefined;
  if (!facts.isFile() || facts.size > MAX_FILE_BYTES) {
    const what = facts.isFile() ? "too large for a bundle" : "not a plain file";
    throw new PmError("conflict", `"${path}" is ${what}`, { hint: "name another file: -o FILE" });
  }
  const bytes = orIoError(`can't read ${path}`, () => fs.readFileSync(path));
  const hasHeader = bytes.length > HEADER_BYTES && equalBytes(bytes.subarray(0, MAGIC.length), MAGIC);
  const kind = hasHeader ? bytes[11] : undefined;
  if (kind !== undefined && kind !== KIND.share) {
    throw new PmError("conflict", `"${path}" is a vault`, { hint: "name another file: -o FILE" });
  }
  const hash = createHash("sha256").update(bytes).digest("hex");
  const bundle = kind === undefined ? undefined : toHex(bytes.subarray(16, 32));
  return { mode: facts.mode & 0o777, bytes, hash, bundle };
}

function orIoError<T>(message: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw ioError(error, message);
  }
}

/**
 * Whole or not at all, with the permissions of the file that it replaces, 0600 where there is none.
 * @throws PmError "conflict" where a file has appeared meanwhile, "io"
 */
export async function writeBundleFile({ path, found }: BundlePlace, bytes: Uint8Array): Promise<void> {
  const mode = found === undefined ? {} : { mode: found.mode };
  try {
    await writeUserFile(path, bytes, { cwd: "/", overwrite: found !== undefined, ...mode });
  } catch (error) {
    if (!hasCode(error, "conflict")) throw error;
    throw new PmError("conflict", error.message, { hint: "name another file: -o FILE" });
  }
  flushName(path, "/");
}
