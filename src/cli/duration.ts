/** Spans of time as people type them: `90s`, `15m`, `2h`, or plain seconds. */
import { PmError } from "../core/errors.ts";
import { MAX_UNLOCKED_SECONDS } from "./lock-time.ts";

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
const SECOND_MS = 1000;

/**
 * How long a vault is to be unlocked, in milliseconds.
 * @param what the option, for messages
 * @throws PmError "usage" for anything else than a span from a second to twelve hours
 */
export function parseDuration(text: string, what: string): number {
  const [, count = "", unit = "s"] = /^(\d{1,9})([smh])?$/.exec(text) ?? [];
  const seconds = count === "" ? Number.NaN : Number(count) * (SECONDS[unit] ?? 1);
  if (!(seconds >= 1)) {
    throw new PmError("usage", `${what} expects a time such as 90s, 15m or 2h, got "${text}"`, {
      hint: `${what} 15m`,
    });
  }
  if (seconds > MAX_UNLOCKED_SECONDS) {
    throw new PmError("usage", `${what} ${text} is over the ceiling of 12 h`, { hint: `${what} 12h` });
  }
  return seconds * SECOND_MS;
}

/** `45 s`, `14 min`, `2 h 5 min`: rounded down, but never to nothing while some is left. */
export function spanText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / SECOND_MS));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? "" : ` ${rest} min`}`;
}
