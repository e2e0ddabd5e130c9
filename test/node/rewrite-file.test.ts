import fs from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { utf8 } from "../../src/core/bytes.ts";
import { openRewritable } from "../../src/node/rewrite-file.ts";
import { temporaryDirectory } from "../support/process.ts";
import { ON_WINDOWS } from "./fixtures/run.ts";

const LIMIT = 100;

test("a file is replaced as a whole, with its mode, through a link", { skip: ON_WINDOWS }, async () => {
  const cwd = temporaryDirectory();
  fs.writeFileSync(join(cwd, "target"), "old", { mode: 0o640 });
  fs.symlinkSync("target", join(cwd, "link"));
  const before = fs.openSync(join(cwd, "target"), "r");
  const file = await openRewritable("link", { cwd, limit: LIMIT });
  expect([file.bytes, file.name]).toEqual([utf8("old"), "link"]);
  await file.rewrite(utf8("new"));
  expect(fs.readFileSync(join(cwd, "target"), "utf8")).toBe("new");
  expect(fs.readFileSync(before, "utf8")).toBe("old");
  fs.closeSync(before);
  expect((fs.statSync(join(cwd, "target")).mode & 0o777).toString(8)).toBe("640");
  expect(fs.lstatSync(join(cwd, "link")).isSymbolicLink()).toBe(true);
  expect(fs.readdirSync(cwd).toSorted()).toEqual(["link", "target"]);
});

test.each<[what: string, change: (path: string) => void]>([
  ["another content", (path) => fs.writeFileSync(path, "oLd")],
  ["nothing", (path) => fs.rmSync(path)],
])("a file that was changed to %s meanwhile is left alone", async (_, change) => {
  const cwd = temporaryDirectory();
  fs.writeFileSync(join(cwd, "file"), "old");
  const file = await openRewritable("file", { cwd, limit: LIMIT });
  change(join(cwd, "file"));
  const left = fs.readdirSync(cwd).map((name) => fs.readFileSync(join(cwd, name), "utf8"));
  await expect(file.rewrite(utf8("new"))).rejects.toMatchObject({ code: "conflict" });
  expect(fs.readdirSync(cwd).map((name) => fs.readFileSync(join(cwd, name), "utf8"))).toEqual(left);
});

test("what is no plain file, too large or not there is refused", async () => {
  const cwd = temporaryDirectory();
  fs.writeFileSync(join(cwd, "large"), "x".repeat(LIMIT + 1));
  await expect(openRewritable(".", { cwd, limit: LIMIT })).rejects.toMatchObject({ code: "usage" });
  await expect(openRewritable("large", { cwd, limit: LIMIT })).rejects.toMatchObject({ code: "limit" });
  await expect(openRewritable("none", { cwd, limit: LIMIT })).rejects.toMatchObject({ code: "io" });
});
