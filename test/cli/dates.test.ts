import { describe, expect, test } from "vitest";
import { dayOf, minuteOf, parseExpiry } from "../../src/cli/dates.ts";
import { refusal } from "../support/refusal.ts";

const at = (year: number, month: number, day: number): number =>
  new Date(year, month - 1, day, 23, 30).getTime();

describe("expiry", () => {
  test.each<[string, number, string]>([
    ["90d", at(2026, 1, 1), "2026-04-01"],
    ["1d", at(2026, 12, 31), "2027-01-01"],
    ["12w", at(2026, 1, 1), "2026-03-26"],
    ["6m", at(2026, 3, 15), "2026-09-15"],
    ["1m", at(2026, 1, 31), "2026-02-28"],
    ["1m", at(2028, 1, 31), "2028-02-29"],
    ["1y", at(2028, 2, 29), "2029-02-28"],
    ["13m", at(2026, 12, 31), "2028-01-31"],
    ["2027-02-28", at(2026, 1, 1), "2027-02-28"],
    ["2020-01-01", at(2026, 1, 1), "2020-01-01"],
  ])("%s", (text, now, day) => {
    expect(parseExpiry(text, now)).toBe(day);
  });

  test.each([
    "",
    "90",
    "0d",
    "-1d",
    "1h",
    "12345d",
    "9999y",
    "2027-02-29",
    "2027-13-01",
    "27-01-01",
    "tomorrow",
    "1d ",
  ])("refuses %j", (text) => {
    expect(refusal(() => parseExpiry(text, at(2026, 1, 1)))).toContain(`"${text}"`);
  });
});

test("times are shown in the local time zone", () => {
  expect(dayOf(at(2026, 1, 9))).toBe("2026-01-09");
  expect(minuteOf(at(2026, 1, 9))).toBe("2026-01-09 23:30");
});
