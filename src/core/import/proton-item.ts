/** One item of Proton Pass as an entry. */
import type { EntryType } from "../vault/model.ts";
import { dayOf } from "../vault/day.ts";
import { addPasskey, type FieldList, fieldList } from "./field-list.ts";
import type { ImportedEntry } from "./imported.ts";
import { flattened, listOf, member, millisecondsOf, numberOf, objectOf, textOf } from "./json-parts.ts";

interface ItemType {
  readonly type: EntryType;
  /** Said in a field of its own, where pm's type does not say it. */
  readonly title?: string;
  /** Pm's name for each member of the content. */
  readonly fields: Readonly<Record<string, string>>;
}

const TYPES: Readonly<Record<string, ItemType>> = {
  login: { type: "login", fields: { itemUsername: "username", password: "password", totpUri: "otp" } },
  note: { type: "note", fields: {} },
  creditCard: {
    type: "card",
    fields: {
      cardholderName: "holder",
      number: "number",
      expirationDate: "expiry",
      verificationNumber: "cvv",
      pin: "pin",
    },
  },
  identity: { type: "identity", fields: { fullName: "name", email: "email", phoneNumber: "phone" } },
  alias: { type: "login", title: "alias", fields: {} },
  sshKey: { type: "ssh-key", fields: { privateKey: "private", publicKey: "public" } },
  wifi: { type: "wifi", fields: { ssid: "ssid", password: "password" } },
  custom: { type: "custom", fields: {} },
};

/** Members of contents that are numbers for words (item-v1.proto). */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  security: ["", "WPA", "WPA2", "WPA3", "WEP"],
  cardType: ["", "", "Visa", "Mastercard", "American Express"],
};
/** AutofillUrl.Mode. */
const MATCHES = ["default", "exact", "never", "start", "pattern", "regular expression", "exact path"];
const ADDRESS = [
  "streetAddress",
  "floor",
  "zipOrPostalCode",
  "city",
  "stateOrProvince",
  "county",
  "countryOrRegion",
];
/** Has a place of its own, or is read there. */
const PLACED: ReadonlySet<string> = new Set([
  "urls",
  "autofillUrls",
  "passkeys",
  "sections",
  "extraSections",
  "itemEmail",
]);
const USER_MEMBERS: ReadonlySet<string> = new Set(["itemUsername", "username"]);
const SECRET_MEMBERS: ReadonlySet<string> = new Set(["socialSecurityNumber"]);
const TRASHED = 2;

/** Undefined where it is none. Folders and files are not its business. */
export function protonItem(item: unknown): Omit<ImportedEntry, "folders" | "attachments"> | undefined {
  const data = objectOf(member(item, "data"));
  if (data === undefined) return undefined;
  const word = textOf(member(data, "type"));
  const known = Object.hasOwn(TYPES, word) ? TYPES[word] : undefined;
  const kind: ItemType = known ?? { type: "custom", title: word, fields: {} };
  const fields = fieldList(kind.type);
  const content = member(data, "content");
  const user = addUser(fields, item, content);
  addContent(fields, kind, { content, user });
  fields.standard("notes", textOf(member(member(data, "metadata"), "note")));
  addExtras(fields, "", member(data, "extraFields"));
  for (const list of ["sections", "extraSections"]) addSections(fields, member(content, list));
  for (const passkey of listOf(member(content, "passkeys"))) addPasskey(fields, passkey);
  for (const [name, text] of flattened("platform", member(data, "platformSpecific")))
    fields.custom(name, text);
  fields.custom("category", kind.title ?? "");
  return {
    title: textOf(member(member(data, "metadata"), "name")),
    type: kind.type,
    fields: fields.all(),
    tags: [],
    favourite: member(item, "pinned") === true,
    history: [],
    trashed: member(item, "state") === TRASHED,
    ...createdOf(item),
  };
}

function createdOf(item: unknown): { readonly created?: number } {
  const created = millisecondsOf(member(item, "createTime"));
  return created === undefined ? {} : { created };
}

