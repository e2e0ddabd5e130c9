/** Edits that hold only for the entry that somebody looked at when they made them up. */
import { PmError } from "../errors.ts";
import type { Entry, EntryType, Field } from "./model.ts";

/** What an entry must still show, for an edit to be applied. What is left out may be anything. */
export interface Expected {
  readonly path?: string;
  readonly type?: EntryType;
  /** Null where there was none. */
  readonly expires?: string | null;
  readonly favourite?: boolean;
  readonly useOnly?: boolean;
  /** Fields that were there. */
  readonly fields: readonly Field[];
  /** Names of fields that were not. */
  readonly absent: readonly string[];
}

/** @throws PmError "conflict" that names what shows something else by now, and no value */
export function requireExpected(entry: Entry, expected: Expected): void {
  const { path, type, expires, favourite, useOnly, fields, absent } = expected;
  const changed = [
    ...(path === undefined || path === entry.path ? [] : ["path"]),
    ...(type === undefined || type === entry.type ? [] : ["type"]),
    ...(expires === undefined || expires === (entry.expires ?? null) ? [] : ["expires"]),
    ...(favourite === undefined || favourite === entry.favourite ? [] : ["favourite"]),
    ...(useOnly === undefined || useOnly === entry.useOnly ? [] : ["use-only"]),
    ...fields.filter((field) => !isShown(entry, field)).map(({ name }) => name),
    ...absent.filter((name) => entry.fields.some((field) => field.name === name)),
  ];
  if (changed.length === 0) return;
  throw new PmError(
    "conflict",
    `${changed.map((name) => `"${name}"`).join(", ")} was changed elsewhere meanwhile`,
  );
}

function isShown(entry: Entry, { name, text, encoding, concealed }: Field): boolean {
  const shown = entry.fields.find((field) => field.name === name);
  return shown?.text === text && shown.encoding === encoding && shown.concealed === concealed;
}
