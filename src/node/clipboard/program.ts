/** Runs the programs of a clipboard: values go through pipes, never through argv. */
import { spawn } from "node:child_process";
import { concat, wipe } from "../../core/bytes.ts";
import type { Env } from "./ways.ts";

const LIMIT_MS = 30_000;
const UNSTARTED = "it can't be started";
/** More than any value of a vault: whatever is longer was copied by somebody else. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

export interface ProgramRun {
  readonly env: Env;
  readonly input?: Uint8Array;
  readonly cwd?: string;
}

export interface ProgramEnd {
  /** What it printed; empty unless it was asked for. */
  readonly output: Uint8Array;
  /** Undefined for exit status 0, else what to say of it. */
  readonly failure: string | undefined;
}

/** Waits for the program alone, not for what it leaves behind to serve the value. */
export function runProgram(argv: readonly string[], run: ProgramRun): Promise<ProgramEnd> {
  return start(argv, run, "ignore");
}

/** The same, and gives what it prints. */
export function readProgram(argv: readonly string[], run: ProgramRun): Promise<ProgramEnd> {
  return start(argv, run, "pipe");
}

function start(argv: readonly string[], run: ProgramRun, stdout: "ignore" | "pipe"): Promise<ProgramEnd> {
  const [file = "", ...args] = argv;
  const chunks: Uint8Array[] = [];
  return new Promise<ProgramEnd>((resolve) => {
    const child = spawn(file, args, {
      env: { ...run.env },
      cwd: run.cwd ?? "/",
      stdio: ["pipe", stdout, "ignore"],
      windowsHide: true,
    });
    // Not spawn's own limit, which keeps this process up where the program can't be started.
    const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
    const end = (failure: string | undefined): void => {
      clearTimeout(timer);
      const output = concat(...chunks);
      wipe(...chunks);
      resolve({ output, failure });
    };
    let length = 0;
    child.stdout?.on("data", (chunk: Uint8Array) => {
      length += chunk.length;
      if (length <= MAX_OUTPUT_BYTES) chunks.push(chunk);
      else child.kill("SIGKILL");
    });
    child.once("error", () => end(UNSTARTED));
    child.once(stdout === "pipe" ? "close" : "exit", (code: number | null, signal: string | null) =>
      end(failureOf(code, signal)),
    );
    // A program may end without reading; its exit status says whether that was right.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(run.input ?? new Uint8Array());
    // Some of what can't be started makes spawn itself fail: arguments that are too long.
  }).catch(() => ({ output: new Uint8Array(), failure: UNSTARTED }));
}

function failureOf(code: number | null, signal: string | null): string | undefined {
  if (signal !== null) return `it was ended by ${signal}`;
  return code === 0 ? undefined : `it ended with exit status ${code}`;
}
