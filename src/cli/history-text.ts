/** What `history` prints: for people, and as JSON. */
import type { Entry } from "../core/vault/model.ts";
import { minuteOf } from "./dates.ts";
import { timeToJson, valueToJson } from "./entry-json.ts";
import { valueLines } from "./entry-text.ts";
import type { Revision } from "../core/vault/field-revisions.ts";
import type { Style } from "./style.ts";

/** YYYY-MM-DD HH:MM. */
const TIME_CHARS = 16;

export interface HistoryOptions {
  readonly reveal: boolean;
  readonly style: Style;
}

/** Field, number (the current one with a star), time, value; further lines are indented under the first. */
export function historyLines(revisions: readonly Revision[], { reveal, style }: HistoryOptions): string[] {
  const width = Math.max(0, ...revisions.map(({ field }) => field.length));
  const digits = Math.max(0, ...revisions.map(({ rev }) => number(rev).length));
  return revisions.flatMap(({ field, rev, value, written }) => {
    const [first = "", ...more] = valueLines(value, reveal);
    const label = `${field.padEnd(width)}  ${number(rev).padStart(digits)}`;
    const time = (written === undefined ? "" : minuteOf(written)).padEnd(TIME_CHARS);
    const indent = " ".repeat(label.length + TIME_CHARS + 4);
    return [`${style.cyan(label)}  ${style.dim(time)}  ${first}`, ...more.map((line) => indent + line)];
  });
}

function number(rev: number): string {
  return rev === 0 ? "* 0" : String(rev);
}

export function historyToJson(
  { id, path }: Entry,
  revisions: readonly Revision[],
  reveal: boolean,
): Readonly<Record<string, unknown>> {
  return {
    v: 1,
    id,
    path,
    revisions: revisions.map(({ field, rev, value, written }) => ({
      field,
      rev,
      ...valueToJson(value, reveal),
      written: written === undefined ? null : timeToJson(written),
    })),
  };
}
