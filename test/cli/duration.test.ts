import { expect, test } from "vitest";
import { PmError } from "../../src/core/errors.ts";
import { parseDuration, spanText } from "../../src/cli/duration.ts";

test.each([
  ["90s", 90_000],
  ["15m", 900_000],
  ["2h", 7_200_000],
  ["45", 45_000],
  ["12h", 43_200_000],
  ["43200", 43_200_000],
  ["1", 1000],
])("%s is %d ms", (text, ms) => {
  expect(parseDuration(text, "--for")).toBe(ms);
});

test.each(["", "0", "0m", "-5", "1.5h", "1d", "15 m", "15M", "m", "1h30m", "1e3", "0x10", "9999999999"])(
  "%j is no time",
  (text) => {
    expect(() => parseDuration(text, "--for")).toThrow(PmError);
  },
);

test.each(["721m", "13h", "43201", "999999999h"])("%s is over the ceiling, and it is named", (text) => {
  expect(() => parseDuration(text, "--idle")).toThrow(`--idle ${text} is over the ceiling of 12 h`);
});

test.each([
  [-5, "0 s"],
  [1, "1 s"],
  [59_001, "1 min"],
  [59_000, "59 s"],
  [60_000, "1 min"],
  [3_599_000, "59 min"],
  [3_600_000, "1 h"],
  [43_199_000, "11 h 59 min"],
])("%d ms are %s", (ms, text) => {
  expect(spanText(ms)).toBe(text);
});
