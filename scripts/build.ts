// Compiles src/ into a fresh dist/ that appears whole, so that a running `pm` never sees half of it. Runs
// as npm's `prepare`, so that `npx pm` works after `npm ci`. `--no-check` leaves types to `npm run typecheck`.
import { execFileSync } from "node:child_process";
import { renameSync, rmSync, utimesSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const started = new Date();
const fresh = `node_modules/.dist-${process.pid}`;
const old = `${fresh}-old`;
const options = process.argv.includes("--no-check") ? ["--noCheck", "--isolatedDeclarations", "false"] : [];

process.chdir(root);
const tsc = ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json", "--outDir", fresh, ...options];
try {
  execFileSync(process.execPath, tsc, { stdio: "inherit" });
  // The tests compare this time with the sources (test/support/global-setup.ts).
  utimesSync(fresh, started, started);
  try {
    renameSync("dist", old);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  renameSync(fresh, "dist");
} finally {
  for (const directory of [fresh, old]) rmSync(directory, { recursive: true, force: true });
}
