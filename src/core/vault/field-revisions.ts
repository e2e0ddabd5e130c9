/** The values that a field has had, numbered: 0 is the current one, -1 the one before. */
import { PmError } from "../errors.ts";
import type { Entry, Field, FieldValue } from "./model.ts";
import { canonicalField, findField } from "./types.ts";

export interface Revision {
  readonly field: string;
  /** 0 or less; a field that was removed has no revision 0. */
  readonly rev: number;
  readonly value: FieldValue;
  /** Epoch milliseconds; undefined where the session does not say it of a current value. */
  readonly written: number | undefined;
}

/** Field by field, the current value first, then the earlier ones, newest first; removed fields at the end. */
export function revisionsOf(entry: Entry): readonly Revision[] {
  const byField = new Map<string, Revision[]>();
  for (const value of entry.fields) {
    const written = entry.written?.[value.name];
    byField.set(value.name, [{ field: value.name, rev: 0, value, written }]);
  }
  for (const { field, value, written } of entry.history) {
    const revisions = byField.get(field) ?? [];
    const earlier = revisions.filter(({ rev }) => rev < 0).length;
    byField.set(field, [...revisions, { field, rev: -earlier - 1, value, written }]);
  }
  return [...byField.values()].flat();
}

/**
 * The name of the field that `name` means, also where only its history is left.
 * @param current finds it among today's fields; `findField` where it is left out
 * @throws PmError as `current` does
 */
export async function fieldEverCalled(
  entry: Entry,
  name: string,
  current: () => Promise<Field> = () => findField(entry, name),
): Promise<string> {
  const wanted = name.normalize("NFC");
  const removed = [...new Set(entry.history.map(({ field }) => field))].filter(
    (known) => !entry.fields.some((field) => field.name === known),
  );
  try {
    return (await current()).name;
  } catch (error) {
    const lower = canonicalField(entry.type, wanted).toLowerCase();
    const alike = removed.filter((known) => known.toLowerCase() === lower);
    const found = alike.find((known) => known === wanted) ?? (alike.length === 1 ? alike[0] : undefined);
    if (found === undefined) throw error;
    return found;
  }
}

/** 0 or a negative number, as people write a revision; undefined for anything else. */
export function revisionNumber(text: string): number | undefined {
  if (!/^(?:0|-\d{1,4})$/.test(text)) return undefined;
  const number = Number(text);
  return number === 0 ? 0 : number;
}

/**
 * The value that the field called exactly `field` had.
 * @param hint what shows its values
 * @throws PmError "not-found" that says how many there are
 */
export function revisionOf(
  entry: Entry,
  { field, rev }: { readonly field: string; readonly rev: number },
  hint: string,
): Field {
  const revisions = revisionsOf(entry).filter((revision) => revision.field === field);
  const found = revisions.find((revision) => revision.rev === rev);
  if (found !== undefined) return { ...found.value, name: field };
  const earlier = revisions.filter((revision) => revision.rev < 0).length;
  const what = rev === 0 ? "has no current value" : `has ${earlier} earlier value${earlier === 1 ? "" : "s"}`;
  throw new PmError("not-found", `field "${field}" of "${entry.path}" ${what}`, { hint });
}
