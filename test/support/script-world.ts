/** What a scene works on: its directory, the settings of the next call, the results of the last one. */
import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fromUtf8, toHex, utf8 } from "../../src/core/bytes.ts";
import type { Random } from "../../src/core/random.ts";
import type { Io } from "../../src/node/io.ts";
import { seededRandom } from "./random.ts";
import { createClock, createTestIo, type StreamName } from "./test-io.ts";

export type Main = (argv: readonly string[], io: Io) => Promise<number>;

interface Result {
  readonly exit: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
  readonly terminal: string;
}

export class World {
  readonly directory: string;
  readonly clock: ReturnType<typeof createClock> = createClock();
  readonly env: Record<string, string | undefined>;
  readonly ttys: Set<StreamName> = new Set();
  /** For the next call only. */
  stdin: Uint8Array = new Uint8Array(0);
  answers: readonly string[] | undefined;
  last: Result | undefined;
  readonly #main: Main;
  readonly #random: Random;

  constructor(directory: string, main: Main, files: Readonly<Record<string, string>>) {
    this.directory = directory;
    this.#main = main;
    this.#random = seededRandom("script");
    // Nothing of the machine's own environment but what a child process needs to be found.
    this.env = {
      PM_HOME: join(directory, "home"),
      HOME: directory,
      PATH: process.env["PATH"],
      TERM: "xterm",
      // An agent would outlive the scene: those that are about it turn it on.
      PM_AGENT: "off",
    };
    for (const [name, content] of Object.entries(files)) this.write(name, utf8(content));
  }

  path(name: string): string {
    return resolve(this.directory, name);
  }

  write(name: string, bytes: Uint8Array): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), bytes);
  }

  /** A file, or what the last call wrote: `stdout`, `stderr`, `terminal`. */
  read(name: string): Uint8Array {
    if (name === "stdout" && this.last !== undefined) return this.last.stdout;
    if (name === "stderr" || name === "terminal") return utf8(this.text(name));
    return new Uint8Array(readFileSync(this.path(name)));
  }

  /** What the last call wrote, as text. */
  text(name: string): string {
    if (this.last === undefined) throw new Error(`there is no ${name} before the first pm`);
    if (name === "stderr") return this.last.stderr;
    if (name === "terminal") return this.last.terminal;
    return fromUtf8(this.last.stdout) ?? toHex(this.last.stdout);
  }

  /** Runs pm with what was set up for it. @throws Error where answers are left or were missing. */
  async run(argv: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
    const test = createTestIo({
      env: { ...this.env, ...env },
      cwd: this.directory,
      stdin: this.stdin,
      answers: this.answers,
      ttys: this.ttys,
      now: this.clock.now,
      random: this.#random,
    });
    this.stdin = new Uint8Array(0);
    this.answers = undefined;
    const exit = await this.#main(argv, test.io);
    this.last = { exit, stdout: test.stdout(), stderr: test.stderr(), terminal: test.terminal() };
    if (test.unanswered().length > 0) throw new Error(`not answered: ${test.unanswered().join(" | ")}`);
    if (test.unused().length > 0) throw new Error(`${test.unused().length} answers were not asked for`);
  }

  /** Every file of the vault's directory, and below, with its bytes. */
  data(): string {
    const data = join(this.directory, "home", "data");
    if (!existsSync(data)) return "";
    const names = readdirSync(data, { recursive: true, encoding: "utf8" }).toSorted();
    const files = names.filter((name) => lstatSync(join(data, name)).isFile());
    return files
      .map(
        (name) =>
          `${name} ${createHash("sha256")
            .update(readFileSync(join(data, name)))
            .digest("hex")}`,
      )
      .join("\n");
  }
}
