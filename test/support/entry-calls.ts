/** Calls of pm in this process on a vault of their own, with Argon2id at its minimum. */
import { rmSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../src/cli/main.ts";
import { fromUtf8 } from "../../src/core/bytes.ts";
import { cheapInternals } from "./cheap-kdf.ts";
import { seededRandom } from "./random.ts";
import { createClock, createTestIo, type StreamName } from "./test-io.ts";

export interface Answer {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly terminal: string;
}

export interface CallOptions {
  readonly stdin?: string | Uint8Array;
  readonly answers?: readonly string[];
  readonly ttys?: readonly StreamName[];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface Caller extends Disposable {
  readonly directory: string;
  run(argv: readonly string[], options?: CallOptions): Promise<Answer>;
}

/** A fresh vault, opened by PM_PASSWORD. */
export async function createCaller(): Promise<Caller> {
  const directory = mkdtempSync(join(tmpdir(), "pm-calls-"));
  const clock = createClock();
  const random = seededRandom("calls");
  const caller: Caller = {
    directory,
    run: async (argv, options = {}) => {
      const test = createTestIo({
        env: {
          PM_HOME: join(directory, "home"),
          HOME: directory,
          PATH: process.env["PATH"],
          PM_PASSWORD: "correct horse battery staple",
          PM_AGENT: "off",
          ...options.env,
        },
        cwd: directory,
        stdin: options.stdin ?? "",
        answers: options.answers,
        ttys: new Set(options.ttys ?? []),
        now: clock.now,
        random,
      });
      const exit = await main(argv, test.io, cheapInternals);
      const stdout = fromUtf8(test.stdout()) ?? "(no text)";
      return { exit, stdout, stderr: test.stderr(), terminal: test.terminal() };
    },
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
  const { exit, stderr } = await caller.run(["init", "--no-recovery"]);
  if (exit !== 0) throw new Error(`init failed: ${stderr}`);
  return caller;
}
