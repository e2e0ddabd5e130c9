/** Secrets at the edge of the process: files, inherited descriptors, the output of a command. */
import { spawn } from "node:child_process";
import { constants, fstatSync, read, readdirSync, readFileSync } from "node:fs";
import { open, unlink } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { errnoOf, ioError } from "./io-error.ts";

const LF = 0x0a;
/** Group and other permission bits. */
const EXPOSED_BITS = 0o077;
/** POSIX O_ACCMODE. */
const ACCESS_MODE_BITS = 0o3;

export interface SecretFile {
  /** Owned by the caller. */
  readonly bytes: Uint8Array;
  /** Whether it is a regular file that others than the owner may read or write. */
  readonly exposed: boolean;
}

/** @throws PmError "io" where it can't be read, "limit" where it is over `limit` bytes */
export async function readSecretFile(
  path: string,
  { cwd, limit }: { readonly cwd: string; readonly limit: number },
): Promise<SecretFile> {
  try {
    await using file = await open(resolve(cwd, path), constants.O_RDONLY);
    const facts = await file.stat();
    const buffer = new Uint8Array(limit + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    const bytes = buffer.slice(0, length);
    wipe(buffer);
    if (length > limit) throw new PmError("limit", `${path} is over ${limit} bytes`);
    // Windows has no such bits; Node makes them up there.
    const exposed = process.platform !== "win32" && facts.isFile() && (facts.mode & EXPOSED_BITS) !== 0;
    return { bytes, exposed };
  } catch (error) {
    throw ioError(error, `can't read ${path}`);
  }
}

const readFd = promisify(read);
/** How long to let an empty pipe be, where another process made it non-blocking. */
const RETRY_MS = 5;

async function readByte(fd: number, into: Uint8Array, at: number): Promise<number> {
  for (;;) {
    try {
      return (await readFd(fd, into, at, 1, null)).bytesRead;
    } catch (error) {
      if (errnoOf(error) !== "EAGAIN") throw error;
      await setTimeout(RETRY_MS);
    }
  }
}

/**
 * The bytes up to the first newline (with it) or the end. What follows stays in the descriptor, so
 * that several calls can share one: it is read byte by byte.
 * @throws PmError "usage" where the descriptor is not open, "limit" beyond `limit` bytes
 */
export async function readFdLine(fd: number, limit: number): Promise<Uint8Array> {
  requireReadable(fd);
  const line = new Uint8Array(limit + 1);
  try {
    for (let length = 0; length < line.length; length++) {
      const bytesRead = await readByte(fd, line, length);
      if (bytesRead === 0) return line.slice(0, length);
      if (line[length] === LF) return line.slice(0, length + 1);
    }
  } catch (error) {
    // Open for writing only, or one of Node's own.
    if (["EBADF", "EINVAL"].includes(errnoOf(error) ?? "")) throw notReadable(fd);
    throw ioError(error, `can't read file descriptor ${fd}`);
  } finally {
    wipe(line);
  }
  throw new PmError("limit", `the line on file descriptor ${fd} is over ${limit} bytes`);
}

/** Node has descriptors of its own, and reading one of those would wait for ever. */
function requireReadable(fd: number): void {
  try {
    const facts = fstatSync(fd);
    const readable = facts.isFile() || facts.isFIFO() || facts.isSocket() || facts.isCharacterDevice();
    if (readable && !(facts.isFIFO() && isOwnPipe(fd, facts.ino))) return;
  } catch {
    // Not open at all: the same answer.
  }
  throw notReadable(fd);
}

function notReadable(fd: number): PmError {
  return new PmError("usage", `file descriptor ${fd} is not open for reading`, {
    hint: `redirect it: pm … ${fd}< FILE`,
  });
}

/** Whether this process holds the writing end too, as libuv does of the pipes that it wakes itself with. */
function isOwnPipe(fd: number, inode: number): boolean {
  if (process.platform !== "linux") return false;
  for (const other of readdirSync("/proc/self/fd").map(Number)) {
    if (other <= 2 || other === fd) continue;
    try {
      if (fstatSync(other).ino !== inode) continue;
      const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${other}`, "latin1"))?.[1];
      if ((Number.parseInt(flags ?? "0", 8) & ACCESS_MODE_BITS) === constants.O_WRONLY) return true;
    } catch {
      // The descriptor of the listing itself is closed by now.
    }
  }
  return false;
}

export interface CommandRun {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Bytes of output that are accepted. */
  readonly limit: number;
  /** What asked for it, for messages. Neither the words nor the output are ever shown. */
  readonly name: string;
  /** Whether its messages may reach the person at the terminal. */
  readonly showErrors: boolean;
}

/**
 * Runs a command without a shell and without input, and gives what it printed.
 * @throws PmError "io" where it can't start, "auth" where it fails, "limit" beyond the limit
 */
export async function runForSecret(argv: readonly string[], run: CommandRun): Promise<Uint8Array> {
  const [file = "", ...args] = argv;
  const child = spawn(file, args, {
    cwd: run.cwd,
    env: { ...run.env },
    stdio: ["ignore", "pipe", run.showErrors ? "inherit" : "ignore"],
    signal: run.signal,
    windowsHide: true,
  });
  const ended = new Promise<string | undefined>((done, failed) => {
    child.once("error", failed);
    child.once("close", (code, signal) => done(failureOf(code, signal)));
  });
  const output = new Uint8Array(run.limit);
  let length = 0;
  child.stdout.on("data", (chunk: Uint8Array) => {
    if (length + chunk.length <= run.limit) output.set(chunk, length);
    length += chunk.length;
    wipe(chunk);
    if (length > run.limit) child.kill();
  });
  try {
    const failure = await ended.catch((error: unknown) => {
      if (run.signal.aborted) throw new PmError("interrupted", "interrupted");
      throw ioError(error, `${run.name} can't be started`);
    });
    if (length > run.limit) throw new PmError("limit", `${run.name} printed over ${run.limit} bytes`);
    if (failure === undefined) return output.slice(0, length);
    throw new PmError("auth", `${run.name} failed with ${failure}`, {
      hint: "run the command by itself to see why",
    });
  } finally {
    wipe(output);
  }
}

function failureOf(code: number | null, signal: string | null): string | undefined {
  if (signal !== null) return `signal ${signal}`;
  return code === 0 ? undefined : `exit status ${code}`;
}

/** Takes away a file that this process has just written; that it may be gone already is fine. */
export async function removeFile(cwd: string, path: string): Promise<void> {
  await unlink(resolve(cwd, path)).catch(() => undefined);
}
