/** A program in the place of pm: its streams, the signals it gets, how it ended. */
import { type ChildProcess, spawn } from "node:child_process";
import { PmError } from "../core/errors.ts";
import { openChildStreams, type Stdio, type StreamPlan } from "./child-streams.ts";
import { errnoOf, ioError } from "./io-error.ts";
import { findProgram } from "./find-program.ts";
import { hasTerminal, type PassedSignals, passSignals } from "./passed-signals.ts";

export interface ChildCall extends StreamPlan {
  readonly argv: readonly string[];
  /** Undefined: pm's own, also where it has been removed. */
  readonly cwd?: string | undefined;
  /** Called once the program runs. */
  readonly onStart?: () => void;
}

export type ChildEnd =
  | { readonly kind: "exited"; readonly status: number }
  | { readonly kind: "killed"; readonly signal: NodeJS.Signals };

/**
 * Waits until the program has ended; signals to pm are passed on meanwhile.
 * @throws PmError "run-missing" or "run-denied" where it can't be started
 */
export async function runChild(call: ChildCall): Promise<ChildEnd> {
  const leadsGroup = !hasTerminal();
  using streams = openChildStreams(call);
  // Before the program runs: it may say that it is ready, and somebody send it a signal, within that moment.
  using signals = passSignals(leadsGroup);
  const child = await started(call, { stdio: [...streams.stdio], detached: leadsGroup, signals });
  const ended = endOf(child);
  const pumps = streams.start(child);
  call.onStart?.();
  const end = await ended;
  // Whoever wants to end pm now does not mean the program.
  signals[Symbol.dispose]();
  await Promise.all(pumps.map((pump) => pump.finish()));
  return end;
}

interface SpawnOptions {
  readonly stdio: Stdio[];
  readonly detached: boolean;
  readonly signals: PassedSignals;
}

async function started(
  { argv, env, cwd }: ChildCall,
  { signals, ...options }: SpawnOptions,
): Promise<ChildProcess> {
  const [program = "", ...args] = argv;
  if (program === "") throw notFound(program);
  try {
    const child = spawn(program, args, {
      ...options,
      env: { ...env },
      ...(cwd === undefined ? {} : { cwd }),
    });
    signals.pid = child.pid;
    await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    return child;
  } catch (error) {
    throw cantStart(program, error);
  }
}

/** As env(1) tells them apart. */
function cantStart(program: string, error: unknown): PmError {
  if (errnoOf(error) === "ENOENT") return notFound(program);
  return ioError(error, `the command "${program}" can't be executed`, "run-denied");
}

/** @throws PmError "run-missing" where it is known that there is no such program */
export function requireProgram([program = ""]: readonly string[], path: string | undefined): void {
  // Windows also asks PATHEXT and the registry, and other systems have a PATH for who has none.
  if (process.platform === "win32" || !path) return;
  if (findProgram(program, path) === undefined) throw notFound(program);
}

function notFound(program: string): PmError {
  return new PmError("run-missing", `the command "${program}" was not found`, {
    hint: "look for it in PATH, or give its path; a script also needs the program of its first line",
  });
}

function endOf(child: ChildProcess): Promise<ChildEnd> {
  return new Promise((resolve) => {
    child.once("exit", (status, signal) => {
      resolve(signal === null ? { kind: "exited", status: status ?? 1 } : { kind: "killed", signal });
    });
  });
}
