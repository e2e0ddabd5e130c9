// Preloaded into a process whose peak memory is wanted; writes it in KiB when the process ends.
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const STATUS = "/proc/self/status";

/** Linux counts in ru_maxrss what the parent had when it forked; VmHWM (proc(5)) begins with the program. */
function peakKiB(): number {
  if (!existsSync(STATUS)) return process.resourceUsage().maxRSS;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(STATUS, "utf8"))?.[1]);
}

process.on("exit", () => {
  const report = process.env["PM_BENCH_PEAK"];
  if (report !== undefined) writeFileSync(report, String(peakKiB()));
});
