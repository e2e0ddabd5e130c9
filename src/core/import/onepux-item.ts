/** One item of 1Password as an entry. */
import { isDay } from "../vault/day.ts";
import type { EntryType } from "../vault/model.ts";
import { addPasskey, type FieldList, fieldList } from "./field-list.ts";
import { flattened, listOf, member, millisecondsOf, objectOf, textOf } from "./json-parts.ts";
import type { ImportedEntry, ImportedValue } from "./imported.ts";
import { type OnePuxCategory, onePuxCategory } from "./onepux-categories.ts";
import { type OnePuxValue, onePuxValue } from "./onepux-values.ts";

/** A file in the archive that an item names. */
export interface OnePuxFile {
  readonly id: string;
  readonly name: string;
  /** "" where the item does not say it. */
  readonly path: string;
}

export interface OnePuxItem {
  readonly entry: Omit<ImportedEntry, "folders" | "attachments">;
  readonly files: readonly OnePuxFile[];
}

type TitleOf = (id: string) => string | undefined;

/** Members of `details` that have a place of their own. */
const KNOWN_DETAILS: ReadonlySet<string> = new Set([
  "loginFields",
  "notesPlain",
  "sections",
  "passwordHistory",
  "documentAttributes",
  "password",
  "passkey",
]);
/** The day from which on a document or a key is worth nothing. */
const EXPIRY_IDS: ReadonlySet<string> = new Set(["expires", "expiry_date"]);
const SECRET_NAME = /key|secret|password|private/i;

/** @param titleOf of the item with that id, for fields that refer to one */
export function onePuxItem(item: unknown, titleOf: TitleOf): OnePuxItem {
  const [details, overview] = [member(item, "details"), member(item, "overview")];
  const category = onePuxCategory(textOf(member(item, "categoryUuid")));
  const fields = fieldList(category.type);
  const sections = sectionFields(details, titleOf);
  addLogin(fields, details);
  if (category.type === "identity") fields.standard("name", fullName(sections));
  for (const field of sections) addField(fields, category, field);
  addAddresses(fields, overview);
  fields.standard("notes", textOf(member(details, "notesPlain")));
  fields.custom("category", category.title ?? "");
  addPasskey(fields, member(details, "passkey"));
  for (const [name, value] of Object.entries(objectOf(details) ?? {})) {
    if (!KNOWN_DETAILS.has(name)) addUnknown(fields, name, value);
  }
  return {
    entry: {
      title: textOf(member(overview, "title")),
      type: category.type,
      fields: fields.all(),
      history: historyOf(details, category.type),
      ...marksOf(item),
      ...expiryOf(sections),
    },
    files: filesOf(details),
  };
}

interface SectionField {
  readonly id: string;
  readonly name: string;
  readonly value: OnePuxValue;
}

function sectionFields(details: unknown, titleOf: TitleOf): readonly SectionField[] {
  return listOf(member(details, "sections")).flatMap((section) => {
    const title = textOf(member(section, "title"));
    return listOf(member(section, "fields")).map((field) => {
      const value = onePuxValue(member(field, "value"), titleOf);
      // As the 1Password CLI names it: section.field.
      const own = textOf(member(field, "title")) || value.kind;
      return { id: textOf(member(field, "id")), name: title === "" ? own : `${title}.${own}`, value };
    });
  });
}

function addField(fields: FieldList, category: OnePuxCategory, { id, name, value }: SectionField): void {
  if (value.kind === "file") return;
  const standard = Object.hasOwn(category.fields, id) ? category.fields[id] : undefined;
  const isTaken =
    (standard === "url" && addUrl(fields, value.text)) ||
    (standard !== undefined && fields.standard(standard, value.text)) ||
    (value.kind === "totp" && fields.standard("otp", value.text));
  if (!isTaken) fields.custom(name, value.text, value.concealed);
  for (const [inner, text] of value.more) {
    const isPublic = inner === "publicKey" && fields.standard("public", text);
    if (!isPublic) fields.custom(value.kind === "sshKey" ? inner : `${name}.${inner}`, text);
  }
}

