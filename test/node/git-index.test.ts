import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { concat, fromUtf8 } from "../../src/core/bytes.ts";
import { type GitCall, stagedContent, stagedFiles } from "../../src/node/git-index.ts";
import { describeWith } from "../support/describe-with.ts";

let cwd = "";
let call: GitCall;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "pm-git-"));
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: cwd,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CEILING_DIRECTORIES: tmpdir(),
    ...Object.fromEntries(
      ["AUTHOR", "COMMITTER"].flatMap((who) => [
        [`GIT_${who}_NAME`, "x"],
        [`GIT_${who}_EMAIL`, "x@example.com"],
      ]),
    ),
  };
  call = { cwd, env };
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function git(...args: readonly string[]): void {
  execFileSync("git", args, { cwd, env: { ...call.env }, stdio: "ignore" });
}

async function contents(): Promise<Record<string, string>> {
  const files = await stagedFiles(call);
  const found: Record<string, string> = {};
  let chunks: Uint8Array[] = [];
  let index = 0;
  for await (const chunk of stagedContent(files, call)) {
    if (chunk !== undefined) chunks.push(chunk.slice());
    else {
      const bytes = concat(...chunks);
      found[files[index++]?.path ?? ""] = fromUtf8(bytes) ?? `${bytes.length} bytes`;
      chunks = [];
    }
  }
  return found;
}

describeWith(["git"], "what git is about to commit", () => {
  test("is the staged content, also before the first commit, and not what the folder has", async () => {
    git("init", "-q");
    writeFileSync(join(cwd, "a"), "staged\n");
    writeFileSync(join(cwd, "a \u00e9\nb"), "");
    git("add", ".");
    writeFileSync(join(cwd, "a"), "not staged\n");
    writeFileSync(join(cwd, "new"), "not added\n");
    expect(await contents()).toEqual({ a: "staged\n", "a \u00e9\nb": "" });
  });

  test("is what differs from the last commit: no deleted file, no link", async () => {
    git("init", "-q");
    for (const name of ["same", "gone", "changed"]) writeFileSync(join(cwd, name), "old");
    git("add", ".");
    git("commit", "-qm", "x");
    expect(await contents()).toEqual({});
    git("rm", "-q", "gone");
    writeFileSync(join(cwd, "changed"), "new");
    writeFileSync(join(cwd, "large"), Buffer.alloc(1_000_000, 0xff));
    symlinkSync("changed", join(cwd, "link"));
    mkdirSync(join(cwd, "folder"));
    git("add", ".");
    // Paths are those from the top, wherever it is called.
    call = { ...call, cwd: join(cwd, "folder") };
    expect(await contents()).toEqual({ changed: "new", large: "1000000 bytes" });
  });

  test("is all of it, whatever the settings, and without what is not merged yet", async () => {
    git("init", "-q", "-b", "one");
    git("commit", "-q", "--allow-empty", "-m", "x");
    for (const branch of ["two", "one"]) {
      git("checkout", "-q", "-B", branch, "HEAD");
      writeFileSync(join(cwd, "both"), branch);
      git("add", ".");
      git("commit", "-qm", branch);
      if (branch === "two") git("checkout", "-q", "one");
    }
    expect(() => git("merge", "-q", "two")).toThrow("merge");
    mkdirSync(join(cwd, "folder"));
    writeFileSync(join(cwd, "top"), "x");
    git("add", "top");
    git("config", "diff.relative", "true");
    call = { ...call, cwd: join(cwd, "folder") };
    expect(await contents()).toEqual({ top: "x" });
  });

  test("is nothing outside of a repository, and without git", async () => {
    await expect(stagedFiles(call)).rejects.toMatchObject({ code: "usage" });
    await expect(stagedFiles({ ...call, env: { PATH: cwd } })).rejects.toMatchObject({ code: "unavailable" });
  });

  test("whose object is gone is told", async () => {
    git("init", "-q");
    const files = [{ path: "a", object: "0".repeat(39) + "1" }];
    await expect(stagedContent(files, call).next()).rejects.toMatchObject({ code: "io" });
  });
});
