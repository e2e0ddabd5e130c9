/** The reading end of a pipe as a stream. */
import { closeSync } from "node:fs";
import { Socket } from "node:net";
import { Readable } from "node:stream";
import { bun } from "./bun.ts";

/** @param fd non-blocking; the stream closes it */
export function pipeStream(fd: number): Readable {
  // Bun's sockets take no descriptor, and what it reads instead is a copy of it.
  if (bun !== undefined) return Readable.fromWeb(bun.file(fd).stream()).once("close", () => closeSync(fd));
  return new Socket({ fd, readable: true, writable: false });
}
