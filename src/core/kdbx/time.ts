/** Times as KeePass writes them: ISO 8601 in KDBX 3.1 and XML, seconds since the year 1 in KDBX 4. */
import { fromBase64, toBase64 } from "../bytes.ts";
import { isoTime } from "../import/iso-time.ts";
import { ByteReader, u64 } from "./byte-reader.ts";

const DAY_MS = 86_400_000;
/** From 0001-01-01 to 1970-01-01. */
const EPOCH_SECONDS = 62_135_596_800n;
/** The end of the year 9999: the last that pm writes. */
const MAX_MS = 253_402_300_799_000;

/** Epoch milliseconds; undefined where the text is no time from 1970 to 9999. */
export function parseTime(text: string): number | undefined {
  const milliseconds = isoTime(text) ?? parseSeconds(text);
  if (milliseconds === undefined || milliseconds < 0 || milliseconds > MAX_MS) return undefined;
  return milliseconds;
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
