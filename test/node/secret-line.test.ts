import { describe, expect, test } from "vitest";
import { toHex, utf8 } from "../../src/core/bytes.ts";
import { hasCode } from "../../src/core/errors.ts";
import { MAX_SECRET_BYTES, SecretLine } from "../../src/node/secret-line.ts";

/** Types `keys` and gives the line, or "interrupted", or undefined while it goes on. */
function type(keys: string | Uint8Array): string | undefined {
  const line = new SecretLine();
  for (const byte of typeof keys === "string" ? utf8(keys) : keys) {
    const state = line.feed(byte);
    if (state === "interrupted") return state;
    if (state === "entered") return new TextDecoder().decode(line.take());
  }
  return undefined;
}

describe("a secret line", () => {
  test.each<[string, string, string | undefined]>([
    ["carriage return ends it", "abc\rdef", "abc"],
    ["newline ends it", "abc\n", "abc"],
    ["it may be empty", "\r", ""],
    ["it goes on until then", "abc", undefined],
    ["Ctrl-C interrupts", "abc\u0003", "interrupted"],
    ["Ctrl-D interrupts an empty line", "\u0004", "interrupted"],
    ["Ctrl-D in a line does nothing", "ab\u0004c\r", "abc"],
    ["Ctrl-D interrupts a line that was erased", "a\u007f\u0004", "interrupted"],
    ["backspace takes one character", "abc\u007f\u0008d\r", "ad"],
    ["backspace takes a character of two, three and four bytes", "é\u007f中\u007f😀\u007fx\r", "x"],
    ["backspace takes a combining mark alone", "e\u0301\u007f\r", "e"],
    ["backspace at the beginning does nothing", "\u007f\u007fa\r", "a"],
    ["Ctrl-U takes all", "abc\u0015d\r", "d"],
    ["spaces and tabs are kept", " a\tb \r", " a\tb "],
    ["other control characters are ignored", "a\u0000\u0001\u0017\u001ab\r", "ab"],
    ["cursor keys are ignored", "a\u001b[A\u001b[1;5C\u001bOPb\r", "ab"],
    ["function keys of the Linux console are ignored", "a\u001b[[Ab\r", "ab"],
    ["the brackets of a paste are ignored, what is pasted is not", "\u001b[200~p w\u001b[201~\r", "p w"],
    ["a lone Esc is ignored", "a\u001bb\r", "ab"],
    ["Enter and Ctrl-C count within an escape sequence", "a\u001b[1\r", "a"],
    ["Ctrl-C counts after Esc", "a\u001b\u0003", "interrupted"],
  ])("%s", (_rule, keys, result) => {
    expect(type(keys)).toBe(result);
  });

  test("bytes that are not UTF-8 are kept as they are", () => {
    using line = new SecretLine();
    for (const byte of [0xff, 0x80, 0xe9]) line.feed(byte);
    expect(toHex(line.take())).toBe("ff80e9");
  });

  test("takes what fits, refuses a byte more at its end, and can be begun anew", () => {
    using line = new SecretLine();
    for (let i = 0; i < MAX_SECRET_BYTES; i++) line.feed(0x61);
    expect(line.take()).toHaveLength(MAX_SECRET_BYTES);
    expect(line.feed(0x61)).toBe("typing");
    expect(() => line.take()).toThrow(expect.toSatisfy((error) => hasCode(error, "limit")));
    line.feed(0x15);
    expect(line.take()).toHaveLength(0);
  });

  test("holds nothing after it is disposed of", () => {
    const line = new SecretLine();
    line.feed(0x61);
    line[Symbol.dispose]();
    expect(line.take()).toHaveLength(0);
  });
});
