/**
 * Builds dist/ once before the tests, where a source is newer than it: end-to-end tests run bin/pm.js. And
 * gives the run a folder for temporary files of its own, in which nothing may be left.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const OTHER_INPUTS = ["tsconfig.json", "tsconfig.build.json", "scripts/build.ts"];

export function setup(): () => void {
  build();
  const folder = mkdtempSync(join(tmpdir(), "pm-run-"));
  process.env["TMPDIR"] = folder;
  return () => {
    const left = readdirSync(folder).filter((name) => !NODE_OWN.test(name));
    rmSync(folder, { recursive: true, force: true });
    if (left.length > 0) throw new Error(`the tests left behind: ${left.join(", ")}`);
  };
}

/** The cache that Node and the test runner keep. */
const NODE_OWN = /^(node-compile-cache|vitest|node-coverage)/;

function build(): void {
  if (newest(OTHER_INPUTS) <= builtAt() && newest(sources()) <= builtAt()) return;
  // Types are the business of `npm run typecheck`: a test run does not wait for them.
  const { status } = spawnSync(process.execPath, ["scripts/build.ts", "--no-check"], {
    cwd: ROOT,
    stdio: "inherit",
  });
  if (status === 0) return;
  // Without dist/ only the tests that need it fail; with an old one they would pass for the wrong code.
  rmSync(join(ROOT, "dist"), { recursive: true, force: true });
}

function builtAt(): number {
  return statSync(join(ROOT, "dist"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Every file and directory of src/: a directory's time tells of a file that went away. */
function sources(): string[] {
  const below = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" });
  return ["src", ...below.map((path) => join("src", path))];
}

function newest(paths: readonly string[]): number {
  return Math.max(
    ...paths.map((path) => statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs ?? 0),
  );
}
