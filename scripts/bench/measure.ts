/** Wall time and peak memory of whole processes, taken in turns so that a slow moment hits all of them. */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { shuffle } from "../../src/core/random.ts";

export interface Work {
  readonly name: string;
  readonly file: string;
  /** Given the number of the run, where each needs words of its own. */
  readonly args: (run: number) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Takes the time from what the process prints, in milliseconds, and not from outside. */
  readonly printsTime?: true;
}

const PEAK = fileURLToPath(new URL("peak.ts", import.meta.url));
const PATH = process.env["PATH"] ?? "";
const WARM_UP_RUNS = 1;

/** The median time of each work in milliseconds, over `runs` rounds of all of them. */
export function medians(works: readonly Work[], runs: number): ReadonlyMap<string, number> {
  const times = new Map(works.map(({ name }) => [name, [] as number[]]));
  for (let run = -WARM_UP_RUNS; run < runs; run++) {
    // In another order each time: what runs after a large process pays for clearing it away.
    for (const work of shuffle(random, works)) {
      spawnSync(process.execPath, ["--eval", ""]);
      const ms = runOnce(work, run);
      if (run >= 0) times.get(work.name)?.push(ms);
    }
  }
  return new Map([...times].map(([name, ms]) => [name, median(ms)]));
}

function random(length: number): Uint8Array {
  return Uint8Array.from(randomBytes(length));
}

/** @throws Error where the process fails: a wrong number is worse than none */
function runOnce(work: Work, run: number): number {
  const started = performance.now();
  const { status, stdout, stderr } = start(work, run);
  const elapsed = performance.now() - started;
  if (status !== 0) throw new Error(`${work.name} ended with ${status}: ${stderr}`);
  return work.printsTime === true ? Number(stdout) : elapsed;
}

/** Peak resident memory of a Node process in bytes, as the operating system counted it. */
export function peakMemory(work: Work, run: number): number {
  const report = `${PEAK}.${process.pid}.txt`;
  try {
    const args = ["--import", PEAK, ...work.args(run)];
    const env = { ...work.env, PM_BENCH_PEAK: report };
    const { status, stderr } = start({ ...work, args: () => args, env }, run);
    if (status !== 0) throw new Error(`${work.name} ended with ${status}: ${stderr}`);
    return Number(readFileSync(report, "utf8")) * 1024;
  } finally {
    rmSync(report, { force: true });
  }
}

function start({ file, args, env, input }: Work, run: number) {
  return spawnSync(file, args(run), { env: { PATH, ...env }, input: input ?? "", encoding: "utf8" });
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
