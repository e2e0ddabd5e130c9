/** A plain file of the user's that is rewritten in its place: whole or not at all, and only as it was read. */
import { randomBytes } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { lstat, open, readFile, realpath, rename, unlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { equalBytes, wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { ioError } from "./io-error.ts";
import { syncDirectory } from "./paths.ts";

const PERMISSION_BITS = 0o7777;

export interface RewritableFile {
  /** The name of the folder that it was named in, empty for the root; and its own. */
  readonly folder: string;
  readonly name: string;
  /** As it was read; owned by the caller. */
  readonly bytes: Uint8Array;
  /**
   * Gives it another content; mode and owner stay.
   * @throws PmError "conflict" where it is not as it was read any more, "io" where it can't be written
   */
  rewrite(bytes: Uint8Array): Promise<void>;
}

export interface RewriteOptions {
  readonly cwd: string;
  readonly limit: number;
}

/** @throws PmError "io" where it can't be read, "limit" where it is too large, "usage" where it is no plain file */
export async function openRewritable(path: string, { cwd, limit }: RewriteOptions): Promise<RewritableFile> {
  try {
    // What a link leads to is replaced, not the link.
    const target = await realpath(resolve(cwd, path));
    const facts = await lstat(target);
    if (!facts.isFile()) {
      throw new PmError("usage", `"${path}" is not a plain file`, { hint: "name the file itself" });
    }
    if (facts.size > limit) throw new PmError("limit", `"${path}" is over ${limit} bytes`);
    const bytes = Uint8Array.from(await readFile(target));
    const named = resolve(cwd, path);
    return {
      folder: basename(dirname(named)),
      name: basename(named),
      bytes,
      rewrite: (next) => rewrite(target, { path, facts, bytes: bytes.slice(), next }),
    };
  } catch (error) {
    throw ioError(error, `can't read ${path}`);
  }
}

interface Rewrite {
  /** As the user named it. */
  readonly path: string;
  readonly facts: Stats;
  readonly bytes: Uint8Array;
  readonly next: Uint8Array;
}

async function rewrite(target: string, { path, facts, bytes, next }: Rewrite): Promise<void> {
  const temporary = join(dirname(target), `.pm-${randomBytes(8).toString("hex")}.tmp`);
  try {
    await writeLike(temporary, facts, next);
    // As late as can be: whoever writes between this and the rename loses what they wrote.
    if (!(await isStill(target, bytes))) {
      throw new PmError("conflict", `"${path}" was changed meanwhile; it was left as it is`);
    }
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw ioError(error, `can't write ${path}`);
  } finally {
    wipe(bytes);
  }
  syncDirectory(dirname(target));
}

async function isStill(target: string, bytes: Uint8Array): Promise<boolean> {
  const now = await readFile(target).catch(() => undefined);
  return now !== undefined && equalBytes(now, bytes);
}

async function writeLike(path: string, { mode, uid, gid }: Stats, bytes: Uint8Array): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    if (process.platform !== "win32") {
      const own = await file.stat();
      if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid);
      await file.chmod(mode & PERMISSION_BITS);
    }
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
