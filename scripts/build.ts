// Compiles src/ into a fresh dist/ that appears whole, so that a running `pm` never sees half of it. Runs
// as npm's `prepare`, so that `npx pm` works after `npm ci`. `--no-check` leaves types to `npm run typecheck`.
import { spawnSync } from "node:child_process";
import { existsSync, renameSync, rmSync, utimesSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FRESH = `node_modules/.dist-${process.pid}`;
const OLD = `${FRESH}-old`;
const NO_CHECK = ["--noCheck", "--isolatedDeclarations", "false"];

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const started = new Date();
const options = process.argv.includes("--no-check") ? NO_CHECK : [];
const tsc = ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json", "--outDir", FRESH, ...options];
if (spawnSync(process.execPath, tsc, { stdio: "inherit" }).status === 0) {
  // The tests compare this time with the sources (test/support/global-setup.ts).
  utimesSync(FRESH, started, started);
  if (existsSync("dist")) renameSync("dist", OLD);
  renameSync(FRESH, "dist");
} else {
  process.exitCode = 1;
}
for (const directory of [FRESH, OLD]) rmSync(directory, { recursive: true, force: true });
