/** The manual page on a terminal. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryDirectory } from "../support/process.ts";
import { startPmOnPty } from "../support/pty.ts";

/** A PATH on which `man` is this script, or nothing. */
function pathWith(home: string, script?: string): string {
  const bin = join(home, "bin");
  mkdirSync(bin);
  if (script !== undefined) {
    writeFileSync(join(bin, "man"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, "man"), 0o755);
  }
  return bin;
}

describe.skipIf(process.platform === "win32")("pm man on a terminal", () => {
  test("hands the page to man, without the secrets of the environment", async () => {
    const home = temporaryDirectory();
    const PATH = pathWith(home, 'echo "arguments: $*"; echo "password: <$PM_PASSWORD>"; /usr/bin/head -n 2');
    const pm = startPmOnPty(["man"], { home, env: { PATH, PM_PASSWORD: "hunter2" } });
    await pm.see(/arguments: -l -\r/);
    await pm.see(/password: <>/);
    await pm.see(/\.TH PM 1/);
    expect(await pm.exit()).toBe(0);
    expect(pm.screen()).not.toContain(".SH NAME");
  });

  test.each([
    ["there is no man", undefined],
    ["man can't show it", "exit 16"],
  ])("prints the source where %s", async (_name, script) => {
    const home = temporaryDirectory();
    const pm = startPmOnPty(["man"], { home, env: { PATH: pathWith(home, script) } });
    await pm.see(/\.SH SEE ALSO/);
    expect(await pm.exit()).toBe(0);
  });
});
