/** What an import says of an entry's past, as history of the save that brings it. */
import { PmError } from "../errors.ts";
import type { EditContext } from "./apply.ts";
import type { EarlierValue } from "./edit.ts";
import { fieldWrite } from "./entry-writes.ts";
import { parseFieldName } from "./names.ts";
import { type HistoryRecord, KEY } from "./record.ts";

/**
 * The earlier values under the dot of this save, so that other devices know them as a part of it. Their times are
 * those of the import, but never before that of the one before them, and never later than the save: merging
 * sorts by them.
 */
export function earlierItems(
  values: readonly EarlierValue[],
  context: Pick<EditContext, "stamp" | "now"> & { readonly created: number | undefined },
): readonly HistoryRecord[] {
  const { replica, seq, hlc: latest } = context.stamp;
  const times = values.map(({ written }) => timeOf(written, context));
  let hlc = times.find((time) => time !== undefined) ?? context.created ?? latest;
  return values.map(({ field, value }, n) => {
    const name = parseFieldName(field);
    hlc = Math.min(latest, Math.max(hlc, times[n] ?? hlc));
    return { key: KEY.field + name, value: fieldWrite(name, value), replica, seq, hlc };
  });
}

/** A time that an import gives, at most the present one. @throws PmError "usage" where it is none */
export function timeOf(time: number | undefined, { now }: Pick<EditContext, "now">): number | undefined {
  if (time === undefined) return undefined;
  if (Number.isSafeInteger(time) && time >= 0) return Math.min(time, now);
  throw new PmError("usage", "a time is not a number of milliseconds since 1970");
}
