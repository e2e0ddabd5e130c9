import { describe, expect, test } from "vitest";
import { parseEnvFile } from "../../../src/core/references/env-file.ts";

const read = (text: string): readonly (readonly [string, string, number])[] =>
  parseEnvFile(text, ".env").map(({ name, value, line }) => [name, value, line] as const);

describe("an env file is read", () => {
  test.each<[how: string, text: string, expected: readonly (readonly [string, string, number])[]]>([
    [
      "plain values",
      "A=1\nB=\n",
      [
        ["A", "1", 1],
        ["B", "", 2],
      ],
    ],
    ["white space within and after", "A=one two  \t\n", [["A", "one two", 1]]],
    ["export and indentation", "  export\tA=1", [["A", "1", 1]]],
    [
      "comments",
      "# x\n\n  # y\nA=1 # z\nB=a#b\nC=# d\nD=pm://a#b",
      [
        ["A", "1", 4],
        ["B", "a#b", 5],
        ["C", "", 6],
        ["D", "pm://a#b", 7],
      ],
    ],
    ["quotes and backslashes within", `A=it's "x" \\n`, [["A", `it's "x" \\n`, 1]]],
    ["single quotes, with nothing special", `A='a "b" \\n # $x'  # c`, [["A", `a "b" \\n # $x`, 1]]],
    ["double quotes with escapes", String.raw`A="\n\r\t\"\\\$ $x #"`, [["A", '\n\r\t"\\$ $x #', 1]]],
    [
      "several lines",
      "A=\"one\ntwo\"\nB='three\n\nfour'\nC=5",
      [
        ["A", "one\ntwo", 1],
        ["B", "three\n\nfour", 3],
        ["C", "5", 6],
      ],
    ],
    [
      "a BOM and CRLF",
      "\uFEFFA=1\r\n\r\n# c\r\nB=\"x\r\ny\"\r\nC='z' # d\r\n",
      [
        ["A", "1", 1],
        ["B", "x\ny", 4],
        ["C", "z", 6],
      ],
    ],
    [
      "a name twice",
      "A=1\nA=2",
      [
        ["A", "1", 1],
        ["A", "2", 2],
      ],
    ],
    ["no variables at all", "A=$B ${C} $(d) `e`", [["A", "$B ${C} $(d) `e`", 1]]],
    ["nothing", "", []],
  ])("%s", (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test("with the places of the values, their quotes included", () => {
    const text = "\uFEFFA = 1".replace(" = ", "=") + '\r\nexport B="x" # c\n';
    expect(parseEnvFile(text, ".env").map(({ start, end }) => text.slice(start, end))).toEqual(["1", '"x"']);
  });

  test("however long a value is", () => {
    const value = 'x\\"'.repeat(300_000);
    expect(parseEnvFile(`A="${value}"`, ".env")[0]?.value).toBe('x"'.repeat(300_000));
  });
});

describe("an env file is refused with the line", () => {
  test.each<[string, number]>([
    ["A=1\nB", 2],
    ["A: 1", 1],
    ["A =1", 1],
    ["A= 1", 1],
    ["1A=1", 1],
    ["a-b=1", 1],
    ["\n\nexport", 3],
    ["A='x", 1],
    ['A="x\n\ny', 1],
    ['A="x"y', 1],
    ['A="x"#y', 1],
    [String.raw`A="\x"`, 1],
    ['A="x\\\ny"', 1],
    ["A=`x`", 1],
    ["A=x\ry", 1],
    ["A=\0", 1],
    ['A="x\ny"\n?', 3],
  ])("%j", (text, line) => {
    expect(() => parseEnvFile(text, "a.env")).toThrow(
      expect.objectContaining({
        code: "usage",
        message: expect.stringMatching(new RegExp(`^a\\.env:${line} `)),
      }),
    );
  });
});
