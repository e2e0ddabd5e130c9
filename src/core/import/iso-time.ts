/** Times of exports as epoch milliseconds, without a clock of the machine. */
import { isDay } from "../vault/day.ts";

const DAY_MS = 86_400_000;

const TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?)?(?:Z|([+-])(\d{2}):?(\d{2}))?$/;

/** Of an ISO 8601 time or day; UTC where it names no zone. Undefined where it is none. */
export function isoTime(text: string | null | undefined): number | undefined {
  const match = TIME.exec(text?.trim() ?? "");
  const [, day = "", hour = "0", minute = "0", second = "0", fraction = "", sign, zoneHour, zoneMinute] =
    match ?? [];
  if (!isDay(day)) return undefined;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  const zone = (Number(zoneHour ?? 0) * 60 + Number(zoneMinute ?? 0)) * 60_000 * (sign === "-" ? -1 : 1);
  const time = daysSince1970(day) * DAY_MS + seconds * 1000 + Number(fraction.padEnd(3, "0")) - zone;
  return time >= 0 ? time : undefined;
}

/** Of a count of seconds or milliseconds since 1970, as a text; undefined where it is none. */
export function epochTime(text: string | null | undefined): number | undefined {
  if (!/^\d{9,13}$/.test(text ?? "")) return undefined;
  const value = Number(text);
  return value < 100_000_000_000 ? value * 1000 : value;
}

/** Of a day that exists: the count of days, by the years and months behind it. */
function daysSince1970(day: string): number {
  const [year, month, date] = [Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8))];
  // March is the first month, so that the leap day is the last of a year.
  const shifted = month > 2 ? year : year - 1;
  const ofYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + date - 1;
  const leaps = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return shifted * 365 + leaps + ofYear - 719_468;
}
