/**
 * `npm run test:binary`: the tests that run pm as processes, with the standalone binary in its place. Vitest's
 * global setup builds it; in each worker, Node becomes a script that hands over to the binary where it is to run pm.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const BUILD = fileURLToPath(new URL("../../scripts/binary.ts", import.meta.url));
const VARIABLE = "PM_TEST_NODE";

export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "pm-on-binary-"));
  // Some of the tests are another user.
  chmodSync(folder, 0o755);
  const [binary, script] = [join(folder, "pm"), join(folder, "node")];
  const { status, stderr } = spawnSync(process.execPath, [BUILD, binary], { encoding: "utf8" });
  if (status !== 0) throw new Error(`the binary was not built: ${stderr}`);
  const text = `#!/bin/sh
case "$1" in */bin/pm.js) shift; exec '${binary}' "$@" ;; esac
exec '${process.execPath}' "$@"
`;
  writeFileSync(script, text, { mode: 0o755 });
  process.env[VARIABLE] = script;
  return () => rmSync(folder, { recursive: true, force: true });
}

export const ON_BINARY: boolean = process.env[VARIABLE] !== undefined;

if (ON_BINARY) process.execPath = process.env[VARIABLE] ?? "";
