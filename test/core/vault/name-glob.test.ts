import { describe, expect, test } from "vitest";
import { nameFilter } from "../../../src/core/vault/name-glob.ts";

describe.each<[globs: readonly string[], meant: readonly string[], others: readonly string[]]>([
  [["ci/*"], ["ci/npm", "ci/.hidden"], ["ci", "ci/a/b", "my/ci/npm", "CI/npm"]],
  [["ci/**"], ["ci/npm", "ci/a/b"], ["ci", "cix/a"]],
  [["ci/"], ["ci/npm", "ci/a/b"], ["ci"]],
  [["**"], ["a", "a/b"], []],
  [["a?c"], ["abc", "a😀c", "aéc"], ["a/c", "ac"]],
  [[String.raw`a\*`], ["a*"], ["ab"]],
  [
    ["a.b", "[x]"],
    ["a.b", "[x]"],
    ["axb", "x"],
  ],
  [["cafe\u0301"], ["caf\u00e9"], ["cafe"]],
  [[], [], ["a"]],
])("%j", (globs, meant, others) => {
  const filter = nameFilter(globs);
  test.each([...meant.map((name) => [name, true] as const), ...others.map((name) => [name, false] as const)])(
    "%s: %s",
    (name, expected) => expect(filter(name)).toBe(expected),
  );
});

test.each([[""], ["x".repeat(257)]])("a pattern that can't be meant is refused", (glob) => {
  expect(() => nameFilter([glob])).toThrow(expect.objectContaining({ code: "usage" }));
});

test("many stars take no time beyond reason", () => {
  expect(nameFilter(["*a*a*a*a*b"])(`${"a".repeat(200)}c`)).toBe(false);
});