/** The name to log in with is the username, else the address; before version 1.18 the two were one. */
function addUser(fields: FieldList, item: unknown, content: unknown): string {
  const alias = textOf(member(item, "aliasEmail"));
  const email = textOf(member(content, "itemEmail"));
  const names = [textOf(member(content, "itemUsername")), email, textOf(member(content, "username")), alias];
  const user = names.find((name) => name !== "") ?? "";
  fields.standard("username", user);
  for (const name of [email, alias]) if (name !== user) fields.custom("email", name);
  return user;
}

interface Content {
  readonly content: unknown;
  readonly user: string;
}

function addContent(fields: FieldList, kind: ItemType, { content, user }: Content): void {
  const urls = listOf(member(content, "urls"));
  for (const url of urls) fields.url(textOf(url));
  for (const url of listOf(member(content, "autofillUrls"))) addAutofill(fields, url);
  if (kind.type === "identity") addAddress(fields, content);
  for (const [name, value] of Object.entries(objectOf(content) ?? {})) {
    if (PLACED.has(name)) continue;
    const standard = Object.hasOwn(kind.fields, name) ? kind.fields[name] : undefined;
    if (standard !== undefined && fields.standard(standard, textOf(value))) continue;
    if (name.startsWith("extra") && Array.isArray(value)) addExtras(fields, "", value);
    else if (!USER_MEMBERS.has(name) || textOf(value) !== user) addMember(fields, name, value);
  }
}

/** What is never to be filled in is no address of the entry; a pattern is none at all. */
function addAutofill(fields: FieldList, url: unknown): void {
  const text = textOf(member(url, "url"));
  const mode = MATCHES[numberOf(member(url, "mode")) ?? 0];
  if (mode !== "never" && mode !== "pattern" && mode !== "regular expression") fields.url(text);
  if (mode !== "default" && text !== "") fields.custom("url match", `${mode ?? "unknown"}: ${text}`);
}

function addMember(fields: FieldList, name: string, value: unknown): void {
  const words = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined;
  const word = words?.[numberOf(value) ?? -1];
  const inner = word === undefined ? flattened(name, value) : [[name, word] as const];
  for (const [own, text] of inner) fields.custom(own, text, SECRET_MEMBERS.has(name));
}

/** As a whole, and each part under its own name. */
function addAddress(fields: FieldList, content: unknown): void {
  const lines = ADDRESS.map((name) => textOf(member(content, name))).filter((line) => line !== "");
  fields.standard("address", lines.join("\n"));
}

function addSections(fields: FieldList, sections: unknown): void {
  for (const section of listOf(sections)) {
    addExtras(fields, textOf(member(section, "sectionName")), member(section, "sectionFields"));
  }
}

function addExtras(fields: FieldList, section: string, extras: unknown): void {
  for (const extra of listOf(extras)) {
    const kind = textOf(member(extra, "type"));
    const own = textOf(member(extra, "fieldName")) || kind || "field";
    const name = section === "" ? own : `${section}.${own}`;
    const data = member(extra, "data");
    if (kind === "timestamp") fields.custom(name, dayText(member(data, "timestamp")));
    else if (kind === "totp") addCode(fields, name, textOf(member(data, "totpUri")));
    else
      for (const [, text] of flattened(name, member(data, "content") ?? data))
        fields.custom(name, text, kind === "hidden");
  }
}

/** The first one of an entry is the one that `pm otp` shows. */
function addCode(fields: FieldList, name: string, uri: string): void {
  if (!fields.standard("otp", uri)) fields.custom(name, uri, true);
}

/** A text, or seconds and nanoseconds (google.protobuf.Timestamp). */
function dayText(timestamp: unknown): string {
  const seconds = Number(textOf(member(timestamp, "seconds")) || Number.NaN);
  return dayOf(seconds) ?? textOf(timestamp).replace(/T00:00:00(?:\.0+)?Z?$/, "");
}
