// Preloaded into a process whose peak memory is wanted; writes it in KiB when the process ends.
import { writeFileSync } from "node:fs";

process.on("exit", () => {
  const report = process.env["PM_BENCH_PEAK"];
  if (report !== undefined) writeFileSync(report, String(process.resourceUsage().maxRSS));
});
