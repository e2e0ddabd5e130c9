/** Calendar days in the user's own time zone: `--expires`, "expired", and times in listings. */
import { PmError } from "../core/errors.ts";

const HINT = "90d, 12w, 6m, 1y or a day such as 2027-01-31";

/** YYYY-MM-DD of a moment. */
export function dayOf(epochMs: number): string {
  const date = new Date(epochMs);
  return dayText(date.getFullYear(), date.getMonth() + 1, date.getDate());
}

/** YYYY-MM-DD HH:MM of a moment. */
export function minuteOf(epochMs: number): string {
  const date = new Date(epochMs);
  return `${dayOf(epochMs)} ${pad(date.getHours(), 2)}:${pad(date.getMinutes(), 2)}`;
}

/**
 * The day that `90d`, `12w`, `6m`, `1y` (from today) or `YYYY-MM-DD` names.
 * @throws PmError "usage" for anything else.
 */
export function parseExpiry(text: string, nowMs: number): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return realDay(text);
  const [, count = "", unit = ""] = /^(\d{1,4})([dwmy])$/.exec(text) ?? [];
  const day = Number(count) < 1 ? "" : shifted(new Date(nowMs), Number(count), unit);
  // The calendar of a vault has years of four digits.
  if (/^\d{4}-/.test(day)) return day;
  throw new PmError("usage", `"${text}" is not a day`, { hint: HINT });
}

function shifted(from: Date, count: number, unit: string): string {
  const [year, month, day] = [from.getFullYear(), from.getMonth(), from.getDate()];
  if (unit === "d" || unit === "w") {
    return dayOf(new Date(year, month, day + count * (unit === "w" ? 7 : 1)).getTime());
  }
  const months = month + count * (unit === "y" ? 12 : 1);
  // The 31st plus one month is the last day of the next month, not the first ones after it.
  const lastDay = new Date(year, months + 1, 0).getDate();
  return dayOf(new Date(year, months, Math.min(day, lastDay)).getTime());
}

function realDay(text: string): string {
  const parsed = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== text) {
    throw new PmError("usage", `"${text}" is not a day of the calendar`, { hint: HINT });
  }
  return text;
}

function dayText(year: number, month: number, day: number): string {
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
