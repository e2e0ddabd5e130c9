/** What Bitwarden's formats have in common: where the fields of an entry go, and what becomes a custom field. */
import { timeText } from "../time-text.ts";
import type { Field } from "../vault/model.ts";
import type { ExportedEntry, LossReport } from "./exported.ts";

/** A custom field: text, or hidden. */
export interface CustomField {
  readonly name: string;
  readonly value: string;
  readonly hidden: boolean;
}

/** The fields of an entry as they are taken out of it, by name; what is left becomes custom fields. */
export interface FieldTaker {
  /** The text of the field; undefined where there is none, or bytes. */
  take(name: string): string | undefined;
  /** The texts of url, url2, url3 … */
  takeUrls(): readonly string[];
  rest(): readonly Field[];
}

export function fieldTaker({ fields }: ExportedEntry): FieldTaker {
  const left = new Map(fields.map((field) => [field.name, field]));
  const take = (name: string): string | undefined => {
    const field = left.get(name);
    if (field === undefined || field.encoding !== "utf8") return undefined;
    left.delete(name);
    return field.text;
  };
  return {
    take,
    takeUrls: () => {
      const names = [...left.keys()].filter((name) => /^url\d*$/.test(name));
      return names.flatMap((name) => take(name) ?? []);
    },
    rest: () => [...left.values()],
  };
}

export function customField({ name, text, concealed }: Field): CustomField {
  return { name, value: text, hidden: concealed };
}

/** What Bitwarden has no place for, as texts. @param type the word of pm, where Bitwarden's own type does not say it */
export function factFields(
  { tags, expires, recipe }: ExportedEntry,
  type: string | undefined,
): CustomField[] {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["type", type],
    ["tags", tags.length === 0 ? undefined : tags.join(", ")],
    ["expires", expires],
    ["recipe", recipe],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value, hidden: false }]));
}

/** Earlier values, newest first; Bitwarden has a list of its own for those of the password. */
export function earlierFields({ history }: ExportedEntry): CustomField[] {
  return history
    .filter(({ field, value }) => field !== "password" || value.encoding !== "utf8")
    .map(({ field, value, written }) => ({
      name: `${field} (earlier, ${timeText(written)})`,
      value: value.text,
      hidden: value.concealed,
    }));
}

/** Whether any of what a login has is there. */
export function isLoginLike({ fields }: ExportedEntry): boolean {
  return fields.some(
    ({ name, encoding }) => encoding === "utf8" && /^(username|password|otp|url\d*)$/.test(name),
  );
}

/** Folder and name, as Bitwarden tells them apart. */
export function splitPath(path: string): readonly [folder: string, name: string] {
  const slash = path.lastIndexOf("/");
  return [path.slice(0, Math.max(0, slash)), path.slice(slash + 1)];
}

/** What neither of Bitwarden's formats holds. @returns whether the entry itself is left out: it is in the trash */
export function isLeftOut(entry: ExportedEntry, lose: LossReport): boolean {
  const { path, attachments, conflicts, fields, history } = entry;
  if (entry.trashed) {
    lose({ what: "entries in the trash, which are left out", path });
    return true;
  }
  if (attachments.length > 0) lose({ what: "attachments, which are left out", path });
  if (conflicts.length > 0) lose({ what: "several values of one field; it has the one that is shown", path });
  if ([...fields, ...history.map(({ value }) => value)].some(({ encoding }) => encoding === "base64")) {
    lose({ what: "bytes that are no text; they are written as base64", path });
  }
  return false;
}
