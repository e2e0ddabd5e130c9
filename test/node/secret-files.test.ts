/** Secrets as files: whose they are, and when they go away. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { utf8 } from "../../src/core/bytes.ts";
import { ownIdentity, type ProcessIdentity } from "../../src/node/process-identity.ts";
import { leftSecretFolders, openSecretFiles, removeLeftSecretFolders } from "../../src/node/secret-files.ts";
import { memoryDirectory } from "../support/process.ts";
import { ON_LINUX } from "./fixtures/run.ts";

const NOW = Date.now();
const dead = (): number => spawnSync(process.execPath, ["--version"]).pid;

/** A folder as another pm would have left it. */
function leftBy(runtime: string, pid: number, owner: ProcessIdentity | undefined): string {
  const directory = fs.mkdtempSync(join(runtime, `pm-files-${pid}-`));
  if (owner !== undefined) fs.writeFileSync(join(directory, ".owner"), JSON.stringify(owner));
  fs.writeFileSync(join(directory, "TOKEN"), "secret");
  return directory;
}

describe.runIf(ON_LINUX)("files of secrets", () => {
  test("are in memory, for their owner only under any umask, and gone at the end", () => {
    for (const mask of [0, 0o277]) {
      const before = process.umask(mask);
      const files = openSecretFiles({ env: {}, allowDisk: false });
      const path = files.add("TOKEN", utf8("secret"));
      process.umask(before);
      const modes = [path, dirname(path)].map((name) => (fs.statSync(name).mode & 0o777).toString(8));
      expect(modes).toEqual(["600", "700"]);
      expect(path).toMatch(/^\/dev\/shm\/pm-files-\d+-\w+\/TOKEN$/);
      const held = fs.openSync(path, "r");
      files[Symbol.dispose]();
      expect(fs.readFileSync(held).toString()).toBe("\0".repeat(6));
      fs.closeSync(held);
      expect(fs.existsSync(dirname(path))).toBe(false);
    }
  });

  test("of a process that is gone are removed", () => {
    const [pid, runtime] = [dead(), memoryDirectory()];
    const env = { XDG_RUNTIME_DIR: runtime };
    const left = leftBy(runtime, pid, { ...ownIdentity(), pid });
    expect(leftSecretFolders(env, NOW)).toContain(left);
    removeLeftSecretFolders(env, NOW);
    expect(fs.existsSync(left)).toBe(false);
  });

  test("of a process that is alive, or may be alive elsewhere, are left alone", () => {
    const [pid, runtime] = [dead(), memoryDirectory()];
    const env = { XDG_RUNTIME_DIR: runtime };
    using own = openSecretFiles({ env, allowDisk: false });
    const alive = dirname(own.add("TOKEN", utf8("x")));
    const elsewhere = leftBy(runtime, pid, { ...ownIdentity(), pid, pidNamespace: "pid:[1]" });
    const unowned = leftBy(runtime, pid, undefined);
    removeLeftSecretFolders(env, NOW);
    expect([alive, elsewhere, unowned].map((path) => fs.existsSync(path))).toEqual([true, true, true]);
    const foreign = fs.mkdtempSync(join(runtime, "pm-files-mine-"));
    removeLeftSecretFolders(env, NOW + 120_000);
    expect([alive, elsewhere, unowned, foreign].map((path) => fs.existsSync(path))).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });
});
