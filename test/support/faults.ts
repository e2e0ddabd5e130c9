/** Runs a program and lets the system fail, or kill, it at one chosen call of those that change files. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SHIFTED_CALLS } from "../node/fixtures/pool-shift.ts";
import { finished } from "./process.ts";
import { partPath } from "./parts.ts";
import { startProgram } from "./shell.ts";

/** Other processors have other ones of these; "?" lets strace pass over what it does not know. */
const CALLS = [
  ..."open openat creat write pwrite64 pwritev ftruncate fsync fdatasync".split(" "),
  ..."fchmod chmod fchmodat mkdir mkdirat rmdir link linkat rename renameat renameat2 unlink unlinkat".split(
    " ",
  ),
];

/** The nth call of a name in the main thread, or in the one thread of the pool. */
export interface ChangingCall {
  readonly thread: "main" | "pool";
  readonly name: string;
  readonly nth: number;
}

export const FAULTS = ["kill", "ENOSPC", "EIO"] as const;
export type Fault = (typeof FAULTS)[number];

export interface Program {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface FaultRun {
  /** Exit status, or the name of a signal. */
  readonly exit: number | NodeJS.Signals | null;
  readonly stderr: string;
  /** The call that was hit, as strace writes it. */
  readonly hit: string | undefined;
  /** False where it only read a file, or woke a thread. */
  readonly hitsFile: boolean;
}

interface LoggedCall extends ChangingCall {
  readonly text: string;
}

/** Whether a call of the program itself changes a file. */
function isChange({ thread, name, nth, text }: LoggedCall): boolean {
  if (text.includes("pm-shift-")) return false;
  if (name === "openat") return /O_(?:CREAT|WRONLY|RDWR|TRUNC)/.test(text);
  // Not the standard streams, nor what wakes a thread: eight bytes to an eventfd, asterisks to a pipe.
  if (name === "write") return !/write\([0-2],|"\*+"|, 8\)/.test(text);
  // These name no path: the first ones in the pool are those of pool-shift.ts.
  return thread === "main" || !["fchmod", "fsync"].includes(name) || nth > SHIFTED_CALLS;
}

/** The calls that change files, in order. Those in the pool are counted as with POOL_SHIFT. */
export async function changingCalls(program: Program): Promise<readonly ChangingCall[]> {
  const { log } = await trace(program, { threads: "all", inject: [] });
  return log.filter(isChange).map(({ thread, name, nth }) => ({ thread, name, nth }));
}

export async function runWithFault(program: Program, call: ChangingCall, fault: Fault): Promise<FaultRun> {
  const what = fault === "kill" ? "signal=KILL" : `error=${fault}`;
  const { exit, stderr, log } = await trace(program, {
    threads: call.thread === "main" ? "main" : "all",
    inject: ["-e", `inject=${call.name}:${what}:when=${call.nth}`],
  });
  const hit = log.find(
    ({ name, nth, thread }) => name === call.name && nth === call.nth && thread === call.thread,
  );
  return { exit, stderr, hit: hit?.text, hitsFile: hit !== undefined && isChange(hit) };
}

async function trace(
  { argv, env }: Program,
  { threads, inject }: { readonly threads: "main" | "all"; readonly inject: readonly string[] },
) {
  const directory = mkdtempSync(join(tmpdir(), "pm-trace-"));
  const file = join(directory, "log");
  const follow = threads === "all" ? ["-f", "--seccomp-bpf"] : [];
  const names = CALLS.map((name) => `?${name}`).join(",");
  const strace = [partPath("strace"), ...follow, "-qq", "-o", file, "-e", `trace=${names}`, ...inject, "--"];
  const shift = threads === "all" ? { POOL_SHIFT: "1", TMPDIR: directory } : {};
  const child = startProgram([...strace, ...argv], {
    env: { ...env, ...shift, UV_THREADPOOL_SIZE: "1" },
  });
  const { exit, stderr } = await finished(child);
  const log = readLog(readFileSync(file, "utf8"));
  rmSync(directory, { recursive: true });
  return { exit, stderr, log };
}

/** Of "PID name(…" lines, or "name(…" where one thread alone was traced. */
function readLog(text: string): readonly LoggedCall[] {
  const counts = new Map<string, number>();
  let first: string | undefined;
  const calls: LoggedCall[] = [];
  for (const line of text.split("\n")) {
    const [, pid = "", name] = /^(?:(\d+)\s+)?(\w+)\(/.exec(line) ?? [];
    if (name === undefined) continue;
    first ??= pid;
    const nth = (counts.get(`${pid} ${name}`) ?? 0) + 1;
    counts.set(`${pid} ${name}`, nth);
    calls.push({ thread: pid === first ? "main" : "pool", name, nth, text: line });
  }
  return calls;
}
