/** The keyboard of a terminal as a stream. */
import { closeSync, constants, openSync, readSync } from "node:fs";
import { Readable } from "node:stream";
import { ReadStream } from "node:tty";
import { bun } from "./bun.ts";
import { errnoOf } from "./io-error.ts";

export type Keyboard = ReadStream | PolledKeyboard;

/** Reads nothing before it is told to. @throws the error of the system where there is no such terminal */
export function openKeyboard(
  path: string,
  options: { onread?: { buffer: Uint8Array; callback: (length: number) => boolean } } = {},
): Keyboard {
  // Windows wants write access for a change of mode.
  if (bun === undefined) return new ReadStream(openSync(path, "r+"), options);
  const { onread } = options;
  const keyboard = new PolledKeyboard(path);
  if (onread === undefined) return keyboard;
  return keyboard.pause().on("data", (chunk: Uint8Array) => {
    onread.buffer.set(chunk);
    chunk.fill(0);
    if (!onread.callback(chunk.length)) keyboard.pause();
  });
}

/** No delay that somebody who types would see. */
const POLL_MS = 10;
const CHUNK_BYTES = 1024;

/**
 * Bun reads a terminal in a thread that waits for the next key, also when nobody wants it any more: the first key
 * for the next question would be lost, and the process would not end.
 */
class PolledKeyboard extends Readable {
  readonly isTTY = true;
  readonly #fd: number;
  readonly #mode: ReadStream;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string) {
    // What is typed before it is asked for stays in the terminal.
    super({ highWaterMark: 0 });
    this.#fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    this.#mode = new ReadStream(this.#fd);
  }

  setRawMode(isRaw: boolean): this {
    this.#mode.setRawMode(isRaw);
    return this;
  }

  override _read(): void {
    const chunk = new Uint8Array(CHUNK_BYTES);
    try {
      const length = readSync(this.#fd, chunk);
      this.push(length === 0 ? null : chunk.subarray(0, length));
    } catch (error) {
      if (errnoOf(error) === "EAGAIN") this.#timer = setTimeout(() => this._read(), POLL_MS);
      else this.destroy(error as Error);
    }
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#timer);
    closeSync(this.#fd);
    done(error);
  }
}
