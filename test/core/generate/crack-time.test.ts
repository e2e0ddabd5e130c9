import { expect, test } from "vitest";
import { crackSeconds, inWords } from "../../../src/core/generate/crack-time.ts";

test("guesses take as long as the stated rates say", () => {
  expect(crackSeconds(1_000_000)).toEqual({ vault: 100, online: 36_000_000 });
});

test.each<[number, string]>([
  [0, "less than a second"],
  [1, "1 second"],
  [59.4, "59 seconds"],
  [60, "1 minute"],
  [7200, "2 hours"],
  [86_400 * 6, "6 days"],
  [2_629_800, "1 month"],
  [31_557_600 * 99, "99 years"],
  [31_557_600 * 100, "centuries"],
  [1e300, "centuries"],
])("%d seconds are %s", (seconds, words) => {
  expect(inWords(seconds)).toBe(words);
});
