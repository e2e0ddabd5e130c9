import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { generate } from "../../../src/core/generate/generate.ts";
import { countStrings, log2 } from "../../../src/core/generate/password.ts";
import { CHAR_CLASSES } from "../../../src/core/generate/recipe-items.ts";
import { parseRecipe } from "../../../src/core/generate/recipe.ts";
import { seededRandom } from "../../support/random.ts";
import { enumerate, SMALL, small, space } from "../../support/spaces.ts";

describe("entropy", () => {
  test.each(SMALL)("counts the strings exactly: %s", (_, recipe) => {
    const wanted = space(recipe);
    expect(countStrings(wanted)).toBe(BigInt(enumerate(wanted).length));
  });

  test.each<[string, number]>([
    ["20", 20 * Math.log2(94)],
    ["1024", 1024 * Math.log2(94)],
    ["pin=6", 6 * Math.log2(10)],
    ["charset=ab,length=64", 64],
    ["4,require=lower+upper+digit+symbol", Math.log2(24 * 26 * 26 * 10 * 32)],
    [small({ lower: 1, upper: 0, digit: 1, symbol: 0 }, "2,require=lower+digit"), 1],
  ])("%s has %d bits", async (recipe, expected) => {
    const { bits } = await generate(parseRecipe(recipe), seededRandom(recipe));
    expect(bits).toBeCloseTo(expected, 9);
  });

  test("a requirement costs less than a bit where it is met anyway", () => {
    const free = log2(countStrings(space("20")));
    const bound = log2(countStrings(space("20,require=lower+upper+digit+symbol")));
    expect(bound).toBeLessThan(free);
    expect(free - bound).toBeLessThan(0.3);
  });

  test.each<[string, number]>([
    ["bits=128", 20],
    ["bits=131", 20],
    ["bits=132", 21],
    ["bits=1", 1],
    ["bits=1024,charset=ab", 1024],
    ["charset=0123456789abcdef,bits=128", 32],
    ["charset=0123456789abcdef,bits=129", 33],
    ["bits=1,require=lower+upper+digit+symbol", 4],
    ["bits=23,require=lower+upper+digit+symbol", 5],
  ])("%s takes %d characters", (recipe, length) => {
    expect(space(recipe)).toHaveProperty("length", length);
  });

  test("bits give the least length that reaches them", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1024 }), fc.subarray([...CHAR_CLASSES]), (bits, require) => {
        const suffix = require.length === 0 ? "" : `,require=${require.join("+")}`;
        const wanted = space(`bits=${bits}${suffix}`);
        const shorter = { ...wanted, length: wanted.length - 1 };
        expect(countStrings(wanted)).toBeGreaterThanOrEqual(2n ** BigInt(bits));
        if (shorter.length >= Math.max(1, require.length)) {
          expect(countStrings(shorter)).toBeLessThan(2n ** BigInt(bits));
        }
      }),
      { seed: 4 },
    );
  });

  test.each<[base: bigint, exponent: bigint, expected: number]>([
    [1n, 1n, 0],
    [2n, 1n, 1],
    [2n, 63n, 63],
    [2n, 64n, 64],
    [2n, 6700n, 6700],
    [10n, 400n, 400 * Math.log2(10)],
  ])("the logarithm of %d^%d", (base, exponent, expected) => {
    expect(log2(base ** exponent)).toBeCloseTo(expected, 9);
  });
});
