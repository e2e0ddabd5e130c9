/** Runs shell scripts and other programs beside pm. */
import { type ChildProcess, spawn } from "node:child_process";
import { type Finished, finished } from "./process.ts";

interface ShellOptions {
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A script of bash, without a terminal and with nothing on its standard input. */
export function runShell(script: string, options: ShellOptions): Promise<Finished> {
  return runProgram(["bash", "-c", script], options);
}

export function runProgram(argv: readonly string[], options: ShellOptions): Promise<Finished> {
  return finished(startProgram(argv, options));
}

export function startProgram(
  [program = "", ...args]: readonly string[],
  options: ShellOptions,
): ChildProcess {
  // Without a controlling terminal, so that nothing can be asked there.
  return spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"], detached: true });
}
