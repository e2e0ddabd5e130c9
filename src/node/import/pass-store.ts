/** The files of a password store, found without following anything out of it. Nothing is written. */
import { constants, type Dirent } from "node:fs";
import { lstat, open, readdir, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { PmError } from "../../core/errors.ts";
import type { Skipped } from "../../core/import/imported.ts";
import type { ImportFolder } from "../../core/import/reader.ts";
import { ioError } from "../io-error.ts";

export interface StoredFile {
  /** As people name it: "work/github". */
  readonly name: string;
  readonly path: string;
}

export interface Store {
  readonly files: readonly StoredFile[];
  readonly skipped: readonly Skipped[];
}

const MAX_FILES = 50_000;
const MAX_DEPTH = 32;
export const MAX_STORED_BYTES: number = 64 * 1024 * 1024;

const ENDING = ".gpg";
/** What pass, gopass and git keep for themselves: no secrets. */
const OWN: ReadonlySet<string> = new Set([
  ".git",
  ".gitattributes",
  ".gitignore",
  ".gpg-id",
  ".gpg-id.sig",
  ".extensions",
  ".public-keys",
  ".gpg-keys",
  ".gopass",
  ".pass-template",
]);
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export async function isPassStore(path: string): Promise<boolean> {
  return await exists(join(path, ".gpg-id"));
}

/** Also one that is encrypted with age, which the reader refuses by name. */
export async function isGopassStore(path: string): Promise<boolean> {
  const marks = await Promise.all(
    [".public-keys", ".gpg-keys", ".gopass", ".age-recipients"].map((name) => exists(join(path, name))),
  );
  return marks.includes(true);
}

/** @throws PmError "usage" where it is encrypted with age, "limit" where it holds too much, "io" */
export async function storedFiles({ name, path }: ImportFolder): Promise<Store> {
  const walk: Walk = { root: await realpath(path), files: [], skipped: [] };
  try {
    await look(walk, "", 0);
  } catch (error) {
    throw ioError(error, `can't read ${name}`);
  }
  return walk;
}

interface Walk {
  readonly root: string;
  readonly files: StoredFile[];
  readonly skipped: Skipped[];
}

async function look(walk: Walk, folder: string, depth: number): Promise<void> {
  if (depth > MAX_DEPTH) throw new PmError("limit", `the store has folders over ${MAX_DEPTH} levels deep`);
  const found = await readdir(join(walk.root, folder), { withFileTypes: true });
  for (const entry of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (OWN.has(entry.name)) continue;
    const inner = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) await look(walk, inner, depth + 1);
    else await take(walk, inner, entry);
  }
}

async function take(walk: Walk, inner: string, entry: Dirent): Promise<void> {
  if (inner.endsWith(".age") || entry.name === ".age-recipients") {
    throw new PmError("usage", "the store is encrypted with age, which pm does not read", {
      hint: "gopass convert --crypto gpgcli makes it one of gpg",
    });
  }
  const path = entry.isSymbolicLink() ? await targetOf(walk.root, inner) : join(walk.root, inner);
  const skip = (why: string): void => void walk.skipped.push({ what: inner, why });
  if (path === undefined) return skip("it is a link that leads out of the store, to a folder or nowhere");
  if (!inner.endsWith(ENDING)) return skip("it is not encrypted by gpg");
  if (!entry.isFile() && !entry.isSymbolicLink()) return skip("it is no file");
  if (walk.files.length === MAX_FILES) throw new PmError("limit", `the store has over ${MAX_FILES} entries`);
  walk.files.push({ name: inner.slice(0, -ENDING.length), path });
}

/** A file within the store; undefined for everything else that a link can lead to. */
async function targetOf(root: string, inner: string): Promise<string | undefined> {
  const target = await realpath(join(root, inner)).catch(() => undefined);
  if (target === undefined || !target.startsWith(root + sep)) return undefined;
  return (await lstat(target)).isFile() ? target : undefined;
}

/** @throws PmError "limit" where it is too large, "io" */
export async function readStored({ name, path }: StoredFile): Promise<Uint8Array> {
  try {
    await using file = await open(path, OPEN_FLAGS);
    const facts = await file.stat();
    if (!facts.isFile()) throw new PmError("io", `${name} is no file`);
    if (facts.size > MAX_STORED_BYTES) {
      throw new PmError("limit", `"${name}" in the store is over ${MAX_STORED_BYTES / 1024 ** 2} MiB`);
    }
    return await file.readFile();
  } catch (error) {
    throw ioError(error, `can't read "${name}" in the store`);
  }
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}
