/** From errors to exit statuses and to what stderr says. */
import type { ErrorCode, PmError } from "../core/errors.ts";
import { escapeControls, escapeJson } from "./escape.ts";

export interface ExitStatus {
  readonly code: number;
  readonly name: string;
  readonly when: string;
}

/** Stable: a number is never reused, a name never changed. */
export const EXIT_STATUSES: readonly ExitStatus[] = [
  { code: 0, name: "ok", when: "done; also an empty list, and a closed pipe" },
  { code: 1, name: "error", when: "anything that stands nowhere below" },
  {
    code: 2,
    name: "usage",
    when: "a wrong option or argument, a secret in an argument, empty input, a limit on what may be stored",
  },
  { code: 3, name: "not-found", when: "no such entry, field or search hit, or no vault" },
  {
    code: 4,
    name: "locked",
    when: "a password or an answer is needed, and prompts are not allowed or not possible",
  },
  { code: 5, name: "auth", when: "a wrong password or key" },
  { code: 6, name: "ambiguous", when: "several entries match; they are listed on stderr" },
  { code: 7, name: "conflict", when: "the name exists already, or the vault was changed meanwhile" },
  {
    code: 8,
    name: "corrupt",
    when: "not a vault, a damaged or an unknown one, or an older copy than the one last used",
  },
  { code: 9, name: "io", when: "a file, a disk, a lock or the memory of this machine says no" },
  { code: 10, name: "network", when: "a remote is out of reach, or refuses" },
  { code: 11, name: "findings", when: "a check ran and found something" },
  { code: 12, name: "unavailable", when: "no clipboard, no terminal to ask on, or a missing program" },
  { code: 13, name: "read-only", when: "a write was refused by --read-only, or by the kind of the vault" },
  {
    code: 125,
    name: "run-failed",
    when: "a command was not started, or what it did not saved, because of pm",
  },
  { code: 126, name: "run-denied", when: "a command to run cannot be executed" },
  { code: 127, name: "run-missing", when: "a command to run was not found" },
  { code: 130, name: "interrupted", when: "Ctrl-C, also at a prompt" },
];

const CORRUPT = 8;
const IO = 9;

const EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
  error: 1,
  usage: 2,
  "not-found": 3,
  locked: 4,
  auth: 5,
  ambiguous: 6,
  conflict: 7,
  corrupt: CORRUPT,
  io: IO,
  network: 10,
  findings: 11,
  unavailable: 12,
  "read-only": 13,
  interrupted: 130,
  "run-failed": 125,
  "run-denied": 126,
  "run-missing": 127,
  "use-only": 4,
  limit: 2,
  "lock-held": IO,
  "no-memory": IO,
  truncated: CORRUPT,
  "not-a-vault": CORRUPT,
  "unsupported-version": CORRUPT,
  "header-checksum": CORRUPT,
  "unsupported-suite": CORRUPT,
  "unsupported-kind": CORRUPT,
  "unsupported-feature": CORRUPT,
  "reserved-not-zero": CORRUPT,
  "slot-count": CORRUPT,
  "slot-invalid": CORRUPT,
  "kdf-out-of-bounds": CORRUPT,
  "body-length": CORRUPT,
  "slot-corrupt": CORRUPT,
  "body-commitment": CORRUPT,
  "body-corrupt": CORRUPT,
  "layout-invalid": CORRUPT,
  "padding-not-zero": CORRUPT,
  "index-invalid": CORRUPT,
  "record-invalid": CORRUPT,
  rollback: CORRUPT,
};

/** The exit status that `code` leads to, described. */
export function exitStatus(code: ErrorCode): ExitStatus {
  const status = EXIT_STATUSES.find((known) => known.code === EXIT_CODES[code]);
  if (status === undefined) throw new RangeError(`"code" has no exit status: ${code}`);
  return status;
}

/** The error codes that lead to an exit status. */
export function errorCodesOf(status: number): readonly string[] {
  return Object.entries(EXIT_CODES)
    .filter(([, exit]) => exit === status)
    .map(([code]) => code);
}

export function exitCode(error: PmError): number {
  return EXIT_CODES[error.code];
}

/** What stderr gets: lines for people, or one line of JSON. */
export function render(error: PmError, format: "text" | "json"): string {
  if (format === "json") {
    const { code, message, hint } = error;
    const details = error.details.length === 0 ? undefined : error.details;
    const json = JSON.stringify({ error: { code, exit: exitCode(error), message, hint, details } });
    return `${escapeJson(json)}\n`;
  }
  const lines = [`pm: error: ${error.message}`, ...error.details];
  if (error.hint !== undefined) lines.push(`pm: hint: ${error.hint}`);
  return `${lines.map((line) => escapeControls(line)).join("\n")}\n`;
}
