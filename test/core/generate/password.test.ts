import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  AMBIGUOUS_CHARS,
  CLASS_CHARS,
  countStrings,
  drawString,
  spaceOf,
} from "../../../src/core/generate/password.ts";
import { CHAR_CLASSES, type CharClass } from "../../../src/core/generate/recipe-items.ts";
import { refusal } from "../../support/refusal.ts";
import { scriptedRandom, seededRandom, tally, unevenness } from "../../support/random.ts";
import { enumerate, SMALL, small, space } from "../../support/spaces.ts";

const DRAWS = 100_000;

describe("the classes", () => {
  test("are the printable ASCII characters but the blank, each once", () => {
    const printable = Array.from({ length: 94 }, (_, i) => String.fromCodePoint(0x21 + i));
    expect(Array.from(Object.values(CLASS_CHARS).join("")).sort()).toEqual(printable);
  });

  test.each<[string, number]>([
    ["20", 94],
    ["20,no-symbols", 62],
    ["20,no-symbols,no-digits", 52],
    ["20,no-lower,no-upper,no-symbols", 10],
    ["20,no-ambiguous", 94 - AMBIGUOUS_CHARS.length],
    ["20,no-symbols,no-ambiguous", 62 - 5],
    ["20,exclude=ab🔑", 92],
    ["charset=🔑aé🔑,length=3", 3],
    ["pin=4", 10],
  ])("%s draws from %d characters", (recipe, size) => {
    const { alphabet } = space(recipe);
    expect(alphabet).toHaveLength(size);
    expect(new Set(alphabet).size).toBe(size);
  });
});

describe("drawing", () => {
  test.each<[recipe: string, draws: readonly number[], value: string]>([
    ["pin=4", [0, 12, 5, 39], "0259"],
    ["charset=🔑é\\,,length=4", [2, 0, 1, 3], ",🔑é🔑"],
    ["5", [0, 26, 52, 62, 93], "aA0!~"],
    ["3,no-lower,no-upper,no-symbols", [7, 7, 7], "777"],
    // "ab", "b!" and "12" lack a class; the fourth string has both.
    ["2,require=digit+lower", [0, 1, 1, 62, 53, 54, 54, 1], "2b"],
  ])("%s with the draws %j", (recipe, draws, value) => {
    const random = scriptedRandom(draws);
    expect(drawString(space(recipe), random)).toBe(value);
    expect(random.left()).toBe(0);
  });

  // With one draw for each position, the first strings that random numbers can spell are all strings:
  // each that satisfies must come out as itself, and any other be thrown away whole.
  test.each(SMALL)("gives each string in exactly one way: %s", (_, recipe) => {
    const wanted = space(recipe);
    const satisfying = enumerate(wanted);
    const [fallback = ""] = satisfying;
    const drawsOf = (s: string): number[] => Array.from(s, (char) => wanted.alphabet.indexOf(char));
    for (const first of enumerate({ ...wanted, required: [] })) {
      const random = scriptedRandom([...drawsOf(first), ...drawsOf(fallback)]);
      expect(drawString(wanted, random)).toBe(satisfying.includes(first) ? first : fallback);
      expect(random.left()).toBe(satisfying.includes(first) ? wanted.length : 0);
    }
  });

  test.each(SMALL)("is uniform over the strings: %s", (_, recipe) => {
    const random = seededRandom(recipe);
    const wanted = space(recipe);
    const strings = enumerate(wanted);
    if (strings.length < 2) return;
    expect(unevenness(tally(strings, DRAWS / 5, () => drawString(wanted, random)))).toBeLessThan(5);
  });

  test("is uniform over the characters of each position", () => {
    const random = seededRandom("positions");
    const wanted = space("2");
    const drawn = Array.from({ length: DRAWS }, () => drawString(wanted, random));
    for (const position of [0, 1]) {
      const chars = drawn.map((s) => s.charAt(position)).values();
      const counts = tally(wanted.alphabet, DRAWS, () => chars.next().value ?? "");
      expect(unevenness(counts)).toBeLessThan(5);
    }
  });

  test("ends soon in the rarest case, one string in 7,146", () => {
    const wanted = space(small({ lower: 1, upper: 1, digit: 1, symbol: 32 }, "3,require=lower+upper+digit"));
    expect(Number(countStrings({ ...wanted, required: [] })) / Number(countStrings(wanted))).toBeCloseTo(
      7146,
      0,
    );
    const random = seededRandom("rare");
    expect(enumerate(wanted)).toContain(drawString(wanted, random));
  });

  test("keeps every requirement, exclusion and length", () => {
    const random = seededRandom("requirements");
    const recipes = fc.record({
      length: fc.integer({ min: 4, max: 40 }),
      require: fc.subarray([...CHAR_CLASSES]),
      exclude: fc.subarray(Array.from(Object.values(CLASS_CHARS).join("")), { maxLength: 9 }),
      noAmbiguous: fc.boolean(),
    });
    fc.assert(
      fc.property(recipes, ({ length, require, exclude, noAmbiguous }) => {
        const parts = { exclude: exclude.join(""), require, noAmbiguous };
        const size = { by: "count" as const, count: length };
        const drawn = drawString(spaceOf({ kind: "password", size, without: [], ...parts }), random);
        const forbidden = noAmbiguous ? [...exclude, ...Array.from(AMBIGUOUS_CHARS)] : exclude;
        expect(drawn).toHaveLength(length);
        expect(forbidden.filter((char) => drawn.includes(char))).toEqual([]);
        const has = (name: CharClass): boolean =>
          Array.from(CLASS_CHARS[name]).some((char) => drawn.includes(char));
        expect(require.filter((name) => !has(name))).toEqual([]);
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});

describe("what can't be satisfied is refused", () => {
  test.each<[string, string]>([
    ["3,require=lower+upper+digit+symbol", "4 required classes do not fit into 3 characters"],
    [
      "20,no-symbols,require=symbol",
      '"require" has the class "symbol", of which the exclusions leave nothing',
    ],
    [
      "20,exclude=0123456789,require=digit",
      '"require" has the class "digit", of which the exclusions leave nothing',
    ],
    [
      "20,no-lower,no-upper,no-digits,no-symbols",
      "the exclusions leave fewer than 2 characters to draw from",
    ],
    [
      "20,no-lower,no-upper,no-symbols,exclude=123456789",
      "the exclusions leave fewer than 2 characters to draw from",
    ],
    [
      // Two characters, both required: two strings fewer than 2^1024 at length 1024.
      small({ lower: 1, upper: 0, digit: 1, symbol: 0 }, "bits=1024,require=lower+digit"),
      '"bits" would need more than 1024 characters',
    ],
  ])("%s", (recipe, message) => {
    expect(refusal(() => space(recipe))).toBe(message);
  });

  test("an open length is a mistake of the caller", () => {
    expect(() => space("no-symbols")).toThrow(TypeError);
  });
});
