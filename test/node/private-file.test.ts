/** Where a text to edit may stand, and that nothing of it stays. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { utf8 } from "../../src/core/bytes.ts";
import { hasLeftoverProtection } from "../../src/node/editor.ts";
import { leftPrivateFolders, openPrivateFile, type PrivateFile } from "../../src/node/private-file.ts";
import { temporaryDirectory } from "../support/process.ts";
import { ON_LINUX, ON_WINDOWS } from "./fixtures/run.ts";

function open(env: Readonly<Record<string, string>> = {}): PrivateFile {
  const file = openPrivateFile({ env, allowDisk: true });
  onTestFinished(() => file[Symbol.dispose]());
  return file;
}

function modeOf(path: string): string {
  return (fs.statSync(path).mode & 0o777).toString(8);
}

describe("a private file", () => {
  test("is for its owner only under any umask, and says nothing by its name", { skip: ON_WINDOWS }, () => {
    for (const mask of [0, 0o277]) {
      const before = process.umask(mask);
      const file = open();
      file.write(utf8("x"));
      process.umask(before);
      expect(modeOf(file.directory)).toBe("700");
      expect(modeOf(file.path)).toBe("600");
      expect(file.path).toMatch(/[/\\]entry\.txt$/);
    }
  });

  test("is overwritten and removed with whatever an editor put beside it", () => {
    const file = open();
    file.write(utf8("secret"));
    const outside = join(temporaryDirectory(), "link");
    fs.mkdirSync(join(file.directory, "below"));
    const copy = join(file.directory, "below", "copy");
    fs.writeFileSync(copy, "secret");
    fs.linkSync(copy, join(file.directory, "second"));
    const held = fs.openSync(copy, "r");
    fs.writeFileSync(outside, "kept");
    if (!ON_WINDOWS) fs.symlinkSync(outside, join(file.directory, "symbolic"));
    file[Symbol.dispose]();
    expect(fs.readFileSync(held).toString()).toBe("\0".repeat(6));
    fs.closeSync(held);
    expect(fs.existsSync(file.directory)).toBe(false);
    expect(fs.readFileSync(outside, "utf8")).toBe("kept");
  });

  test("gives back what an editor left, and nothing where it took the file away", () => {
    const file = open();
    file.write(utf8("one"));
    file.write(utf8("two"));
    expect(file.read(3)).toEqual(utf8("two"));
    expect(() => file.read(2)).toThrow("more than the limit");
    fs.rmSync(file.path);
    expect(file.read(3)).toEqual(new Uint8Array(0));
  });

  test("is never read through a link or from a pipe", { skip: ON_WINDOWS }, () => {
    const file = open();
    fs.symlinkSync("/etc/passwd", file.path);
    expect(() => file.read(100_000)).toThrow("can't read the text back");
    fs.rmSync(file.path);
    spawnSync("mkfifo", [file.path]);
    expect(file.read(100_000)).toEqual(new Uint8Array(0));
  });
});

describe.runIf(ON_LINUX)("the folder", () => {
  test("is the runtime folder only where that is in memory and its owner's alone", () => {
    const onDisk = temporaryDirectory();
    expect(open({ XDG_RUNTIME_DIR: onDisk }).directory).toMatch(/^\/dev\/shm\/pm-edit-/);
    const inMemory = fs.mkdtempSync("/dev/shm/pm-test-");
    onTestFinished(() => fs.rmSync(inMemory, { recursive: true }));
    expect(open({ XDG_RUNTIME_DIR: inMemory }).directory).toContain(inMemory);
    fs.chmodSync(inMemory, 0o777);
    expect(open({ XDG_RUNTIME_DIR: inMemory }).directory).not.toContain(inMemory);
  });
});

describe("protection from leftovers", () => {
  test.each<[string, boolean]>([
    ["vim", true],
    ["/usr/bin/vim.tiny", true],
    ["nvim", true],
    ["emacs-29.1", true],
    ["nano", true],
    ["emacsclient", false],
    ["ed", false],
    ["code", false],
    ["", false],
  ])("of %j is known: %s", (program, known) => {
    expect(hasLeftoverProtection([program, "-x"])).toBe(known);
  });

  test("of vi is that of what it stands for", { skip: ON_WINDOWS }, () => {
    const directory = temporaryDirectory();
    for (const name of ["vim.basic", "nvi"]) fs.writeFileSync(join(directory, name), "", { mode: 0o755 });
    fs.symlinkSync("vim.basic", join(directory, "vi"));
    expect(hasLeftoverProtection(["vi"], directory)).toBe(true);
    fs.rmSync(join(directory, "vi"));
    fs.symlinkSync("nvi", join(directory, "vi"));
    expect(hasLeftoverProtection(["vi"], directory)).toBe(false);
    expect(hasLeftoverProtection(["vi"], "")).toBe(false);
  });
});

test("a folder is found once its process has ended, and not before", { skip: ON_WINDOWS }, () => {
  const { directory } = open();
  const ended = spawnSync(process.execPath, ["--version"]).pid;
  const left = directory.replace(String(process.pid), String(ended));
  fs.mkdirSync(left);
  onTestFinished(() => fs.rmdirSync(left));
  expect(leftPrivateFolders({})).toContain(left);
  expect(leftPrivateFolders({})).not.toContain(directory);
});
