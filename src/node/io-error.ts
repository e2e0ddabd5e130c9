/** Failures of the operating system in pm's words. */
import { type ErrorCode, PmError } from "../core/errors.ts";

const REASON: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EBADF: "it is not open",
  EEXIST: "it exists already",
  EISDIR: "it is a directory",
  ELOOP: "too many symbolic links",
  EMFILE: "too many open files",
  ENAMETOOLONG: "the name is too long",
  ENOENT: "no such file or directory",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is not a directory",
  EDQUOT: "the disk quota is used up",
  EPERM: "operation not permitted",
  EROFS: "the file system is read-only",
  ETXTBSY: "it is being written",
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
  const reason = errno === undefined ? "unexpected failure" : (REASON[errno] ?? errno);
  return new PmError(code, `${what}: ${reason}`, { cause: error });
}
