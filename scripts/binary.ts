// Builds pm as one file that needs no Node.js: `node scripts/binary.ts [FILE]`, build/pm where none is named. It is
// Bun with pm inside (https://bun.com/docs/bundler/executables).
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** The package has it under this name on every system. */
const BUN = fileURLToPath(new URL("bin/bun.exe", import.meta.resolve("bun/package.json")));
const SUFFIX = process.platform === "win32" ? ".exe" : "";

const FLAGS = [
  "--compile",
  // Compiled ahead, so that a start is spared it; names stay, for PM_DEBUG.
  "--bytecode",
  "--format=cjs",
  "--minify",
  "--keep-names",
  // pm is not steered by what lies in the folder where it is called.
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  // Otherwise each module has the path that it had here, and what looks for files beside itself would find them.
  `--define=import.meta.url=${JSON.stringify(process.platform === "win32" ? "file:///B:/~BUN/pm" : "file:///$bunfs/pm")}`,
];

const target = resolve(process.argv[2] ?? join(ROOT, "build", `pm${SUFFIX}`));
mkdirSync(dirname(target), { recursive: true });
// Beside the target: one that runs stays as it is until the new one is whole, and takes its place in one step.
const folder = mkdtempSync(join(dirname(target), ".pm-"));
try {
  const file = join(folder, basename(target));
  const args = ["build", ...FLAGS, join(ROOT, "scripts/binary-entry.ts"), "--outfile", file];
  // Bun keeps what it works on in the current folder.
  const { status, stdout, stderr } = spawnSync(BUN, args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`bun ${args.join(" ")} ended with ${status}: ${stdout}${stderr}`);
  renameSync(file, target);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stderr.write(`${target} (${(statSync(target).size / 1e6).toFixed(0)} MB)\n`);
