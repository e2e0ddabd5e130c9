/** Runs shell scripts and other programs beside pm. */
import { spawn } from "node:child_process";
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
  const [program = "", ...args] = argv;
  // Without a controlling terminal, as startPm.
  return finished(spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"], detached: true }));
}
