/**
 * Pipes for children. What Node makes itself are sockets, and a program can't open a socket by the names
 * /dev/stdout, /dev/stderr and /dev/stdin, as scripts do. Named pipes without their names are real ones.
 */
import { spawnSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Two descriptors, closed by who has them. */
export interface RealPipe {
  /** Non-blocking. */
  readonly read: number;
  readonly write: number;
}

/**
 * Undefined where this system has no such thing.
 * @param programs PATH; the program that makes them gets no more of the environment
 */
export function openRealPipes(count: number, programs: string | undefined): readonly RealPipe[] | undefined {
  if (count === 0) return [];
  if (process.platform === "win32") return undefined;
  let directory: string | undefined;
  const pipes: RealPipe[] = [];
  try {
    directory = mkdtempSync(join(tmpdir(), "pm-pipe-"));
    const paths = Array.from({ length: count }, (_, i) => join(directory ?? "", String(i)));
    const made = spawnSync("mkfifo", ["-m", "600", ...paths], { stdio: "ignore", env: { PATH: programs } });
    if (made.status !== 0) return undefined;
    for (const path of paths) pipes.push(openPipe(path));
    return pipes;
  } catch {
    for (const { read, write } of pipes) [read, write].forEach(closeSync);
    return undefined;
  } finally {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  }
}

/** The reading end does not wait for a writer, and then the writing end has its reader. */
function openPipe(path: string): RealPipe {
  const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return { read, write: openSync(path, constants.O_WRONLY) };
  } catch (error) {
    closeSync(read);
    throw error;
  }
}
