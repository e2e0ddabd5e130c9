import { describe, expect, test } from "vitest";
import { longLines, parseFormat, treeLines } from "../../src/cli/listing.ts";
import { PLAIN } from "../../src/cli/style.ts";
import { rowOf } from "../support/entries.ts";
import { refusal } from "../support/refusal.ts";

describe("the tree", () => {
  test("joins entries and folders of one level by name", () => {
    const paths = ["ci", "ci/deploy", "mail", "web/a/b/c", "web/github", "web/z/y"];
    expect(
      treeLines(
        paths.map((path) => rowOf({ path })),
        PLAIN,
      ),
    ).toEqual([
      "ci",
      "ci/",
      "└── deploy",
      "mail",
      "web/",
      "├── a/",
      "│   └── b/",
      "│       └── c",
      "├── github",
      "└── z/",
      "    └── y",
    ]);
  });

  test("of nothing is nothing", () => {
    expect(treeLines([], PLAIN)).toEqual([]);
  });

  test("shows entries that share a path each by itself", () => {
    expect(treeLines([rowOf({ path: "a" }), rowOf({ path: "a" })], PLAIN)).toEqual(["a", "a"]);
  });
});

test("columns are as wide as they must be", () => {
  const lines = longLines([
    rowOf({ path: "a", username: "mara", tags: ["x", "y"] }),
    rowOf({ path: "b b", type: "api-key", username: "a\nb" }),
  ]);
  expect(lines[0]).toMatch(/^01234567 {2}2026-01-0\d \d\d:\d\d {2}login {4}mara {4}a {2}#x {2}#y$/);
  expect(lines[1]).toMatch(/^01234567 {2}.{16} {2}api-key {2}a\\x0ab {2}b b$/);
});

describe("--format", () => {
  const row = rowOf({ path: "web/x", username: "m\tx", tags: ["a", "b"], hosts: ["h.example", "i.example"] });

  test.each<[string, string]>([
    ["{path}", "web/x"],
    [String.raw`{path}\t{type}\n\\n`, "web/x\tlogin\n\\n"],
    ["{tags} {hosts}", "a,b h.example,i.example"],
    ["{username}", String.raw`m\x09x`],
    ["{modified}", "2026-01-02T03:04:05.006Z"],
    [String.raw`a\q{id}`, String.raw`a\q0123456789abcdef0123456789abcdef`],
    ["", ""],
  ])("%j gives %j", (template, line) => {
    expect(parseFormat(template)(row)).toBe(line);
  });

  test.each(["{password}", "{}", "{path", "path}", "{{path}}", "{toString}"])("refuses %j", (template) => {
    expect(refusalOrMessage(() => parseFormat(template))).toContain("--format");
  });
});

function refusalOrMessage(run: () => unknown): string {
  try {
    return refusal(run);
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
}
