/** The JSON export of Bitwarden: https://bitwarden.com/help/condition-bitwarden-import/#condition-a-json */
import { PmError } from "../errors.ts";
import type { Field } from "../vault/model.ts";
import { typedFields } from "./bitwarden-types.ts";
import { listOf, type Members, membersOf, textOf } from "./foreign-value.ts";
import type { Imported, ImportedEntry, ImportedValue } from "./imported.ts";
import { textField } from "./imported-entry.ts";
import { isoTime } from "./iso-time.ts";
import type { ImportFile } from "./reader.ts";

export async function readBitwardenJson(file: ImportFile): Promise<Imported> {
  return bitwardenEntries(file.json());
}

/** The entries of an export that is not encrypted, or not any longer. */
export function bitwardenEntries(json: unknown): Imported {
  const { folders, collections, items } = membersOf(json);
  if (!Array.isArray(items)) throw new PmError("usage", "the Bitwarden export has no list of items");
  const names = namesById(listOf(folders));
  const shared = namesById(listOf(collections));
  return { entries: items.map((item) => entryOf(membersOf(item), names, shared)), skipped: [] };
}

type Names = ReadonlyMap<string, string>;

function namesById(list: readonly unknown[]): Names {
  return new Map(list.map(membersOf).map(({ id, name }) => [textOf(id), textOf(name)]));
}

function entryOf(item: Members, folders: Names, collections: Names): ImportedEntry {
  const { type, fields } = typedFields(item);
  const created = isoTime(textOf(item["creationDate"]));
  const shared = listOf(item["collectionIds"]).map((id) => collections.get(textOf(id)) ?? "");
  const known = [folders.get(textOf(item["folderId"])) ?? "", ...shared].filter((name) => name !== "");
  const [folder = "", ...others] = known;
  return {
    folders: folder.split("/").filter((name) => name.trim() !== ""),
    title: textOf(item["name"]),
    type,
    fields: [
      ...fields,
      ...textField(type, "notes", textOf(item["notes"])),
      ...listOf(item["fields"]).flatMap((field) => customField(membersOf(field))),
    ],
    tags: [...others, ...marks(item)],
    favourite: item["favorite"] === true,
    ...(created === undefined ? {} : { created }),
    history: history(listOf(item["passwordHistory"]).map(membersOf), created),
    attachments: [],
    trashed: textOf(item["deletedDate"]) !== "",
  };
}

/** What pm has no fact for: an archived item, and one that asks for the master password again. */
function marks(item: Members): readonly string[] {
  const archived = textOf(item["archivedDate"]) === "" ? [] : ["archived"];
  return textOf(item["reprompt"]) === "1" ? [...archived, "reprompt"] : archived;
}

/** FieldType of Bitwarden. */
const [HIDDEN, LINKED] = [1, 3];
/** LoginLinkedId of Bitwarden. */
const LINKS: ReadonlyMap<unknown, string> = new Map([
  [100, "username"],
  [101, "password"],
]);

function customField({ name, value, type, linkedId }: Members): readonly Field[] {
  const text = type === LINKED ? `linked to ${LINKS.get(linkedId) ?? textOf(linkedId)}` : textOf(value);
  return textField("custom", textOf(name), text, type === HIDDEN || undefined);
}

/** Newest first there, each with the time of its end, which is when the next one was written. */
function history(items: readonly Members[], created: number | undefined): readonly ImportedValue[] {
  let began = created;
  return items.toReversed().flatMap(({ password, lastUsedDate }) => {
    const written = began;
    began = isoTime(textOf(lastUsedDate)) ?? began;
    return textField("login", "password", textOf(password)).map(({ name, ...value }) => ({
      field: name,
      value,
      ...(written === undefined ? {} : { written }),
    }));
  });
}
