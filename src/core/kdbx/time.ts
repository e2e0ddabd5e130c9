/** Times as KeePass writes them: ISO 8601 in KDBX 3.1 and XML, seconds since the year 1 in KDBX 4. */
import { fromBase64, toBase64 } from "../bytes.ts";
import { ByteReader, u64 } from "./byte-reader.ts";

const DAY_MS = 86_400_000;
/** From 0001-01-01 to 1970-01-01. */
const EPOCH_SECONDS = 62_135_596_800n;
/** The end of the year 9999: the last that pm writes. */
const MAX_MS = 253_402_300_799_000;
const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|([+-])(\d\d):(\d\d))?$/;

/** Epoch milliseconds; undefined where the text is no time from 1970 to 9999. */
export function parseTime(text: string): number | undefined {
  const milliseconds = parseIso(text) ?? parseSeconds(text);
  if (milliseconds === undefined || milliseconds < 0 || milliseconds > MAX_MS) return undefined;
  return milliseconds;
}

function parseIso(text: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const number = (index: number): number => Number(match[index] ?? 0);
  const days = daysSinceEpoch(number(1), number(2), number(3));
  const offset = (match[7] === "-" ? -1 : 1) * (number(8) * 60 + number(9));
  return days * DAY_MS + ((number(4) * 60 + number(5) - offset) * 60 + number(6)) * 1000;
}

function parseSeconds(text: string): number | undefined {
  const bytes = fromBase64(text);
  if (bytes?.length !== 8) return undefined;
  return Number(BigInt.asIntN(64, new ByteReader(bytes, "a time").u64()) - EPOCH_SECONDS) * 1000;
}

/** Without the fraction of a second, which KDBX has no room for. */
export function formatTime(milliseconds: number): string {
  return toBase64(u64(BigInt(Math.floor(milliseconds / 1000)) + EPOCH_SECONDS));
}

/** The day in UTC, YYYY-MM-DD. */
export function toDay(milliseconds: number): string {
  // https://howardhinnant.github.io/date_algorithms.html#civil_from_days
  const days = Math.floor(milliseconds / DAY_MS) + 719_468;
  const era = Math.floor(days / 146_097);
  const ofEra = days - era * 146_097;
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const shifted = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const pad = (value: number, length: number): string => String(value).padStart(length, "0");
  return `${pad(year + era * 400 + (month <= 2 ? 1 : 0), 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** Noon of that day in UTC, which is the same day nearly everywhere; undefined where it is no day. */
export function noonOf(day: string): number | undefined {
  return parseTime(`${day}T12:00:00Z`);
}

/** https://howardhinnant.github.io/date_algorithms.html#days_from_civil */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}
