/** The JSON export of Enpass; its members as in enpass-json-type.ts of bitwarden/clients. */
import { fromBase64 } from "../bytes.ts";
import type { EntryType, Field } from "../vault/model.ts";
import { listOf, type Members, membersOf, textOf } from "./foreign-value.ts";
import type { ImportedAttachment, ImportedEntry } from "./imported.ts";
import { PLAIN_ENTRY, textField, urlFields } from "./imported-entry.ts";
import { epochTime } from "./iso-time.ts";
import type { Reader } from "./reader.ts";

export const readEnpassJson: Reader = async (file) => {
  const { items, folders } = membersOf(file.json());
  const paths = folderPaths(listOf(folders).map(membersOf));
  return { entries: listOf(items).map((item) => entryOf(membersOf(item), paths)), skipped: [] };
};

/** By id, outermost first; a folder that is its own ancestor stands by itself. */
function folderPaths(folders: readonly Members[]): ReadonlyMap<string, readonly string[]> {
  const byId = new Map(folders.map((folder) => [textOf(folder["uuid"]), folder]));
  const pathOf = (id: string, below: readonly string[]): readonly string[] => {
    const folder = byId.get(id);
    if (folder === undefined || below.includes(id)) return [];
    return [...pathOf(textOf(folder["parent_uuid"]), [...below, id]), textOf(folder["title"])];
  };
  return new Map([...byId.keys()].map((id) => [id, pathOf(id, [])]));
}

/** By the type of a field; the first of its kind has pm's name, the others their label. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["username", "username"],
  ["password", "password"],
  ["totp", "otp"],
  ["ccName", "holder"],
  ["ccNumber", "number"],
  ["ccExpiry", "expiry"],
  ["ccCvc", "cvv"],
  ["ccPin", "pin"],
]);

function entryOf(item: Members, paths: ReadonlyMap<string, readonly string[]>): ImportedEntry {
  const type = typeOf(textOf(item["template_type"]));
  const all = listOf(item["fields"])
    .map(membersOf)
    .filter((field) => field["deleted"] !== 1);
  const created = epochTime(textOf(item["createdAt"]));
  const files = listOf(item["attachments"]).map(membersOf);
  const [folder, ...others] = listOf(item["folders"]).map(textOf);
  return {
    ...PLAIN_ENTRY,
    folders: paths.get(folder ?? "") ?? [],
    title: textOf(item["title"]),
    type,
    fields: [
      ...namedFields(type, all),
      ...urlFields(all.filter(isUrl).map(({ value }) => textOf(value))),
      ...textField(type, "notes", textOf(item["note"])),
      ...files.filter((one) => bytesOf(one) === undefined).flatMap((one) => fileAsField(type, one)),
    ],
    tags: [
      ...others.map((id) => (paths.get(id) ?? []).join("/")).filter((tag) => tag !== ""),
      ...(item["archived"] === 1 ? ["archived"] : []),
    ],
    favourite: item["favorite"] === 1 || item["favorite"] === true,
    ...(created === undefined ? {} : { created }),
    attachments: files.flatMap(attachment),
    trashed: item["trashed"] === 1,
  };
}

function typeOf(template: string): EntryType {
  const [kind] = template.split(".");
  if (kind === "creditcard") return "card";
  if (kind === "identity" || kind === "note") return kind;
  return kind === "login" || kind === "password" ? "login" : "custom";
}

function isUrl({ type }: Members): boolean {
  return type === "url" || type === ".Android#";
}

function namedFields(type: EntryType, all: readonly Members[]): readonly Field[] {
  const used = new Set<string>();
  return all
    .filter((field) => !isUrl(field) && field["type"] !== "section")
    .flatMap((field) => {
      const known = NAMES.get(textOf(field["type"]));
      const name = known === undefined || used.has(known) ? textOf(field["label"]) : known;
      used.add(name);
      return textField(type, name, textOf(field["value"]), field["sensitive"] === 1 || undefined);
    });
}

function attachment(file: Members): readonly ImportedAttachment[] {
  const bytes = bytesOf(file);
  return bytes === undefined ? [] : [{ name: textOf(file["name"]), bytes }];
}

function bytesOf({ data }: Members): Uint8Array | undefined {
  return typeof data === "string" ? fromBase64(data.replaceAll(/\s/g, "")) : undefined;
}

/** What is no base64 is kept as it stands there. */
function fileAsField(type: EntryType, { name, data }: Members): readonly Field[] {
  return textField(type, `attachment ${textOf(name)}`, textOf(data));
}