function addUrl(fields: FieldList, text: string): true {
  fields.url(text);
  return true;
}

function addLogin(fields: FieldList, details: unknown): void {
  for (const field of listOf(member(details, "loginFields"))) {
    const value = member(field, "value");
    const text = textOf(value) || textOf(member(value, "email_address")) || textOf(member(value, "string"));
    const designation = textOf(member(field, "designation"));
    const isAccount = designation === "username" || designation === "password";
    if (isAccount && fields.standard(designation, text)) continue;
    const name = textOf(member(field, "name")) || textOf(member(field, "id")) || "field";
    fields.custom(name, text, textOf(member(field, "fieldType")) === "P");
    for (const [inner, more] of Object.entries(objectOf(value) ?? {})) {
      if (inner !== "email_address" && inner !== "string") addUnknown(fields, `${name}.${inner}`, more);
    }
  }
  const password = textOf(member(details, "password"));
  if (!fields.standard("password", password)) fields.custom("password", password);
}

function addAddresses(fields: FieldList, overview: unknown): void {
  const labelled = listOf(member(overview, "urls"));
  fields.url(textOf(member(overview, "url")));
  for (const url of labelled) fields.url(textOf(member(url, "url")));
  for (const url of labelled) {
    const label = textOf(member(url, "label"));
    if (label !== "" && label !== "website") fields.custom(`${label}.url`, textOf(member(url, "url")));
  }
}

function addUnknown(fields: FieldList, name: string, value: unknown): void {
  for (const [inner, text] of flattened(name, value))
    fields.custom(inner, text, SECRET_NAME.test(inner.replace(name, "")));
}

function fullName(sections: readonly SectionField[]): string {
  const parts = ["firstname", "initial", "lastname"].map((id) => sections.find((field) => field.id === id));
  return parts
    .flatMap((part) => (part === undefined || part.value.text === "" ? [] : [part.value.text]))
    .join(" ");
}

function historyOf(details: unknown, type: EntryType): readonly ImportedValue[] {
  const items = listOf(member(details, "passwordHistory")).map((item): ImportedValue => {
    const written = millisecondsOf(member(item, "time"));
    return {
      field: type === "api-key" ? "key" : "password",
      value: { text: textOf(member(item, "value")), encoding: "utf8", concealed: true },
      ...(written === undefined ? {} : { written }),
    };
  });
  return items.filter(({ value }) => value.text !== "").sort((a, b) => (a.written ?? 0) - (b.written ?? 0));
}

function marksOf(item: unknown): Pick<ImportedEntry, "tags" | "favourite" | "trashed" | "created"> {
  const created = millisecondsOf(member(item, "createdAt"));
  const state = textOf(member(item, "state"));
  const tags = listOf(member(member(item, "overview"), "tags")).map(textOf);
  return {
    // What is archived is kept on purpose: pm's trash would be emptied.
    tags: [...tags.filter((tag) => tag !== ""), ...(state === "archived" ? ["archived"] : [])],
    favourite: Number(member(item, "favIndex") ?? 0) > 0,
    trashed: state === "deleted" || state === "trashed" || member(item, "trashed") === true,
    ...(created === undefined ? {} : { created }),
  };
}

function expiryOf(sections: readonly SectionField[]): { readonly expires?: string } {
  const field = sections.find(
    ({ id, value }) => EXPIRY_IDS.has(id) && value.kind === "date" && isDay(value.text),
  );
  return field === undefined ? {} : { expires: field.value.text };
}

function filesOf(details: unknown): readonly OnePuxFile[] {
  const fields = listOf(member(details, "sections")).flatMap((section) => listOf(member(section, "fields")));
  const values = [
    member(details, "documentAttributes"),
    ...fields.map((field) => member(member(field, "value"), "file")),
  ];
  return values.flatMap((value) => {
    const [id, name] = [textOf(member(value, "documentId")), textOf(member(value, "fileName"))];
    return id === "" && name === "" ? [] : [{ id, name, path: "" }];
  });
}
