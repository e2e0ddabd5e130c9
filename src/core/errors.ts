/**
 * The one error vocabulary of pm: thrown by every layer, mapped to exit codes by the CLI, used as
 * verdicts by the format vectors. Codes are stable; a new one is added, none is renamed.
 */
export type ErrorCode =
  // The general codes, one for each exit status.
  | "error"
  | "usage"
  | "not-found"
  | "locked"
  | "auth"
  | "ambiguous"
  | "conflict"
  | "corrupt"
  | "io"
  | "network"
  | "findings"
  | "unavailable"
  | "read-only"
  | "interrupted"
  // A program was not started: because of pm, because it may not be executed, because it is not there.
  | "run-failed"
  | "run-denied"
  | "run-missing"
  // A value or a flag of a use-only entry, in a session that was not confirmed (exit 4).
  | "use-only"
  // A limit on what may be stored (exit 2) or on this machine (exit 9).
  | "limit"
  | "lock-held"
  | "no-memory"
  // What is wrong with a vault file, in the order in which a reader finds it (docs/format.md).
  | "truncated"
  | "not-a-vault"
  | "unsupported-version"
  | "header-checksum"
  | "unsupported-suite"
  | "unsupported-kind"
  | "unsupported-feature"
  | "reserved-not-zero"
  | "slot-count"
  | "slot-invalid"
  | "kdf-out-of-bounds"
  | "body-length"
  | "slot-corrupt"
  | "body-commitment"
  | "body-corrupt"
  | "layout-invalid"
  | "padding-not-zero"
  | "index-invalid"
  | "record-invalid"
  | "rollback";

export interface PmErrorOptions {
  /** What the user can do about it: one line, something that can be typed. */
  readonly hint?: string;
  /** Lines printed under the message, such as the candidates of an ambiguous name. */
  readonly details?: readonly string[];
  readonly cause?: unknown;
}

/**
 * An expected failure. The message is one line, lowercase, without a period, names the thing, and
 * never carries a value that may be a secret.
 */
export class PmError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: readonly string[];

  constructor(code: ErrorCode, message: string, options: PmErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "PmError";
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? [];
  }
}

/** True where `error` is a {@link PmError} with this code. */
export function hasCode(error: unknown, code: ErrorCode): error is PmError {
  return error instanceof PmError && error.code === code;
}
