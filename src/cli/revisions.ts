/** The values that a field has had, numbered: 0 is the current one, -1 the one before. */
import { PmError } from "../core/errors.ts";
import type { Entry, Field, FieldValue } from "../core/vault/model.ts";
import { canonicalField, primaryField } from "../core/vault/types.ts";
import { defaultField, findField } from "./lookup.ts";
import { shellWord } from "./shell-word.ts";

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
 * The name of the field that `name` means, also where only its history is left; without it the one that
 * `get` prints.
 * @throws PmError as `findField` and `defaultField` do
 */
export async function fieldEverCalled(entry: Entry, name: string | undefined): Promise<string> {
  const wanted = name?.normalize("NFC") ?? primaryField(entry.type);
  const removed = [...new Set(entry.history.map(({ field }) => field))].filter(
    (known) => !entry.fields.some((field) => field.name === known),
  );
  try {
    return (name === undefined ? await defaultField(entry) : await findField(entry, name)).name;
  } catch (error) {
    if (wanted === undefined) throw error;
    const lower = canonicalField(entry.type, wanted).toLowerCase();
    const alike = removed.filter((known) => known.toLowerCase() === lower);
    const found = alike.find((known) => known === wanted) ?? (alike.length === 1 ? alike[0] : undefined);
    if (found === undefined) throw error;
    return found;
  }
}

/** @throws PmError "usage" for anything but 0 or a negative number */
export function parseRevision(text: string): number {
  const number = /^(?:0|-\d{1,4})$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isNaN(number)) return number === 0 ? 0 : number;
  throw new PmError("usage", `--rev expects 0 or a negative number, got "${text}"`, {
    hint: "--rev -1 is the value before the current one",
  });
}

/** @throws PmError "not-found" that says how many there are */
export async function fieldAt(entry: Entry, name: string | undefined, rev: number): Promise<Field> {
  const field = await fieldEverCalled(entry, name);
  const revisions = revisionsOf(entry).filter((revision) => revision.field === field);
  const found = revisions.find((revision) => revision.rev === rev);
  if (found !== undefined) return { ...valueOf(found.value), name: field };
  const earlier = revisions.filter((revision) => revision.rev < 0).length;
  const what = rev === 0 ? "has no current value" : `has ${earlier} earlier value${earlier === 1 ? "" : "s"}`;
  throw new PmError("not-found", `field "${field}" of "${entry.path}" ${what}`, {
    hint: `pm history ${shellWord(entry.path)} ${shellWord(field)}`,
  });
}

function valueOf({ text, encoding, concealed, withheld }: FieldValue): FieldValue {
  return { text, encoding, concealed, ...(withheld === undefined ? {} : { withheld }) };
}
