/** Runs the real bin/pm.js as processes of their own, with nothing of this machine's environment. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const PM: string = fileURLToPath(new URL("../../bin/pm.js", import.meta.url));

export interface Finished {
  /** The exit code, or the name of the signal that ended it. */
  readonly exit: number | NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface RunOptions {
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
}

/** A directory that goes away with the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "pm-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/**
 * A directory in memory that goes away with the test, for XDG_RUNTIME_DIR: what a killed pm leaves in it no
 * other test finds, or removes.
 */
export function memoryDirectory(): string {
  const directory = mkdtempSync("/dev/shm/test-");
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** What a pm process gets to see. */
export function pmEnvironment(options: Pick<RunOptions, "home" | "env">): Record<string, string> {
  const { PATH = "", SystemRoot = "", TMPDIR = "" } = process.env;
  return {
    PATH,
    SystemRoot,
    TMPDIR,
    HOME: options.home,
    PM_HOME: options.home,
    TERM: "xterm",
    // An agent would outlive the test: those that are about it turn it on.
    PM_AGENT: "off",
    ...options.env,
  };
}

function startPm(args: readonly string[], options: RunOptions): ChildProcess {
  const child = spawn(process.execPath, [PM, ...args], {
    cwd: options.cwd ?? options.home,
    env: pmEnvironment(options),
    stdio: ["pipe", "pipe", "pipe"],
    // Without a controlling terminal: a prompt can't hide a missing password.
    detached: true,
  });
  // A call that never reads its input closes the pipe early.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(options.input ?? "");
  return child;
}

export function finished(child: ChildProcess): Promise<Finished> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve({
        exit: code ?? signal,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString(),
      });
    });
  });
}

export function runPm(args: readonly string[], options: RunOptions): Promise<Finished> {
  return finished(startPm(args, options));
}
