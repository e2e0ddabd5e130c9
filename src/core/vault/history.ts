/** The earlier values of an entry's fields, bounded (docs/format.md section 9). */
import { KEY } from "./record.ts";
import { encodeRecord, type EntryRecord, type HistoryRecord } from "./record.ts";
import { MAX_RECORD_BYTES } from "./layout.ts";
import { MAX_HISTORY } from "./model.ts";
import type { Register } from "./register.ts";

/** So many old passwords are the last to go. */
const MIN_PASSWORD_HISTORY = 5;
const PASSWORD_KEY = `${KEY.field}password`;

/**
 * The record with the replaced values appended, the oldest dropped over the limits: 20 items, and what
 * fits into a record; of old passwords the newest five go last.
 */
export function keepHistory(
  record: EntryRecord,
  replaced: readonly { readonly key: string; readonly register: Register }[],
): EntryRecord {
  const added = replaced.flatMap(({ key, register }) =>
    register.filter(({ value }) => value !== null).map((sibling) => ({ key, ...sibling })),
  );
  const grown = { ...record, history: [...record.history, ...added] };
  return added.length === 0 && grown.history.length <= MAX_HISTORY ? record : boundHistory(grown);
}

/** The record with as much of its history as the limits allow. */
export function boundHistory(record: EntryRecord): EntryRecord {
  let { history } = record;
  while (history.length > MAX_HISTORY) history = dropOne(history);
  let kept: EntryRecord = { ...record, history };
  while (kept.history.length > 0 && encodeRecord(kept).length > MAX_RECORD_BYTES) {
    kept = { ...kept, history: dropOne(kept.history) };
  }
  return kept;
}

/** Without its oldest item that is not one of the newest passwords, else without its oldest. */
function dropOne(history: readonly HistoryRecord[]): readonly HistoryRecord[] {
  const spared = history.filter(({ key }) => key === PASSWORD_KEY).slice(-MIN_PASSWORD_HISTORY);
  const victim = history.find((item) => !spared.includes(item)) ?? history[0];
  return history.filter((item) => item !== victim);
}
