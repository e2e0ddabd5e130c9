/** What an operation replaced in one entry, and how to put it back. */
import { isPurgedRecord, viewEntry } from "./entry-view.ts";
import type { Json } from "./json.ts";
import { type EntryRecord, historyJson, KEY, parseHistory } from "./record.ts";
import { distinctSiblings, type Register, type Stamp } from "./register.ts";

export interface RegisterImage {
  readonly key: string;
  /** The values that stood there, the shown one first; none where there was no such register. Undefined: not kept. */
  readonly before: readonly Json[] | undefined;
}

export interface Image {
  readonly id: string;
  /** Of the entry after the operation, or before it where it was removed. "" once that is erased. */
  readonly path: string;
  readonly registers: readonly RegisterImage[];
  /** How much of the history was there already, or all of it where the operation dropped some. */
  readonly history: number | readonly Json[];
}

/** What turns `after` back into `before`; undefined where they have the same content. */
export function imageOf(before: EntryRecord | undefined, after: EntryRecord): Image | undefined {
  // Of an entry that was not there one register says all.
  if (before === undefined) {
    return {
      id: after.id,
      path: viewEntry(after).path,
      registers: [{ key: KEY.live, before: [] }],
      history: 0,
    };
  }
  const registers: RegisterImage[] = [];
  for (const [key, register] of after.registers) {
    const values = valuesOf(before.registers.get(key));
    if (JSON.stringify(values) !== JSON.stringify(valuesOf(register)))
      registers.push({ key, before: values });
  }
  const history = historyImage(before.history, after.history);
  if (registers.length === 0 && history === after.history.length) return undefined;
  const path = isPurgedRecord(after) ? viewEntry(before).path : viewEntry(after).path;
  return { id: after.id, path, registers, history };
}

/** The different values, the shown one first. */
function valuesOf(register: Register | undefined): readonly Json[] {
  return distinctSiblings(register ?? []).map(({ value }) => value);
}

function historyImage(
  before: EntryRecord["history"],
  after: EntryRecord["history"],
): number | readonly Json[] {
  const texts = before.map((item) => JSON.stringify(historyJson(item)));
  const isPrefix = texts.every((text, n) => {
    const item = after[n];
    return item !== undefined && JSON.stringify(historyJson(item)) === text;
  });
  return isPrefix ? before.length : before.map(historyJson);
}

/** The record with what the image replaced put back, as new writes under `stamp`. */
export function putBack(record: EntryRecord, image: Image, stamp: Stamp): EntryRecord {
  const isNew = image.registers.some(({ key, before }) => key === KEY.live && before?.length === 0);
  const changed = isNew ? allOf(record) : image.registers;
  const registers = new Map(record.registers);
  for (const { key, before } of changed) {
    if (before === undefined) continue;
    const values = before.length > 0 ? before : absent(key, record.registers.get(key));
    registers.set(
      key,
      values.map((value, n) => ({ ...stamp, hlc: Math.max(0, stamp.hlc - n), value })),
    );
  }
  if (isNew) registers.set(KEY.purged, [{ ...stamp, value: true }]);
  return { ...record, registers, history: historyBefore(record, image.history) };
}

/** What is written of an entry that is no more; the flag stays, as where it is erased. */
function allOf({ registers }: EntryRecord): readonly RegisterImage[] {
  return [...registers.keys()].filter((key) => key !== KEY.useOnly).map((key) => ({ key, before: [] }));
}

/** A register is never taken away: the value that stands for none. */
function absent(key: string, register: Register | undefined): readonly Json[] {
  if (key.startsWith(KEY.tag) || [KEY.live, KEY.favourite, KEY.useOnly, KEY.purged].includes(key))
    return [false];
  if (key === KEY.path) return [""];
  return key === KEY.type ? (register ?? []).map(({ value }) => value) : [null];
}

function historyBefore(record: EntryRecord, image: Image["history"]): EntryRecord["history"] {
  if (typeof image === "number") return record.history.slice(0, image);
  return image.map(parseHistory).filter((item) => item !== undefined);
}
