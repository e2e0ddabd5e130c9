import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { concat } from "../../src/core/bytes.ts";
import type { PmError } from "../../src/core/errors.ts";
import { chunksOf, filesBelow } from "../../src/node/file-tree.ts";

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "pm-tree-"));
  for (const folder of ["b", "b/.git", "b/c"]) mkdirSync(join(cwd, folder));
  for (const file of ["a", "b/2", "b/.env", "b/.git/config", "b/c/x"]) writeFileSync(join(cwd, file), file);
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

async function below(path: string): Promise<{ files: readonly string[]; skipped: readonly PmError[] }> {
  const skipped: PmError[] = [];
  const files: string[] = [];
  for await (const file of filesBelow(path, cwd, (error) => void skipped.push(error))) files.push(file);
  return { files, skipped };
}

describe("files below a path", () => {
  test("are all of them, sorted, named as the path was, without .git", async () => {
    expect((await below(".")).files).toEqual(["a", "b/.env", "b/2", "b/c/x"]);
    expect((await below("b")).files).toEqual(["b/.env", "b/2", "b/c/x"]);
    expect((await below("a")).files).toEqual(["a"]);
    expect((await below(join(cwd, "b/c"))).files).toEqual([join(cwd, "b/c/x")]);
  });

  test.skipIf(process.platform === "win32")("are no links and no pipes, unless one is named", async () => {
    symlinkSync("..", join(cwd, "b/c/up"));
    symlinkSync("../a", join(cwd, "b/link"));
    execFileSync("mkfifo", [join(cwd, "b/pipe")]);
    expect((await below("b")).files).toEqual(["b/.env", "b/2", "b/c/x"]);
    expect((await below("b/link")).files).toEqual(["b/link"]);
    // As the shell makes one of <(git log -p).
    expect((await below("b/pipe")).files).toEqual(["b/pipe"]);
  });

  test("a path that is not there is told, and the rest goes on", async () => {
    expect(await below("none")).toMatchObject({
      files: [],
      skipped: [{ code: "io", message: expect.stringContaining("none") }],
    });
  });
});

test("the content of a file comes in pieces, and a file that is gone is an error", async () => {
  const bytes = Uint8Array.from({ length: 600_000 }, (_, index) => index & 0xff);
  writeFileSync(join(cwd, "large"), bytes);
  const chunks: Uint8Array[] = [];
  for await (const chunk of chunksOf("large", cwd)) chunks.push(chunk.slice());
  expect(chunks.length).toBeGreaterThan(1);
  expect(concat(...chunks)).toEqual(bytes);
  await expect(chunksOf("none", cwd).next()).rejects.toMatchObject({ code: "io" });
});
