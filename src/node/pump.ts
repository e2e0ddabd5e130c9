/** What a program prints, through a filter and on to where it belongs. */
import type { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { fs } from "./fs.ts";
import { errnoOf } from "./io-error.ts";

/** Bytes in, bytes out; it may hold some of them back. */
export interface Filter {
  push(chunk: Uint8Array): Uint8Array;
  /** What is held back, because nothing has come for a while. */
  idle(): Uint8Array;
  /** What is held back, because nothing will come. */
  end(): Uint8Array;
}

export interface Sink {
  /** Resolves when the bytes were taken. @returns false where nobody takes them any more */
  write(bytes: Uint8Array): Promise<boolean>;
  /** Why bytes were lost although somebody may want them, as on a full disk; undefined where nobody reads. */
  readonly failure?: unknown;
}

/** A prompt shows up before anyone wonders; a program that writes in pieces is faster than that. */
const IDLE_MS = 25;
/** How long to let a full pipe be, where another process made it non-blocking. */
const RETRY_MS = 5;
/** pipe(7): what a pipe of the largest size that needs no privilege holds. */
const MAX_LEFT_BYTES = 1_048_576;
/** Turns of the event loop in which a pipe with something in it would have been read. */
const QUIET_TURNS = 2;

/** A descriptor of this process. A blocked write must not keep a signal from being passed on. */
export function descriptorSink(fd: number): Sink {
  let failure: unknown;
  return {
    get failure() {
      return failure;
    },
    write: async (bytes) => {
      for (let offset = 0; offset < bytes.length;) {
        try {
          offset += await writeSome(fd, bytes.subarray(offset));
        } catch (error) {
          if (errnoOf(error) !== "EAGAIN") {
            if (errnoOf(error) !== "EPIPE") failure = error;
            return false;
          }
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        }
      }
      return true;
    },
  };
}

function writeSome(fd: number, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.write(fd, bytes, (error, count) => (error ? reject(error) : resolve(count)));
  });
}

export interface Pump {
  /**
   * Forwards what is there and ends. Who else holds the other end may write for ever, and is not waited for.
   */
  finish(): Promise<void>;
}

/** Starts at once. The source is read only as fast as the sink takes what comes out. */
export function startPump(source: Readable, filter: Filter, sink: Sink): Pump {
  let working = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;
  let taken = 0;

  const forward = async (bytes: Uint8Array): Promise<void> => {
    source.pause();
    const isTaken = bytes.length === 0 || (await sink.write(bytes));
    // The program learns of it as from a pipe without pm: by SIGPIPE.
    if (!isTaken) source.destroy();
    source.resume();
  };
  source.on("data", (chunk: Uint8Array) => {
    clearTimeout(idle);
    taken += chunk.length;
    working = forward(filter.push(chunk));
    idle = setTimeout(() => {
      working = working.then(() => forward(filter.idle()));
    }, IDLE_MS);
  });
  source.on("error", () => source.destroy());

  return {
    finish: async () => {
      const limit = taken + MAX_LEFT_BYTES;
      for (let turns = 0, before = taken; turns < QUIET_TURNS && !source.destroyed; before = taken) {
        await working;
        await setImmediate();
        turns = taken === before ? turns + 1 : 0;
        if (taken >= limit) break;
      }
      source.destroy();
      clearTimeout(idle);
      await working;
      await sink.write(filter.end());
    },
  };
}
