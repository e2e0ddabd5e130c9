/** A file that a command takes in as it is, where it is not too large: its size is looked at before its content. */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { joined } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { ioError } from "./io-error.ts";

export interface BoundedRead {
  readonly cwd: string;
  /** In bytes. */
  readonly limit: number;
  /** What is thrown beyond it. */
  readonly tooLarge: () => PmError;
}

/** What a file is called, without its folders. */
export function nameOfFile(path: string): string {
  return basename(path);
}

const RUN_BYTES = 1_048_576;

/** @throws PmError "not-found" or "io", "usage" for a folder, or what `tooLarge` makes */
export async function readBoundedFile(
  path: string,
  { cwd, limit, tooLarge }: BoundedRead,
): Promise<Uint8Array> {
  try {
    await using file = await open(resolve(cwd, path), constants.O_RDONLY);
    const facts = await file.stat();
    if (facts.isDirectory()) {
      throw new PmError("usage", `${path} is a folder`, { hint: "name a file; tar packs a folder into one" });
    }
    if (facts.size > limit) throw tooLarge();
    const bytes = await readUpTo(file, limit + 1);
    // A pipe has no size, and a file may have grown meanwhile.
    if (bytes.length > limit) throw tooLarge();
    return bytes;
  } catch (error) {
    throw ioError(error, `can't read ${path}`);
  }
}

async function readUpTo(file: FileHandle, most: number): Promise<Uint8Array> {
  const runs: Uint8Array[] = [];
  for (let left = most; left > 0;) {
    const run = new Uint8Array(Math.min(RUN_BYTES, left));
    const { bytesRead } = await file.read(run, 0, run.length, null);
    if (bytesRead === 0) break;
    runs.push(run.subarray(0, bytesRead));
    left -= bytesRead;
  }
  const whole = joined(runs);
  for (const run of runs) run.fill(0);
  return whole;
}
