import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8 } from "../../src/core/bytes.ts";
import { createAutomaton } from "../../src/core/references/automaton.ts";
import { createLineScanner } from "../../src/cli/scan-lines.ts";
import { isTelling } from "../../src/cli/vault-secrets.ts";
import { runs } from "../support/properties.ts";

const SECRETS = ["tr0ub4dor", "first\nsecond\nthird", "\nx\ny"];

function found(text: string, size: number): readonly string[] {
  const scanner = createLineScanner(createAutomaton(SECRETS.map(utf8)));
  const bytes = utf8(text);
  const places: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    scanner.feed(bytes.slice(at, at + size), (line, secret) => places.push(`${line}:${secret}`));
  }
  return places;
}

test("a secret is told with the line in which it begins, once a line", () => {
  const text = "tr0ub4dor\n\n tr0ub4dor tr0ub4dor\nfirst\nsecond\nthird\n\nx\ny tr0ub4dor";
  for (const size of [1, 2, 3, 7, 100]) {
    expect(found(text, size)).toEqual(["1:0", "3:0", "4:1", "7:2", "9:0"]);
  }
});

test("whatever the chunks are", () => {
  const piece = fc.constantFrom(...SECRETS, "\n", "first\nsecond", "tr0ub", "x", "\nx\n");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.integer({ min: 1, max: 9 }), (pieces, size) => {
      const text = pieces.join("");
      const expected = new Set<string>();
      SECRETS.forEach((secret, index) => {
        for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + 1)) {
          expected.add(`${text.slice(0, at).split("\n").length}:${index}`);
        }
      });
      expect(new Set(found(text, size))).toEqual(expected);
    }),
    runs(200),
  );
});

test.each<[string, boolean]>([
  ["admin", false],
  ["short-1", false],
  ["password", false],
  ["correcthors", false],
  ["correcthorse", true],
  ["12345678", false],
  ["12345678901", false],
  ["123456789012", true],
  ["aaaa1111", false],
  ["abab1212!!!!", true],
  ["aaaaaaaaaaaaaaaaaaaaab", false],
  ["tr0ub4dor", true],
])("whether %j in a file tells anything: %s", (text, expected) => {
  expect(isTelling({ bytes: utf8(text), name: "x" })).toBe(expected);
});
