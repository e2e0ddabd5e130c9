/** Next values of fields (docs/commands/rotate.md) where an entry leaves the vault: no other program knows of such a thing. */
import type { Entry } from "./model.ts";

/** The entry with its next values as the newest earlier ones of their fields, as they are where they are given up. */
export function withoutNextValues({ pending = [], ...entry }: Entry): Entry {
  const given = pending.map(({ name, ...value }) => ({ field: name, value, written: entry.modified }));
  return { ...entry, history: [...given, ...entry.history] };
}
