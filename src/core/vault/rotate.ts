/** The next value of a field, which stands beside it until somebody says that it is in force. */
import type { EditContext } from "./apply.ts";
import type { VaultDraft } from "./draft.ts";
import type { RotateEdit } from "./edit.ts";
import { viewEntry } from "./entry-view.ts";
import { PmError } from "../errors.ts";
import type { Json } from "./json.ts";
import { type EntryRecord, fieldValueJson, KEY } from "./record.ts";
import { shownValue } from "./register.ts";
import { fieldWrites } from "./entry-writes.ts";
import { write } from "./write.ts";

/**
 * Begins, commits or aborts. What is replaced or given up stays in the history of the field.
 * @throws PmError "conflict" where a next value is there already, or is another one by now
 */
export function rotate(
  draft: VaultDraft,
  record: EntryRecord,
  { step, field }: RotateEdit,
  context: EditContext,
): string {
  const next = record.registers.get(KEY.next + field.name);
  const { path } = viewEntry(record);
  const key = KEY.next + field.name;
  if (step === "begin") {
    if ((shownValue(next) ?? null) !== null)
      throw new PmError("conflict", `a new ${field.name} of "${path}" is pending already`);
    if ((shownValue(record.registers.get(KEY.field + field.name)) ?? null) === null)
      throw new PmError("not-found", `"${path}" has no field "${field.name}" any more`);
    const values = fieldWrites([field]).map(([, value]): [string, Json] => [key, value]);
    return write(draft, record, new Map(values), context);
  }
  const text = JSON.stringify(fieldValueJson(field));
  if (next === undefined || !next.some(({ value }) => JSON.stringify(value) === text)) {
    throw new PmError("conflict", `the new ${field.name} of "${path}" is not pending any more`);
  }
  const committed = step === "commit" ? fieldWrites([field]) : [];
  return write(draft, record, new Map<string, Json>([...committed, [key, null]]), context);
}
