/** What each type of entry holds: its standard fields, the primary one, and which are concealed. */
import type { EntryType } from "./model.ts";

interface TypeSpec {
  /** In the order in which people expect to read them. */
  readonly fields: readonly string[];
  readonly primary: string | undefined;
}

const TYPES: Readonly<Record<EntryType, TypeSpec>> = {
  login: { fields: ["username", "password", "url", "otp", "notes"], primary: "password" },
  note: { fields: ["notes"], primary: "notes" },
  card: { fields: ["holder", "number", "expiry", "cvv", "pin"], primary: "number" },
  identity: { fields: ["name", "email", "phone", "address"], primary: undefined },
  "ssh-key": { fields: ["private", "public", "passphrase"], primary: "private" },
  "api-key": { fields: ["key", "secret"], primary: "key" },
  wifi: { fields: ["ssid", "password"], primary: "password" },
  custom: { fields: [], primary: "password" },
};

const ALIASES: Readonly<Record<string, string>> = { user: "username" };

/** Names that hold a secret in an entry of any type, in lower case. */
const CONCEALED: ReadonlySet<string> = new Set([
  "password",
  "passphrase",
  "pin",
  "cvv",
  "otp",
  "private",
  "secret",
  "token",
  "key",
]);

/** The fields that an entry of this type usually has, in reading order; none for "custom". */
export function standardFields(type: EntryType): readonly string[] {
  return TYPES[type].fields;
}

/** The field that `get` prints and standard input fills; undefined where there is no such one. */
export function primaryField(type: EntryType): string | undefined {
  return TYPES[type].primary;
}

/** The full name behind an alias ("user" of a login is "username"); other names unchanged. */
export function canonicalField(type: EntryType, name: string): string {
  const target = Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined;
  return target !== undefined && TYPES[type].fields.includes(target) ? target : name;
}

/** Whether a field of this name holds a secret unless its owner says otherwise. Case is ignored. */
export function isConcealedByDefault(type: EntryType, name: string): boolean {
  const lower = name.toLowerCase();
  if (CONCEALED.has(lower)) return true;
  return (type === "card" && lower === "number") || (type === "note" && lower === "notes");
}
