/** Fields and facts of an entry as writes of its registers. */
import { isLongerThan } from "../bytes.ts";
import { PmError } from "../errors.ts";
import { isDay } from "./day.ts";
import type { MetaEdit } from "./edit.ts";
import type { Json } from "./json.ts";
import { type Field, type FieldValue, MAX_VALUE_BYTES } from "./model.ts";
import { parseFieldName } from "./names.ts";
import { fieldBytes, fieldValueJson, KEY } from "./record.ts";

export function fieldWrites(fields: readonly Field[]): [string, Json][] {
  return fields.map((field) => {
    const name = parseFieldName(field.name);
    return [KEY.field + name, fieldWrite(name, field)];
  });
}

/** @throws PmError "limit", or "use-only" where the session withheld the value */
export function fieldWrite(name: string, value: FieldValue): Json {
  // Written back, it would erase the value.
  if (value.withheld === true) throw new PmError("use-only", `the session did not give field "${name}"`);
  if (isTooLarge(value)) {
    throw new PmError("limit", `field "${name}" is over the limit of ${MAX_VALUE_BYTES / 1024} KiB`, {
      hint: "split it, or attach it as a file: pm attach add",
    });
  }
  return fieldValueJson(value);
}

/** Whether no field can have such a value. */
export function isTooLarge(value: FieldValue): boolean {
  if (value.encoding === "utf8") return isLongerThan(value.text, MAX_VALUE_BYTES);
  return fieldBytes(value).length > MAX_VALUE_BYTES;
}

export function metaWrites({ expires, favourite, useOnly, recipe }: MetaEdit): [string, Json][] {
  if (typeof expires === "string" && !isDay(expires)) {
    throw new PmError("usage", `"${expires}" is not a day`, { hint: "a day such as 2027-01-31" });
  }
  const writes: [string, Json | undefined][] = [
    [KEY.expires, expires],
    [KEY.favourite, favourite],
    [KEY.useOnly, useOnly],
    [KEY.recipe, recipe],
  ];
  return writes.filter((item): item is [string, Json] => item[1] !== undefined);
}
