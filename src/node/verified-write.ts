/** A new file that is on the disk, for the owner only, and holds exactly what was written to it. */
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { PmError } from "../core/errors.ts";

const MODE = 0o600;
const CHUNK_BYTES = 256 * 1024;
/** Windows has no O_NOFOLLOW; O_EXCL does not follow links anyway. */
const CREATE = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/**
 * Synchronous, because it is faster and because no signal handler can run between its steps.
 * @throws PmError "io" where the file holds something else, or the error of the system
 */
export function writeVerified(path: string, bytes: Uint8Array): void {
  const fd = openSync(path, CREATE, MODE);
  try {
    writeAll(fd, bytes);
    // The umask may have taken bits from the owner; whatever it is, no one else gets any.
    if (process.platform !== "win32") fchmodSync(fd, MODE);
    fsyncSync(fd);
    verify(fd, bytes);
  } finally {
    closeSync(fd);
  }
}

/** write(2) may take less than it is given: at the end of a disk, a quota or a signal. */
function writeAll(fd: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length;) {
    const count = writeSync(fd, bytes, offset, bytes.length - offset, offset);
    if (count === 0) throw new PmError("io", "the disk takes no more bytes; nothing was changed");
    offset += count;
  }
}

function verify(fd: number, bytes: Uint8Array): void {
  const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, bytes.length));
  let offset = 0;
  while (offset < bytes.length) {
    const count = readSync(fd, chunk, 0, Math.min(chunk.length, bytes.length - offset), offset);
    if (count === 0 || chunk.compare(bytes, offset, offset + count, 0, count) !== 0) break;
    offset += count;
  }
  if (offset === bytes.length && fstatSync(fd).size === bytes.length) return;
  throw new PmError("io", "the disk gave back other bytes than were written; nothing was changed");
}

/** Flushes a file that was written by other means. */
export function syncFile(path: string): void {
  const fd = openSync(path, constants.O_RDWR);
  try {
    if (process.platform !== "win32") fchmodSync(fd, MODE);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
