/** The values that a field has had, as commands name them: 0 is the current one, -1 the one before. */
import { PmError } from "../core/errors.ts";
import { fieldEverCalled as everCalled, revisionNumber, revisionOf } from "../core/vault/field-revisions.ts";
import type { Entry, Field } from "../core/vault/model.ts";
import { primaryField } from "../core/vault/types.ts";
import { defaultField } from "./lookup.ts";
import { shellWord } from "./shell-word.ts";

/**
 * The name of the field that `name` means, also where only its history is left; without it the one that
 * `get` prints.
 * @throws PmError as `findField` and `defaultField` do
 */
export async function fieldEverCalled(entry: Entry, name: string | undefined): Promise<string> {
  if (name !== undefined) return await everCalled(entry, name);
  const primary = primaryField(entry.type);
  if (primary === undefined) return (await defaultField(entry)).name;
  return await everCalled(entry, primary, () => defaultField(entry));
}

/** @throws PmError "usage" for anything but 0 or a negative number */
export function parseRevision(text: string): number {
  const number = revisionNumber(text);
  if (number !== undefined) return number;
  throw new PmError("usage", `--rev expects 0 or a negative number, got "${text}"`, {
    hint: "--rev -1 is the value before the current one",
  });
}

/** @throws PmError "not-found" that says how many there are */
export async function fieldAt(entry: Entry, name: string | undefined, rev: number): Promise<Field> {
  const field = await fieldEverCalled(entry, name);
  return revisionOf(entry, { field, rev }, `pm history ${shellWord(entry.path)} ${shellWord(field)}`);
}
