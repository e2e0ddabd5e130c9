/** CSV exports whose rows are of several types: cards, identities and notes beside logins. */
import type { EntryType, Field } from "../vault/model.ts";
import { type Cell, type CsvPreset, LEFT_OUT } from "./csv-preset.ts";
import type { ImportedEntry } from "./imported.ts";
import { textField, urlFields } from "./imported-entry.ts";

/** The same fields as those of another type, concealed by its rules. */
function retyped(entry: ImportedEntry, type: EntryType): ImportedEntry {
  return {
    ...entry,
    type,
    fields: entry.fields.flatMap(({ name, text }) => textField(type, name, text)),
  };
}

const NORDPASS_TYPES: ReadonlyMap<string, EntryType> = new Map<string, EntryType>([
  ["password", "login"],
  ["credit_card", "card"],
  ["identity", "identity"],
  ["note", "note"],
]);

export const NORDPASS: CsvPreset = {
  columns: ["name", "url", "username", "password", "note", "cardholdername", "cardnumber", "folder"],
  map: {
    name: "@title",
    note: "notes",
    folder: "@folder",
    cardholdername: "holder",
    cardnumber: "number",
    cvc: "cvv",
    expirydate: "expiry",
    full_name: "name",
    phone_number: "phone",
    zipcode: "zip",
    address1: "address",
    address2: "address 2",
    // The rows of folders themselves have no other cell filled in.
    type: LEFT_OUT,
    additional_urls: LEFT_OUT,
    custom_fields: LEFT_OUT,
  },
  amend: (entry, cell) => {
    const typed = retyped(entry, NORDPASS_TYPES.get(cell("type")) ?? entry.type);
    const urls = typed.fields.filter(({ name }) => name === "url").map(({ text }) => text);
    const more = jsonList(cell("additional_urls")).filter((item) => typeof item === "string");
    return {
      ...typed,
      fields: [
        ...typed.fields.filter(({ name }) => name !== "url"),
        ...urlFields([...urls, ...more]),
        ...jsonList(cell("custom_fields")).flatMap((item) => labelled(typed.type, item)),
      ],
    };
  },
};

function jsonList(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text === "" ? "[]" : text);
    return Array.isArray(value) ? value : [text];
  } catch {
    // Kept as it is: a program that changed its format loses nothing.
    return [text];
  }
}

function labelled(type: EntryType, item: unknown): readonly Field[] {
  if (typeof item === "string") return textField(type, "custom fields", item);
  const { label, value, type: kind } = (item ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof value !== "string") return [];
  return textField(type, typeof label === "string" ? label : "", value, kind === "hidden" || undefined);
}

export const DASHLANE_PAYMENTS: CsvPreset = {
  columns: ["type", "account_name", "account_holder", "cc_number", "code"],
  map: {
    account_name: "@title",
    account_holder: "holder",
    cc_number: "number",
    code: "cvv",
    type: LEFT_OUT,
    expiration_month: LEFT_OUT,
    expiration_year: LEFT_OUT,
    note: "notes",
  },
  amend: (entry, cell) => {
    const { fields, ...card } = retyped(entry, cell("type") === "bank" ? "custom" : "card");
    const expiry = [cell("expiration_month"), cell("expiration_year")]
      .filter((part) => part !== "")
      .join("/");
    return { ...card, fields: [...fields, ...textField("card", "expiry", expiry)] };
  },
};

export const DASHLANE_IDS: CsvPreset = {
  columns: ["type", "number", "name", "issue_date", "expiration_date", "place_of_issue"],
  map: { type: "kind" },
  amend: (entry, cell) => ({ ...retyped(entry, "identity"), title: titleOf(cell, "name", "type") }),
};

export const DASHLANE_PERSONAL: CsvPreset = {
  columns: ["type", "title", "first_name", "last_name", "email", "phone_number"],
  map: { title: "title", type: "kind", phone_number: "phone" },
  amend: (entry, cell) => ({
    ...retyped(entry, "identity"),
    title: titleOf(cell, "item_name") || titleOf(cell, "first_name", "last_name") || cell("type"),
  }),
};

function titleOf(cell: Cell, ...columns: readonly string[]): string {
  return columns
    .map(cell)
    .filter((text) => text !== "")
    .join(" ");
}

/** The surplus cells of a row are fields like the last named one. */
export const ROBOFORM: CsvPreset = {
  columns: ["name", "url", "matchurl", "login", "pwd", "note", "folder"],
  map: {
    name: "@title",
    login: "username",
    pwd: "password",
    note: "notes",
    folder: "@folder",
    matchurl: "match url",
    rffieldsv2: LEFT_OUT,
  },
  amend: (entry, cell, { cells }) => {
    const packed = [cell("rffieldsv2"), ...cells.slice(8)].filter((text) => text !== "");
    const fields = entry.fields.filter(({ name }) => !/^column \d+$/.test(name) && !isSameUrl(entry, name));
    return { ...entry, fields: [...fields, ...packed.flatMap(robofield)] };
  },
};

function isSameUrl({ fields }: ImportedEntry, name: string): boolean {
  const text = (wanted: string): string | undefined => fields.find((field) => field.name === wanted)?.text;
  return name === "match url" && text("match url") === text("url");
}

/** "name,id,id,type,value": the fields that a form has. Those with a $ stand in columns of their own. */
function robofield(packed: string): readonly Field[] {
  const [name = "", , , kind, ...value] = packed.split(",");
  if (value.length === 0) return textField("login", "form field", packed);
  if (name === "TOTP KEY$") return textField("login", "otp", value.join(","));
  if (/^(User ID|Password|Script)\$$/.test(name)) return [];
  return textField(
    "login",
    name === "-no-name-" ? "field" : name,
    value.join(","),
    kind === "pwd" || undefined,
  );
}
