// A million values of each recipe. With `npm run test:soak` only: it takes minutes.
import { expect, test } from "vitest";
import { CASES, drawer, measure, measureWords } from "../support/generator-cases.ts";

const DRAWS = 1_000_000;

/** What is further than 5 standard deviations from what it should be: one in 1.7 million by chance. */
function suspicious(misfits: Readonly<Record<string, number>>): readonly [string, number][] {
  expect(Object.keys(misfits).length).toBeGreaterThan(1);
  return Object.entries(misfits).filter(([, misfit]) => !(Math.abs(misfit) < 5));
}

test.each(CASES)("no bias in a million of: $name", async (wanted) => {
  expect(suspicious(measure(wanted, DRAWS, await drawer(wanted)))).toEqual([]);
});

test("no bias in four million words", async () => {
  expect(suspicious(await measureWords(DRAWS))).toEqual([]);
});
