/** What each type of entry holds: its standard fields, the primary one, which are concealed; and which field a name means. */
import { PmError } from "../errors.ts";
import type { Entry, EntryType, Field } from "./model.ts";

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

/** The field that holds the secret of one-time codes, in an entry of any type. */
export const OTP_FIELD = "otp";

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

/**
 * The field called `name`: exactly, by its alias, else the only one that differs in case.
 * @throws PmError "not-found" naming the nearest, "ambiguous" listing the candidates.
 */
export async function findField(entry: Entry, name: string): Promise<Field> {
  const wanted = name.normalize("NFC");
  const exact = entry.fields.find((field) => field.name === wanted);
  if (exact !== undefined) return exact;
  const lower = canonicalField(entry.type, wanted).toLowerCase();
  const [first, ...more] = entry.fields.filter((field) => field.name.toLowerCase() === lower);
  const names = entry.fields.map((field) => field.name);
  if (first === undefined) throw await missingField(entry.path, wanted, names);
  if (more.length === 0) return first;
  throw new PmError("ambiguous", `several fields of "${entry.path}" match "${wanted}"`, {
    details: [first, ...more].map((field) => field.name),
    hint: "write the field as it is listed",
  });
}

async function missingField(path: string, name: string, names: readonly string[]): Promise<PmError> {
  const { nearest } = await import("./nearest.ts");
  const [near] = nearest(name, names);
  const known = names.length === 0 ? "it has no fields" : `it has ${names.join(", ")}`;
  const hint = near === undefined ? known : `did you mean "${near}"?`;
  return new PmError("not-found", `"${path}" has no field "${name}"`, { hint });
}

/**
 * The field that is meant where none is named: the primary one of the type, else the only one.
 * @param hint how a field is named there, given the first one
 * @throws PmError "usage" where there is no such one, "not-found" where it is not filled in.
 */
export async function defaultField(entry: Entry, hint: (field: string) => string): Promise<Field> {
  const primary = primaryField(entry.type);
  const field = entry.fields.find(({ name }) => name === primary);
  if (field !== undefined) return field;
  const [first, ...more] = entry.fields;
  const names = entry.fields.map(({ name }) => name);
  if (primary !== undefined && entry.type !== "custom") throw await missingField(entry.path, primary, names);
  if (first === undefined) throw await missingField(entry.path, primary ?? "value", names);
  if (entry.type === "custom" && more.length === 0) return first;
  throw new PmError("usage", `"${entry.path}" has several fields and no default one`, {
    details: names,
    hint: hint(first.name),
  });
}
