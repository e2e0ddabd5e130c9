import { describe, expect, test } from "vitest";
import { utf8 } from "../../src/core/bytes.ts";
import { hasCode } from "../../src/core/errors.ts";
import { MAX_VALUE_BYTES } from "../../src/core/vault/model.ts";
import { bytesOf, checkFieldCount, fieldOf, parseCount } from "../../src/cli/values.ts";

describe("values", () => {
  test.each<[string, Uint8Array]>([
    ["text", utf8("hunter2")],
    ["text with blanks, newlines and a NUL", utf8(" a\r\n\0b\n")],
    ["text with a byte order mark", Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)],
    ["text that is not in NFC", utf8("e\u0301")],
    ["bytes that are no text", Uint8Array.of(0xff, 0x00, 0xc3)],
    ["a value of the largest size", new Uint8Array(MAX_VALUE_BYTES).fill(0x61)],
  ])("keep %s byte for byte", (_what, bytes) => {
    expect(bytesOf(fieldOf("f", bytes, true))).toEqual(bytes);
  });

  test("are base64 only where they are no text", () => {
    expect(fieldOf("f", utf8("é"), false)).toMatchObject({ text: "é", encoding: "utf8" });
    expect(fieldOf("f", Uint8Array.of(0xff), false)).toMatchObject({ text: "/w==", encoding: "base64" });
  });

  test("refuse nothing and too much", () => {
    expect(() => fieldOf("f", new Uint8Array(0), true)).toThrow('the value of "f" is empty');
    expect(() => fieldOf("f", new Uint8Array(MAX_VALUE_BYTES + 1), true)).toThrow(/limit of 262144$/);
  });
});

test("an entry has at most 64 fields", () => {
  checkFieldCount(64);
  expect(() => checkFieldCount(65)).toThrow("65 fields, more than the limit of 64");
});

test.each<[string, number | undefined]>([
  ["1", 1],
  ["30", 30],
  ["0", undefined],
  ["31", undefined],
  ["1.5", undefined],
  ["-1", undefined],
  ["1e1", undefined],
  ["", undefined],
])("the number %j between 1 and 30 is %j", (text, expected) => {
  let actual: number | undefined;
  try {
    actual = parseCount(text, "--limit", { min: 1, max: 30 });
  } catch (error) {
    expect(hasCode(error, "usage")).toBe(true);
  }
  expect(actual).toBe(expected);
});
