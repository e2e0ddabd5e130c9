/**
 * Earlier values of fields as earlier versions of the whole entry, which is what KeePass keeps: one for each
 * time at which a value was written that another has replaced since.
 */
import type { Field, HistoryItem } from "../vault/model.ts";
import type { LossReport } from "./exported.ts";
import type { KdbxSource } from "./kdbx-source.ts";

export interface Version {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly fields: readonly Field[];
}

interface Step {
  readonly time: number;
  /** By the name of a field, what was written then. */
  readonly values: Map<string, HistoryItem>;
}

/** Oldest first. */
export function toVersions(source: KdbxSource, report: LossReport): Version[] {
  const items = source.history
    .filter((item) => isText(item, source, report))
    .toReversed()
    .sort((a, b) => a.written - b.written);
  const known = new Map<string, HistoryItem>();
  return toSteps(items).map(({ time, values }) => {
    for (const [field, item] of values) known.set(field, item);
    return { time, fields: fieldsAt(source, time, known, values) };
  });
}

function isText({ value, field }: HistoryItem, { path }: KdbxSource, report: LossReport): boolean {
  if (value.encoding === "utf8") return true;
  report({ what: `an earlier value of ${field} that is no text`, path });
  return false;
}

/** Values of one time belong to one save, unless they are of one field. */
function toSteps(items: readonly HistoryItem[]): Step[] {
  const steps: Step[] = [];
  for (const item of items) {
    const last = steps.at(-1);
    if (last?.time === item.written && !last.values.has(item.field)) last.values.set(item.field, item);
    else steps.push({ time: item.written, values: new Map([[item.field, item]]) });
  }
  return steps;
}

/** All fields as they were then: the value of today where it was there already, else the last one before. */
function fieldsAt(
  { fields, written }: KdbxSource,
  time: number,
  known: ReadonlyMap<string, HistoryItem>,
  own: ReadonlyMap<string, HistoryItem>,
): Field[] {
  const names = new Set([...fields.map(({ name }) => name), ...known.keys()]);
  return [...names].flatMap((name) => {
    const today = fields.find((field) => field.name === name);
    const earlier = known.get(name);
    // Of a field without a past it does not matter since when it is there.
    const since = written?.[name] ?? (earlier === undefined ? -Infinity : Infinity);
    if (today !== undefined && since <= time && !own.has(name)) return [today];
    return earlier === undefined ? [] : [{ ...earlier.value, name }];
  });
}
