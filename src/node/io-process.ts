/** The real Io. It is on the way of every command, so whatever is heavy is loaded where it is used. */
import { concat, utf8, wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { errnoOf, ioError } from "./io-error.ts";
import type { Input, Io, Output, Terminal } from "./io.ts";
import { endSignal } from "./signals.ts";
import type { TerminalDevice } from "./terminal.ts";
import { fs } from "./fs.ts";

const { closeSync, fstatSync, fsyncSync, openSync, read, writeSync } = fs;

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;

const CHUNK_BYTES = 64 * 1024;
/** Web Cryptography API §10.1.1: the most that one call gives. */
const MAX_RANDOM_BYTES = 65_536;
const DEFAULT_COLUMNS = 80;
/** How long to let a full or empty pipe be, where another process made it non-blocking. */
const RETRY_MS = 5;

/** The process itself as {@link Io}. */
export function createProcessIo(): Io {
  return {
    stdin: createInput(),
    stdout: createOutput(STDOUT),
    stderr: createOutput(STDERR),
    env: process.env,
    get cwd() {
      return workingDirectory();
    },
    now: Date.now,
    random,
    get signal() {
      return endSignal();
    },
    openTerminal,
  };
}

function workingDirectory(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw ioError(error, "can't tell the working directory");
  }
}

/** Of an id. No secret is this short, and ids are drawn by the ten thousand. */
const ID_BYTES = 16;
let ids = new Uint8Array(0);

/** Web Crypto is there without an import; node:crypto would cost every command its load time. */
function random(length: number): Uint8Array {
  if (length === ID_BYTES) return randomId();
  const bytes = new Uint8Array(length);
  for (let offset = 0; offset < length; offset += MAX_RANDOM_BYTES) {
    crypto.getRandomValues(bytes.subarray(offset, offset + MAX_RANDOM_BYTES));
  }
  return bytes;
}

/** A call of the generator costs more than the bytes of a hundred ids: the second one takes those of many. */
function randomId(): Uint8Array {
  if (ids.length === 0) ids = crypto.getRandomValues(new Uint8Array(idsAtOnce * ID_BYTES));
  idsAtOnce = MANY_IDS;
  const id = ids.slice(0, ID_BYTES);
  ids = ids.subarray(ID_BYTES);
  return id;
}

const MANY_IDS = 256;
let idsAtOnce = 1;

/** node:tty brings node:net along, and process.stdout both: a pipe must not pay for them. */
function isTerminal(fd: number): boolean {
  try {
    return fstatSync(fd).isCharacterDevice() && process.getBuiltinModule("node:tty").isatty(fd);
  } catch {
    return false;
  }
}

function createInput(): Input {
  let isTTY: boolean | undefined;
  return {
    get isTTY() {
      return (isTTY ??= isTerminal(STDIN));
    },
    fd: STDIN,
    readSome: readChunk,
    read: readStdin,
  };
}

async function readStdin(limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const chunk = await readChunk();
      if (chunk.length === 0) return concat(...chunks);
      chunks.push(chunk);
      length += chunk.length;
      if (length > limit) throw new PmError("limit", `standard input is over the limit of ${limit} bytes`);
    }
  } finally {
    wipe(...chunks);
  }
}

async function readChunk(most: number = CHUNK_BYTES): Promise<Uint8Array> {
  const chunk = new Uint8Array(Math.min(most, CHUNK_BYTES));
  return chunk.subarray(0, await readSome(chunk));
}

/** Off the main thread: a blocked read must not keep a signal from ending the process. */
async function readSome(chunk: Uint8Array): Promise<number> {
  for (;;) {
    try {
      return await new Promise<number>((resolve, reject) => {
        read(STDIN, chunk, 0, chunk.length, null, (error, count) => (error ? reject(error) : resolve(count)));
      });
    } catch (error) {
      const errno = errnoOf(error);
      // Windows says so at the end of a pipe.
      if (errno === "EOF") return 0;
      if (errno !== "EAGAIN") throw ioError(error, "can't read standard input");
      await pause();
    }
  }
}

function createOutput(fd: typeof STDOUT | typeof STDERR): Output {
  let isTTY: boolean | undefined;
  let isClosed = false;
  return {
    fd,
    get isTTY() {
      return (isTTY ??= isTerminal(fd));
    },
    get columns() {
      if (!this.isTTY) return DEFAULT_COLUMNS;
      return (fd === STDOUT ? process.stdout : process.stderr).columns || DEFAULT_COLUMNS;
    },
    get isClosed() {
      return isClosed;
    },
    async write(data) {
      if (isClosed) return;
      isClosed = !(await writeAll(fd, typeof data === "string" ? utf8(data) : data));
    },
    flush: async () => {
      flushFile(fd);
      return !isClosed;
    },
  };
}

/** Pipes and terminals have nothing to flush, and say so with an error. */
function flushFile(fd: number): void {
  if (!fstatSync(fd).isFile()) return;
  try {
    fsyncSync(fd);
  } catch (error) {
    throw ioError(error, "can't write to standard output");
  }
}

/**
 * Writes at once, without a stream: nothing is left to drain at the end, and the pipe stays in the
 * blocking mode that other processes on it expect.
 * @returns false where nobody takes the bytes any more
 */
async function writeAll(fd: number, bytes: Uint8Array): Promise<boolean> {
  for (let offset = 0; offset < bytes.length;) {
    try {
      offset += writeSync(fd, bytes, offset);
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === "EAGAIN") await pause();
      else if (errno === "EPIPE" || errno === "EOF") return false;
      // A message that can't be shown must not turn a success into a failure.
      else if (fd === STDERR) return false;
      else throw ioError(error, "can't write to standard output");
    }
  }
  return true;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, RETRY_MS));
}

function openTerminal(): Terminal | undefined {
  const isWindows = process.platform === "win32";
  const inputPath = isWindows ? String.raw`\\.\CONIN$` : "/dev/tty";
  const outputPath = isWindows ? String.raw`\\.\CONOUT$` : inputPath;
  const output = openDevice(outputPath);
  if (output === undefined) return undefined;
  const device: TerminalDevice = { inputPath, outputPath, output, typedAhead: [] };
  return {
    readSecret: async (label) => (await loadTerminal()).readSecret(device, label),
    confirm: async (question) => (await loadPrompts()).confirm(device, question),
    select: async (question, choices) => (await loadPrompts()).select(device, question, choices),
    print: async (text) => (await loadTerminal()).print(device, text),
    [Symbol.dispose]: () => {
      wipe(...device.typedAhead.splice(0));
      closeSync(output);
    },
  };
}

const loadTerminal = () => import("./terminal.ts");
const loadPrompts = () => import("./prompt.ts");

/** Without a controlling terminal the device can be there and not be opened (ENXIO). */
function openDevice(path: string): number | undefined {
  try {
    return openSync(path, "r+");
  } catch {
    return undefined;
  }
}
