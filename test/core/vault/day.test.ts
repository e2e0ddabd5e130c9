import { expect, test } from "vitest";
import { isDay } from "../../../src/core/vault/day.ts";

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
