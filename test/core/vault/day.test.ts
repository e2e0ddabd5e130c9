import fc from "fast-check";
import { expect, test } from "vitest";
import { dayOf, isDay } from "../../../src/core/vault/day.ts";

test.each(["2027-01-31", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31", "2027-04-30"])(
  "%s is a day",
  (text) => expect(isDay(text)).toBe(true),
);

test.each([
  "",
  "2027-1-31",
  "2027-02-29",
  "1900-02-29",
  "2027-04-31",
  "2027-13-01",
  "2027-00-10",
  "0000-01-01",
  "2027-01-00",
  "2027-01-32",
  " 2027-01-31",
  "2027-01-31T00:00",
])("%j is none", (text) => expect(isDay(text)).toBe(false));

test("a time has the day that the clock of this runtime says", () => {
  const [first, last] = [-62_135_596_800, 253_402_300_799];
  fc.assert(
    fc.property(fc.integer({ min: first, max: last }), (seconds) => {
      expect(dayOf(seconds)).toBe(new Date(seconds * 1000).toISOString().slice(0, 10));
    }),
    { seed: 3, numRuns: 2000 },
  );
});

test.each([-62_135_596_801, 253_402_300_800, Number.NaN, Number.POSITIVE_INFINITY, -1e300])(
  "%d is a time of no day",
  (seconds) => expect(dayOf(seconds)).toBeUndefined(),
);
