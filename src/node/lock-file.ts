/** The content of lock files: written complete, read as what anyone may have put there. */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { fromUtf8 } from "../core/bytes.ts";
import { errnoOf, ioError } from "./io-error.ts";
import { type Life, lifeOf, type ProcessIdentity } from "./process-identity.ts";

const MODE = 0o600;
const MAX_LOCK_FILE_BYTES = 1024;
const MAX_TEXT_CHARS = 256;

export interface Holder {
  readonly file: string;
  readonly life: Life;
  /** Undefined where the file is not what pm writes. */
  readonly identity: ProcessIdentity | undefined;
}

/**
 * Creates `file`; it gets its name when it is complete. It need not survive a power cut, which ends its
 * holder too.
 * @throws PmError "io" where the folder can't be written
 */
export function writeLockFile(file: string, own: ProcessIdentity): void {
  const temporary = `${file}.tmp`;
  try {
    writeFileSync(temporary, `${JSON.stringify(own)}\n`, { flag: "wx", mode: MODE });
    renameSync(temporary, file);
  } catch (error) {
    removeLockFile(temporary);
    throw ioError(error, `can't write the lock file ${file}; nothing was changed`);
  }
}

export function removeLockFile(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // It is gone already, or in a folder where others decide what stays.
  }
}

/** Who put `file` there, as seen by `own`; undefined where it has gone meanwhile. */
export function readHolder(file: string, own: ProcessIdentity): Holder | undefined {
  const content = readContent(file);
  if (content === "gone") return undefined;
  const identity = parseIdentity(content);
  return { file, identity, life: identity === undefined ? "unknown" : lifeOf(identity, own) };
}

/** Whoever can write in the folder can put a FIFO there, a link, a huge file. */
function readContent(file: string): Uint8Array | "gone" {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  let fd: number | undefined;
  try {
    fd = openSync(file, flags);
    const bytes = new Uint8Array(MAX_LOCK_FILE_BYTES + 1);
    return fstatSync(fd).isFile() ? bytes.subarray(0, readSync(fd, bytes)) : new Uint8Array(0);
  } catch (error) {
    return errnoOf(error) === "ENOENT" ? "gone" : new Uint8Array(0);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function parseIdentity(bytes: Uint8Array): ProcessIdentity | undefined {
  if (bytes.length > MAX_LOCK_FILE_BYTES) return undefined;
  try {
    const value: unknown = JSON.parse(fromUtf8(bytes) ?? "");
    return isIdentity(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const OPTIONAL_TEXTS = ["processStartTime", "bootId", "pidNamespace", "machine"] as const;

function isIdentity(value: unknown): value is ProcessIdentity {
  if (typeof value !== "object" || value === null) return false;
  const { pid, host, ...others }: Readonly<Record<string, unknown>> = { ...value };
  return (
    Object.keys(others).length === OPTIONAL_TEXTS.length &&
    OPTIONAL_TEXTS.every((name) => others[name] === null || isText(others[name])) &&
    isText(host) &&
    // kill(2) takes 0 and below for groups of processes.
    typeof pid === "number" &&
    Number.isSafeInteger(pid) &&
    pid > 0
  );
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value.length <= MAX_TEXT_CHARS;
}
