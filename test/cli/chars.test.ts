import { describe, expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../src/core/bytes.ts";
import { parseChars, pickChars } from "../../src/cli/chars.ts";

describe("--chars", () => {
  test.each<[string, string, string]>([
    ["1", "hunter2", "h"],
    ["3,7", "hunter2", "n2"],
    ["1-3", "hunter2", "hun"],
    ["7,1-2,1", "hunter2", "2huh"],
    ["2", "a🔑c", "🔑"],
    ["3", "日本語", "語"],
  ])("%s of %s is %s", (list, value, expected) => {
    expect(fromUtf8(pickChars(utf8(value), parseChars(list)))).toBe(expected);
  });

  test.each(["", "0", "a", "1,", "3-1", "1 2", "-1", "1-"])("refuses %j", (list) => {
    expect(() => parseChars(list)).toThrow("--chars expects");
  });

  test("refuses a position behind the end, and what is no text", () => {
    expect(() => pickChars(utf8("abc"), parseChars("2-4"))).toThrow("no character 4");
    expect(() => pickChars(Uint8Array.of(0xff), parseChars("1"))).toThrow("needs a text");
  });
});
