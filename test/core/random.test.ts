import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pick, randomBigInt, randomInt, shuffle } from "../../src/core/random.ts";
import { scriptedRandom, seededRandom, tally, unevenness } from "../support/random.ts";

const DRAWS = 100_000;
const byValue = (a: number, b: number): number => a - b;

describe("randomInt", () => {
  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32 + 1])(
    "refuses the bound %d",
    (bound) => {
      expect(() => randomInt(scriptedRandom([]), bound)).toThrow(RangeError);
    },
  );

  test.each<[draw: number, bound: number, expected: number]>([
    [0, 1, 0],
    [0xffffffff, 1, 0],
    [0x01020304, 2 ** 32, 0x01020304],
    [0xffffffff, 2 ** 32, 0xffffffff],
    [0xfffffffe, 3, 2],
    [4_294_967_289, 10, 9],
    [42, 10, 2],
  ])("reads %d big-endian under %d as %d", (draw, bound, expected) => {
    expect(randomInt(scriptedRandom([draw]), bound)).toBe(expected);
  });

  test.each<[bound: number, firstRefused: number]>([
    [3, 2 ** 32 - 1],
    [10, 4_294_967_290],
    [94, 2 ** 32 - (2 ** 32 % 94)],
    [7776, 2 ** 32 - (2 ** 32 % 7776)],
    [3 * 2 ** 30, 3 * 2 ** 30],
    [2 ** 32 - 1, 2 ** 32 - 1],
  ])("draws again in the incomplete last range of %d", (bound, firstRefused) => {
    const random = scriptedRandom([firstRefused, 0xffffffff, firstRefused - 1]);
    expect(randomInt(random, bound)).toBe(bound - 1);
    expect(random.left()).toBe(0);
  });

  test("takes the bytes where they stand in a larger buffer", () => {
    const pool = Uint8Array.of(9, 9, 9, 0, 0, 1, 0, 9);
    expect(randomInt(() => pool.subarray(3, 7), 1000)).toBe(256);
  });

  test.each([2, 3, 6, 10, 32, 62, 85, 94, 1000])("is uniform below %d", (bound) => {
    const random = seededRandom(`randomInt ${bound}`);
    const outcomes = Array.from({ length: bound }, (_, value) => value);
    expect(unevenness(tally(outcomes, DRAWS, () => randomInt(random, bound)))).toBeLessThan(5);
  });

  // Far from dividing 2^32: here a plain remainder would favour the low numbers two to one.
  describe.each([3 * 2 ** 30, 5 * 2 ** 29])("below %d", (bound) => {
    const thirdOf = (value: number): number => Math.floor((3 * value) / bound);

    test("has no bias", () => {
      const random = seededRandom(`bias ${bound}`);
      const counts = tally([0, 1, 2], DRAWS, () => thirdOf(randomInt(random, bound)));
      expect(unevenness(counts)).toBeLessThan(5);
    });

    test("the measure would see the bias of a plain remainder", () => {
      const random = seededRandom(`bias ${bound}`);
      const counts = tally([0, 1, 2], DRAWS, () => thirdOf(randomInt(random, 2 ** 32) % bound));
      expect(unevenness(counts)).toBeGreaterThan(1000);
    });
  });

  test("stays below its bound", () => {
    const random = seededRandom("bounds");
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 }), (bound) => {
        const value = randomInt(random, bound);
        return Number.isInteger(value) && value >= 0 && value < bound;
      }),
      { seed: 1 },
    );
  });
});

describe("randomBigInt", () => {
  test.each([1n, 2n, 3n, 10n, 255n, 256n, 257n, 1000n])("is uniform below %d", (bound) => {
    const random = seededRandom(`big ${bound}`);
    const values = Array.from({ length: Number(bound) }, (_, i) => BigInt(i));
    if (bound === 1n) return expect(randomBigInt(random, bound)).toBe(0n);
    expect(unevenness(tally(values, 50_000, () => randomBigInt(random, bound)))).toBeLessThan(5);
  });

  test("takes the bits that the bound has, and throws away what is not below", () => {
    const answers = [Uint8Array.of(0xff, 0xff), Uint8Array.of(0xfc, 0xe7)];
    const random = (length: number): Uint8Array => {
      const [next = new Uint8Array(length), ...rest] = answers.splice(0);
      answers.push(...rest);
      expect(next).toHaveLength(length);
      return next;
    };
    // Of two bytes the lowest ten bits: 1023 is thrown away, 231 is taken.
    expect(randomBigInt(random, 1000n)).toBe(231n);
    expect(answers).toEqual([]);
  });

  test("is exact far beyond what a number holds", () => {
    const bound = 94n ** 60n;
    const random = seededRandom("far");
    const drawn = Array.from({ length: 2000 }, () => randomBigInt(random, bound));
    expect(drawn.every((value) => value >= 0n && value < bound)).toBe(true);
    expect(new Set(drawn.map((value) => value % 2n)).size).toBe(2);
    expect(unevenness(tally([0n, 1n, 2n, 3n], 2000, () => ((drawn.pop() ?? 0n) * 4n) / bound))).toBeLessThan(
      5,
    );
  });

  test.each([0n, -1n])("refuses the bound %d", (bound) => {
    expect(() => randomBigInt(seededRandom("none"), bound)).toThrow(RangeError);
  });
});

describe("pick", () => {
  test("refuses an empty list", () => {
    expect(() => pick(scriptedRandom([]), [])).toThrow(RangeError);
  });

  test("takes the element that was drawn", () => {
    expect(pick(scriptedRandom([5]), ["a", "b", "c"])).toBe("c");
  });
});

describe("shuffle", () => {
  test("leaves its input alone", () => {
    const items = ["a", "b", "c"];
    shuffle(seededRandom("input"), items);
    expect(items).toEqual(["a", "b", "c"]);
  });

  test("draws one position for each element but the first, from the end", () => {
    expect(shuffle(scriptedRandom([0, 1]), ["a", "b", "c"])).toEqual(["c", "b", "a"]);
    expect(shuffle(scriptedRandom([2, 1]), ["a", "b", "c"])).toEqual(["a", "b", "c"]);
    expect(shuffle(scriptedRandom([]), ["a"])).toEqual(["a"]);
    expect(shuffle(scriptedRandom([]), [])).toEqual([]);
  });

  test("gives each order equally often", () => {
    const random = seededRandom("orders");
    const orders = ["abc", "acb", "bac", "bca", "cab", "cba"];
    const counts = tally(orders, DRAWS, () => shuffle(random, ["a", "b", "c"]).join(""));
    expect(unevenness(counts)).toBeLessThan(5);
  });

  test("keeps every element", () => {
    const random = seededRandom("elements");
    fc.assert(
      fc.property(fc.array(fc.integer()), (items) => {
        expect(shuffle(random, items).sort(byValue)).toEqual([...items].sort(byValue));
      }),
      { seed: 2 },
    );
  });
});
