/** Files below the paths that a command names, and their content in pieces. */
import type { Stats } from "node:fs";
import { lstat, open, readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { PmError } from "../core/errors.ts";
import { ioError } from "./io-error.ts";

const CHUNK_BYTES = 256 * 1024;
/** What git keeps there it compresses: a secret can't be seen in it. */
const SKIPPED = ".git";

/**
 * @param path as the user named it: so it stands in what is yielded, too. It may be anything that can be read,
 * such as a pipe that the shell made
 */
export async function* filesBelow(path: string, cwd: string, onSkipped: OnSkipped): AsyncGenerator<string> {
  let facts: Stats;
  try {
    facts = await stat(resolve(cwd, path));
  } catch (error) {
    return await onSkipped(ioError(error, `can't read ${path}`));
  }
  if (facts.isDirectory()) yield* below(path, facts, { cwd, onSkipped });
  else yield path;
}

/** Told of what can't be read; the search goes on. */
export type OnSkipped = (error: PmError) => void | Promise<void>;

interface Walk {
  readonly cwd: string;
  readonly onSkipped: OnSkipped;
}

async function* below(path: string, facts: Stats, walk: Walk): AsyncGenerator<string> {
  // Neither links, which would lead out and in circles, nor pipes and devices, which would not end.
  if (facts.isFile()) yield path;
  if (!facts.isDirectory()) return;
  for (const name of await namesIn(path, walk)) {
    if (name === SKIPPED) continue;
    const inner = path === "." ? name : join(path, name);
    const innerFacts = await lstat(resolve(walk.cwd, inner)).catch(() => undefined);
    if (innerFacts !== undefined) yield* below(inner, innerFacts, walk);
  }
}

async function namesIn(path: string, { cwd, onSkipped }: Walk): Promise<readonly string[]> {
  try {
    return (await readdir(resolve(cwd, path))).sort();
  } catch (error) {
    await onSkipped(ioError(error, `can't read ${path}`));
    return [];
  }
}

/** The content, in one buffer again and again. @throws PmError "io" */
export async function* chunksOf(path: string, cwd: string): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(CHUNK_BYTES);
  try {
    await using file = await open(resolve(cwd, path), "r");
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw ioError(error, `can't read ${path}`);
  }
}
