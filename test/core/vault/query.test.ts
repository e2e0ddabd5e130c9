import { describe, expect, test } from "vitest";
import { nearest } from "../../../src/core/vault/nearest.ts";
import { compareText, listRows, resolveName } from "../../../src/core/vault/query.ts";
import type { Resolution } from "../../../src/core/vault/session.ts";
import type { IndexRow } from "../../../src/core/vault/vault-index.ts";
import { verdict } from "../../support/vault-builder.ts";

const FLAGS = { live: 256, trashed: 257, purged: 258, wifi: 7 << 8 };

const row = (
  id: string,
  path: string,
  flags: number = FLAGS.live,
  tags: readonly string[] = [],
): IndexRow => [id.padEnd(32, "0"), 0, 1, path, "", [], tags, flags, 1];

const ROWS: readonly IndexRow[] = [
  row("abcd1", "work/github", FLAGS.live, ["dev", "prod"]),
  row("abcd2", "work/gitlab", FLAGS.live, ["dev"]),
  row("bbbb1", "Home/Router", FLAGS.wifi),
  row("bbbb2", "home/mail"),
  row("cccc1", "HOME/MAIL"),
  row("dddd1", "twin"),
  row("dddd2", "twin"),
  row("eeee1", "bin/old", FLAGS.trashed, ["dev"]),
  row("ffff1", "", FLAGS.purged),
  row("abcf1", "caf\u00e9"),
  row("abcf2", "work"),
];

/** Ids of what a name resolves to, by their first digits. */
const found = (resolution: Resolution): readonly string[] => {
  if (resolution.kind === "none") return [];
  const rows = resolution.kind === "found" ? [resolution.row] : resolution.rows;
  return rows.map(({ id }) => id.slice(0, 5));
};

describe("a name", () => {
  test.each<[rule: string, name: string, expected: readonly string[]]>([
    ["is a whole path", "work/github", ["abcd1"]],
    ["never a prefix", "work/git", []],
    ["nor the last part", "github", []],
    ["nor a folder", "work/", []],
    ["is exact before it is alike", "home/mail", ["bbbb2"]],
    ["is exact in its own case", "HOME/MAIL", ["cccc1"]],
    ["may differ in case where one does", "home/router", ["bbbb1"]],
    ["is ambiguous where two do", "Home/Mail", ["bbbb2", "cccc1"]],
    ["is ambiguous where two are the same", "twin", ["dddd1", "dddd2"]],
    ["may be decomposed", "cafe\u0301", ["abcf1"]],
    ["does not find the trash", "bin/old", []],
    ["does not find what was erased", "", []],
    ["by id finds the trash", "id:eeee1", ["eeee1"]],
    ["by id may be a prefix", "id:bbbb1", ["bbbb1"]],
    ["by id may be in capitals", "id:ABCD1", ["abcd1"]],
    ["by id is ambiguous where two begin so", "id:abcd", ["abcd1", "abcd2"]],
    ["by id may be whole", `id:${"abcf2".padEnd(32, "0")}`, ["abcf2"]],
    ["by id does not find what was erased", "id:ffff1", []],
    ["by id may find nothing", "id:0000", []],
  ])("%s: %s", (_rule, name, expected) => {
    expect(found(resolveName(ROWS, name))).toEqual(expected);
  });

  test.each(["id:", "id:abc", "id:xyz0", "id:abcd ", `id:${"a".repeat(33)}`])("%s is no id", (name) => {
    expect(verdict(() => resolveName(ROWS, name))).toBe("usage");
  });
});

describe("a list", () => {
  const ids = (filter: Parameters<typeof listRows>[1]): readonly string[] =>
    listRows(ROWS, filter).map(({ id }) => id.slice(0, 5));

  test("is of the living, by path and then id, in code units", () => {
    const all = ["cccc1", "bbbb1", "abcf1", "bbbb2", "dddd1", "dddd2", "abcf2", "abcd1", "abcd2"];
    expect(ids({})).toEqual(all);
    expect(listRows([...ROWS].reverse(), {}).map(({ id }) => id.slice(0, 5))).toEqual(all);
  });

  test("of the trash holds what is in it, not what was erased", () => {
    expect(ids({ trashed: true })).toEqual(["eeee1"]);
    expect(ids({ trashed: false })).not.toContain("eeee1");
  });

  test.each<[prefix: string, expected: readonly string[]]>([
    ["work", ["abcf2", "abcd1", "abcd2"]],
    ["work/", ["abcf2", "abcd1", "abcd2"]],
    ["work/git", []],
    ["work/github", ["abcd1"]],
    ["wor", []],
    ["home", ["bbbb2"]],
  ])("under %s is that path and what is below it", (prefix, expected) => {
    expect(ids({ prefix })).toEqual(expected);
  });

  test("with tags has all of them; with a type, that", () => {
    expect(ids({ tags: [] }).length).toBe(9);
    expect(ids({ tags: ["dev"] })).toEqual(["abcd1", "abcd2"]);
    expect(ids({ tags: ["dev", "prod"] })).toEqual(["abcd1"]);
    expect(ids({ tags: ["DEV"] })).toEqual([]);
    expect(ids({ type: "wifi" })).toEqual(["bbbb1"]);
    expect(ids({ type: "wifi", tags: ["dev"] })).toEqual([]);
  });
});

test("texts compare by UTF-16 code units", () => {
  const texts = ["b", "a", "B", "ä", "", "\uffee", "😀"];
  expect(texts.toSorted(compareText)).toEqual(["", "B", "a", "b", "ä", "😀", "\uffee"]);
  expect(compareText("a", "a")).toBe(0);
});

describe("what is near a name", () => {
  const names = ["work/github", "work/gitlab", "home/mail", "home/mails", "home/male", "x"];

  test.each<[word: string, expected: readonly string[]]>([
    ["githb", ["work/github"]],
    ["work/gihtub", ["work/github", "work/gitlab"]],
    ["GITHUB", ["work/github", "work/gitlab"]],
    ["git", ["work/github", "work/gitlab"]],
    ["mail", ["home/mail", "home/mails"]],
    ["home/mail", ["home/mail", "home/mails", "home/male"]],
    ["unlike anything", []],
  ])("%s", (word, expected) => {
    expect(nearest(word, names)).toEqual(expected);
  });

  test("is at most three names, the best first", () => {
    expect(nearest("aaaa", ["aaab", "aaac", "aaaa", "aaad"])).toEqual(["aaaa", "aaab", "aaac"]);
  });

  test("is compared composed", () => {
    expect(nearest("cafe\u0301", ["caf\u00e9"])).toEqual(["caf\u00e9"]);
  });
});
