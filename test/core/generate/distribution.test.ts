// A sample of what test/soak/generator.test.ts counts; and that the counting finds what is wrong.
import { describe, expect, test } from "vitest";
import { pick, shuffle } from "../../../src/core/random.ts";
import { seededRandom } from "../../support/random.ts";
import {
  CASES,
  drawer,
  type GeneratorCase,
  measure,
  measureWords,
  worst,
} from "../../support/generator-cases.ts";

const DRAWS = 5_000;

function caseOf(name: string): GeneratorCase {
  const found = CASES.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
}

describe("what is drawn is spread as it should be", () => {
  test.each(CASES)("$name", async (wanted) => {
    expect(worst(measure(wanted, DRAWS, await drawer(wanted)))).toBeLessThan(5);
  });

  test("words", async () => {
    expect(worst(await measureWords(100_000))).toBeLessThan(5);
  });
});

describe("the counting finds", () => {
  const LOWER = "abcdefghijklmnopqrstuvwxyz";
  const SYMBOLS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
  const CLASSES = [LOWER, LOWER.toUpperCase(), "0123456789", SYMBOLS];
  const ALL = CLASSES.join("");
  const random = seededRandom("bias");
  const any = (chars: string): string => pick(random, Array.from(chars));
  const many = (count: number, chars: string): string[] => Array.from({ length: count }, () => any(chars));

  test.each<[what: string, name: string, draw: () => string]>([
    [
      "the remainder of a byte",
      "no-symbols",
      () => Array.from(random(16), (byte) => ALL.charAt(byte % 62)).join(""),
    ],
    [
      "one of each class first, shuffled after",
      "require",
      () => shuffle(random, [...CLASSES.map(any), ...many(4, ALL)]).join(""),
    ],
    [
      "a character that comes a fifth more often",
      "pin",
      () => Array.from({ length: 6 }, () => ((random(1)[0] ?? 0) < 6 ? "7" : any("0123456789"))).join(""),
    ],
    [
      "no character twice in a row",
      "pin",
      () => {
        const value = many(1, "0123456789");
        while (value.length < 6) value.push(any("0123456789".replace(value.at(-1) ?? "", "")));
        return value.join("");
      },
    ],
    [
      "strings without runs made character by character",
      "rules so strict that no string is drawn in vain",
      () => {
        for (;;) {
          const value = many(1, "0123456789");
          while (value.length < 40) {
            const last = Number(value.at(-1));
            value.push(
              any(
                Array.from("0123456789")
                  .filter((c) => Math.abs(Number(c) - last) > 1)
                  .join(""),
              ),
            );
          }
          if (value.includes("5")) return value.join("");
        }
      },
    ],
    [
      "consonants and vowels drawn by turns",
      "pronounceable",
      () => Array.from({ length: 10 }, (_, i) => any(i % 2 === 0 ? "bdfgklmnprstvz" : "aeiou")).join(""),
    ],
  ])("%s", (_, name, draw) => {
    expect(worst(measure(caseOf(name), 30_000, draw))).toBeGreaterThan(8);
  });
});
