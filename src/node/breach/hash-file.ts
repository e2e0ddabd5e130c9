/**
 * Passwords that have leaked, from a file: lines "SHA1:COUNT" sorted by hash, tens of gigabytes. A hash is
 * found by bisection; of the file no more is read than the blocks that it may stand in.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { resolve } from "node:path";
import { setImmediate as pause } from "node:timers/promises";
import { PmError } from "../../core/errors.ts";
import { ioError } from "../io-error.ts";

/** What is read of a file at once. */
export const BLOCK_BYTES = 4096;
/** Longer than any line: 40 digits, a colon, a count, CR and LF. */
const MAX_LINE_BYTES = 64;
const LINE = /^([0-9A-F]{40}):(\d{1,15})$/i;
const NTLM_LINE = /^[0-9A-F]{32}:\d{1,15}$/i;

/** Where bytes come from; tests count what is read. */
export interface RandomAccess {
  readonly size: number;
  /** Fewer than `length` only at the end. */
  read(position: number, length: number): Uint8Array;
}

interface Line {
  readonly start: number;
  /** Where the next one begins. */
  readonly end: number;
  readonly hash: string;
  readonly count: number;
}

/** How often each of these hashes was seen, by the file at `path`. @throws PmError "io", "usage", "corrupt" */
export async function findInFile(
  hashes: Iterable<string>,
  { path, cwd }: { readonly path: string; readonly cwd: string },
  onLooked?: () => void,
): Promise<ReadonlyMap<string, number>> {
  try {
    // A pipe without a writer would wait for one.
    const fd = openSync(resolve(cwd, path), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const facts = fstatSync(fd);
      if (!facts.isFile())
        throw new PmError("usage", `${path} is no file that can be searched`, { hint: HINT });
      return await findHashes(hashes, accessTo(fd, facts.size), { name: path, onLooked });
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw ioError(error, `can't read ${path}`);
  }
}

function accessTo(fd: number, size: number): RandomAccess {
  const buffer = new Uint8Array(BLOCK_BYTES);
  return {
    size,
    read: (position, length) => buffer.subarray(0, readSync(fd, buffer, 0, length, position)),
  };
}

interface Search {
  /** Of the file, for messages. */
  readonly name: string;
  /** Called for each hash that was looked for. */
  readonly onLooked?: (() => void) | undefined;
}

export async function findHashes(
  hashes: Iterable<string>,
  file: RandomAccess,
  { name, onLooked }: Search,
): Promise<ReadonlyMap<string, number>> {
  const list = new HashList(file, name);
  const seen = new Map<string, number>();
  for (const hash of hashes) {
    // Each may wait for a disk some twenty times.
    await pause();
    const count = list.find(hash);
    if (count > 0) seen.set(hash, count);
    onLooked?.();
  }
  return seen;
}

const HINT = "it takes the list of SHA-1 hashes that is sorted by hash, unpacked: HASH:COUNT on each line";

class HashList {
  readonly #file: RandomAccess;
  readonly #name: string;
  readonly #first: Line;
  readonly #last: Line;

  constructor(file: RandomAccess, name: string) {
    this.#file = file;
    this.#name = name;
    const head = this.#linesFrom(0);
    const tail = this.#linesFrom(Math.max(0, file.size - BLOCK_BYTES + 1));
    const [first, last] = [head[0], tail.at(-1)];
    if (first === undefined || last === undefined || last.end !== file.size) throw this.#foreign();
    this.#first = first;
    this.#last = last;
    if (first.hash > last.hash) throw this.#unsorted();
  }

  /** The count that stands with `hash`, or 0. */
  find(hash: string): number {
    if (hash < this.#first.hash || hash > this.#last.hash) return 0;
    // The line stands in [low, high), if anywhere; both are beginnings of lines.
    let [low, high] = [0, this.#file.size];
    let [lowHash, highHash] = [this.#first.hash, this.#last.hash];
    while (high - low > BLOCK_BYTES - MAX_LINE_BYTES) {
      const middle = low + Math.floor((high - low - MAX_LINE_BYTES) / 2);
      const lines = this.#linesFrom(middle);
      const [from, to] = [lines[0], lines.at(-1)];
      if (from === undefined || to === undefined) throw this.#foreign();
      if (from.hash < lowHash || to.hash > this.#last.hash || from.hash > highHash) throw this.#unsorted();
      if (hash < from.hash) [high, highHash] = [from.start, from.hash];
      else if (hash > to.hash) [low, lowHash] = [to.end, to.hash];
      else return countOf(lines, hash);
    }
    return countOf(this.#linesFrom(low), hash);
  }

  /** The whole lines of the block at `position`, ascending; a line that began before it is left out. */
  #linesFrom(position: number): readonly Line[] {
    const from = Math.max(0, position - 1);
    const block = this.#file.read(from, BLOCK_BYTES);
    const isEnd = from + block.length >= this.#file.size;
    const text = String.fromCharCode(...block);
    // The byte before tells whether a line begins exactly here.
    let at = position === 0 ? 0 : text.indexOf("\n") + 1;
    const lines: Line[] = [];
    for (let end = text.indexOf("\n", at); at < text.length; end = text.indexOf("\n", at)) {
      if (end < 0 && !isEnd) break;
      const next = end < 0 ? text.length : end + 1;
      const line = this.#parse(text.slice(at, next), from + at);
      if ((lines.at(-1)?.hash ?? "") >= line.hash) throw this.#unsorted();
      lines.push(line);
      at = next;
    }
    return lines;
  }

  #parse(text: string, start: number): Line {
    const line = text.replace(/\r?\n$/, "");
    const [, hash, count] = LINE.exec(line) ?? [];
    if (hash !== undefined)
      return { start, end: start + text.length, hash: hash.toUpperCase(), count: Number(count) };
    if (!NTLM_LINE.test(line)) throw this.#foreign();
    throw new PmError("usage", `${this.#name} has NTLM hashes, and those of SHA-1 are needed`, {
      hint: HINT,
    });
  }

  #foreign(): PmError {
    return new PmError("corrupt", `${this.#name} is no list of leaked passwords`, { hint: HINT });
  }

  #unsorted(): PmError {
    return new PmError("corrupt", `${this.#name} is not sorted by hash`, { hint: HINT });
  }
}

function countOf(lines: readonly Line[], hash: string): number {
  return lines.find((line) => line.hash === hash)?.count ?? 0;
}
