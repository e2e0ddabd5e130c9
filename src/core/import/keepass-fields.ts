/** The strings of a KeePass entry as fields, and its earlier versions as their earlier values. */
import { FAVOURITE_KEY, TYPE_KEY } from "../export/kdbx-source.ts";
import type { KdbxEntry, KdbxItem, KdbxString } from "../kdbx/database.ts";
import { ENTRY_TYPES, type EntryType, type Field } from "../vault/model.ts";
import { isConcealedByDefault } from "../vault/types.ts";
import type { ImportedValue } from "./imported.ts";
import { keepassOtp } from "./keepass-otp.ts";
import type { Resolve } from "./keepass-references.ts";

export interface KeepassFields {
  readonly fields: readonly Field[];
  /** Fields with references to other entries in them, and what became of these. */
  readonly references: readonly { readonly field: string; readonly outcome: "copied" | "left" }[];
}

const NAMES: Readonly<Record<string, string>> = {
  UserName: "username",
  Password: "password",
  URL: "url",
  otp: "otp",
  Notes: "notes",
};
/** Strings of plugins that hold a secret whether they are protected or not. */
const SECRET_KEY = /secret|seed|private_key/i;
/** KeePassXC's own notes about when custom data was changed. */
const INTERNAL_ITEMS: ReadonlySet<string> = new Set(["_LAST_MODIFIED", TYPE_KEY, FAVOURITE_KEY]);

/** What pm wrote itself; else a login, or a note where notes are all there is. */
export function typeOf(entry: KdbxEntry): EntryType {
  const own = entry.customData.find(({ key }) => key === TYPE_KEY)?.value;
  const type = ENTRY_TYPES.find((known) => known === own);
  if (type !== undefined) return type;
  const filled = entry.strings.filter(({ key, value }) => key !== "Title" && value !== "");
  return filled.length === 1 && filled[0]?.key === "Notes" ? "note" : "login";
}

export function isFavourite({ customData }: KdbxEntry): boolean {
  return customData.some(({ key, value }) => key === FAVOURITE_KEY && value === "true");
}

/** Strings first, pm's standard ones before the others; then what KeePass keeps beside them. Empty ones are left out. */
export function toFields(entry: KdbxEntry, resolve: Resolve): KeepassFields {
  const type = typeOf(entry);
  const otp = keepassOtp(entry);
  const references: KeepassFields["references"][number][] = [];
  const strings = entry.strings.filter(
    ({ key, value }) => key !== "Title" && value !== "" && otp?.keys.includes(key) !== true,
  );
  const fields = strings.map((string): Field => {
    const name = nameOf(string.key);
    const resolved = resolve(string.value);
    if (resolved !== undefined) references.push({ field: name, outcome: resolved.outcome });
    const concealed = isConcealed(type, string) || resolved?.isSecret === true;
    return { name, text: resolved?.text ?? string.value, encoding: "utf8", concealed };
  });
  if (otp !== undefined) fields.push({ name: "otp", text: otp.uri, encoding: "utf8", concealed: true });
  return { fields: [...inOrder(fields), ...besideStrings(entry)], references };
}

/** Another name than the standard ones stays as it is. */
function nameOf(key: string): string {
  return (Object.hasOwn(NAMES, key) ? NAMES[key] : undefined) ?? key;
}

function isConcealed(type: EntryType, { key, isProtected }: KdbxString): boolean {
  return isProtected || SECRET_KEY.test(key) || isConcealedByDefault(type, nameOf(key));
}

function inOrder(fields: readonly Field[]): Field[] {
  const order = Object.values(NAMES);
  const rank = ({ name }: Field): number => (order.indexOf(name) + order.length + 1) % (order.length + 1);
  return fields.toSorted((a, b) => rank(a) - rank(b));
}

/** Auto-type, the address that opens instead of the URL, the mark for reports, custom data of plugins. */
function besideStrings({ autoType, overrideUrl, isChecked, customData }: KdbxEntry): Field[] {
  const lines = [
    ...(autoType.isEnabled ? [] : ["disabled"]),
    ...(autoType.defaultSequence === "" ? [] : [autoType.defaultSequence]),
    ...autoType.associations.map(({ window, sequence }) => `${window}: ${sequence}`),
  ];
  const items: KdbxItem[] = [
    { key: "auto-type", value: lines.join("\n") },
    { key: "override-url", value: overrideUrl },
    { key: "quality-check", value: isChecked ? "" : "off" },
    ...customData.filter(({ key }) => !INTERNAL_ITEMS.has(key)),
  ];
  return items
    .filter(({ value }) => value !== "")
    .map(({ key, value }) => ({
      name: key,
      text: value,
      encoding: "utf8",
      concealed: isConcealedByDefault("login", key) || SECRET_KEY.test(key),
    }));
}

/** Every value that another has replaced, once for each time it stood there, oldest first. */
export function toHistory(entry: KdbxEntry): ImportedValue[] {
  const type = typeOf(entry);
  const values: ImportedValue[] = [];
  /** By the key of a string: its newest earlier value, and where that stands in `values`. */
  const newest = new Map<string, { readonly value: string; readonly at: number }>();
  const versions = entry.history.toSorted((a, b) => (a.modified ?? 0) - (b.modified ?? 0));
  for (const { strings, modified } of versions) {
    for (const string of strings) {
      const { key, value: text } = string;
      if (text === "" || newest.get(key)?.value === text) continue;
      const written = modified === undefined ? {} : { written: modified };
      const value = { text, encoding: "utf8", concealed: isConcealed(type, string) } as const;
      newest.set(key, { value: text, at: values.push({ field: nameOf(key), value, ...written }) - 1 });
    }
  }
  // What a string still holds is not in its past.
  const current = entry.strings.filter(({ key, value }) => newest.get(key)?.value === value);
  const present = new Set(current.map(({ key }) => newest.get(key)?.at));
  return values.filter((_, at) => !present.has(at));
}
