/** Registers that several devices wrote at the same time, with all their values. */
import { byPath, nameOf } from "./compare.ts";
import { choicesOf, isConflict, isPurgedRecord, isUseOnlyRecord, viewEntry } from "./entry-view.ts";
import type { Json } from "./json.ts";
import type { Content } from "./layout.ts";
import type { FieldValue } from "./model.ts";
import { contentRef, type EntryRecord, fieldValue, KEY, parseRecord } from "./record.ts";
import type { Register } from "./register.ts";
import type { Conflict, ConflictValue } from "./session.ts";
import { withholdConflict } from "./use-only.ts";
import { type IndexRow, viewRow } from "./vault-index.ts";

/** By path; only the records that the index marks are read. Not confirmed, without values that are use-only. */
export function readConflicts(
  rows: readonly IndexRow[],
  content: Content,
  { confirmed }: { readonly confirmed: boolean },
): readonly Conflict[] {
  const isWithheld = (record: EntryRecord): boolean => !confirmed && isUseOnlyRecord(record);
  const conflicts = rows
    .filter((row) => viewRow(row).conflict)
    .flatMap(([id, offset, length]) => {
      const record = parseRecord(content.record({ offset, length }), id);
      if (isPurgedRecord(record)) return [];
      const { path } = viewEntry(record);
      return [...record.registers]
        .filter(([key, register]) => isConflict(key, register))
        .map(([key, register]) => ({ id, path, key, name: nameOf(key), values: valuesOf(key, register) }))
        .map((conflict) => (isWithheld(record) ? withholdConflict(conflict) : conflict));
    });
  return byPath(conflicts);
}

function valuesOf(key: string, register: Register): readonly ConflictValue[] {
  return choicesOf(key, register).map(({ value, replica, hlc }) => ({
    value: shown(key, value),
    replica,
    written: hlc,
  }));
}

function shown(key: string, value: Json): FieldValue | undefined {
  if (key.startsWith(KEY.field)) return fieldValue(value);
  if (value === null) return undefined;
  const data = key.startsWith(KEY.attachment) ? contentRef(value) : undefined;
  const text = data === undefined ? undefined : `${data.size} bytes, SHA-256 ${data.sha256}`;
  if (text !== undefined) return { text, encoding: "utf8", concealed: false };
  return {
    text: typeof value === "string" ? value : JSON.stringify(value),
    encoding: "utf8",
    concealed: false,
  };
}
