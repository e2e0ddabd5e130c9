/** Failures of the operating system in pm's words. */
import { type ErrorCode, PmError } from "../core/errors.ts";

const PERMISSIONS = "look at the permissions: ls -ld, of the folder too";
const PATH = "check the path, and that its folder is there";

/** For each `code` of a Node error what happened, and what to do about it. */
const FAILURES: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  E2BIG: ["its arguments and variables are too large", "give large values in files, or on standard input"],
  EACCES: ["permission denied", PERMISSIONS],
  EBADF: ["it is not open", "open it in the shell, as in 3<file"],
  EEXIST: ["it exists already", "choose another name"],
  EISDIR: ["it is a directory", "name a file in it"],
  ELOOP: ["too many symbolic links", PATH],
  EMFILE: ["too many open files", "raise the limit: ulimit -n"],
  ENAMETOOLONG: ["the name is too long", "choose a shorter name"],
  ENOENT: ["no such file or directory", PATH],
  ENOSPC: ["the disk is full", "free some space; df -h shows where there is any"],
  ENOTDIR: ["a part of the path is not a directory", PATH],
  EDQUOT: ["the disk quota is used up", "free some space; quota -s shows how much there is"],
  EPERM: ["operation not permitted", PERMISSIONS],
  EROFS: ["the file system is read-only", "name a place that can be written, or mount it for writing"],
  ETXTBSY: ["it is being written", "try again when that has ended"],
};

/** The `code` of a Node error ("ENOENT"), or undefined. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/**
 * A PmError "io" saying what failed and why; a PmError passes as it is. The message of a Node error
 * is not used: it repeats paths and the names of system calls.
 */
export function ioError(error: unknown, what: string, code: ErrorCode = "io"): PmError {
  if (error instanceof PmError) return error;
  const errno = errnoOf(error);
  const [reason, hint] = FAILURES[errno ?? ""] ?? [errno ?? "unexpected failure"];
  return new PmError(code, `${what}: ${reason}`, { cause: error, ...(hint === undefined ? {} : { hint }) });
}
