/**
 * Runs scripts against pm in this process; CONTRIBUTING.md shows one. The words, each with `!` before
 * it where it must not hold:
 *
 *   [NAME=value…] pm ARG…   must end with 0; with `!` it must fail, print nothing on stdout (but the
 *                           findings of exit 11) and one error on stderr, and leave the vault's directory
 *                           as it was
 *   fails N ARG…            pm that runs a command which ends with N, and may change the vault then
 *   exit N                  how the last call ended
 *   out LINE…               stdout is exactly these lines
 *   stdout|stderr|terminal RE
 *   json [stderr] PATH VALUE   a member of the JSON that was printed, as text or as JSON
 *   save NAME STREAM RE     keeps the first group of the match as $NAME
 *   stdin TEXT | @FILE      for the next call
 *   tty ANSWER…             a person at a terminal, for the next call; each answer must be asked for
 *   isatty STREAM…          these streams are terminals from here on
 *   vault [PASSWORD]        pm init, and PM_PASSWORD from here on
 *   env NAME=value… | NAME=@FILE   from here on; empty removes
 *   clock +5m               moves the time on: s, m, h, d
 *   cmp A B, exists FILE…, mode FILE 0600   (the three streams are files, too)
 *   cp A B, rm FILE…, mkdir DIR, chmod MODE FILE
 *   flip FILE OFFSET        the lowest bit of that byte; from the end where negative
 *   cut FILE BYTES, poke FILE OFFSET DIGITS, hex FILE DIGITS, fill FILE BYTES
 *   splice TO HEAD TAIL OFFSET   HEAD up to OFFSET, then TAIL from there
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Line, Scene, ScriptFile } from "./script-file.ts";
import { VERBS } from "./script-verbs.ts";
import { type Main, World } from "./script-world.ts";
import { shellWords } from "./shell-words.ts";

/** @throws Error that names the line where the scene does not go as written. */
export async function runScene(script: ScriptFile, scene: Scene, main: Main): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "pm-script-"));
  const world = new World(directory, main, script.files);
  try {
    for (const line of scene.lines) await runLine(world, line);
    if (world.answers !== undefined) throw new Error("the last tty was not followed by a pm");
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function runLine(world: World, line: Line): Promise<void> {
  try {
    const words = shellWords(line.text, world.env);
    const negated = words[0] === "!";
    if (negated) words.shift();
    const [assignments, [verb = "", ...args]] = splitAssignments(words);
    const run = VERBS[verb];
    if (run === undefined) throw new Error(`unknown word "${verb}"`);
    await run(world, args, { negated, env: assignments });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`line ${line.number}: ${line.text}\n${message}${transcript(world)}`, { cause: error });
  }
}

/** The `NAME=value` words at the beginning, and the rest. */
function splitAssignments(words: readonly string[]): readonly [Record<string, string>, readonly string[]] {
  const count = words.findIndex((word) => !/^[A-Z_]+=/.test(word));
  const assignments = words.slice(0, Math.max(0, count)).map((word): [string, string] => {
    const equals = word.indexOf("=");
    return [word.slice(0, equals), word.slice(equals + 1)];
  });
  return [Object.fromEntries(assignments), words.slice(Math.max(0, count))];
}

function transcript(world: World): string {
  if (world.last === undefined) return "";
  const { exit } = world.last;
  const streams = ["stdout", "stderr", "terminal"].map((name) => `--- ${name}\n${world.text(name)}`);
  return `\n--- exit ${exit}\n${streams.join("")}`;
}
