/** One group and one entry of the document, from their elements. */
import type { KdbxAutoType, KdbxEntry, KdbxGroup, KdbxItem, KdbxString } from "./database.ts";
import type { PendingFile } from "./document.ts";
import { childNamed, childrenNamed, type Element, isTrue, textOf } from "./document-tree.ts";
import { parseTime } from "./time.ts";

/** The entries and groups in it are read already. */
export function readGroup(element: Element): KdbxGroup {
  return {
    uuid: textOf(element, "UUID"),
    name: textOf(element, "Name"),
    notes: textOf(element, "Notes"),
    tags: readTags(element),
    defaultSequence: textOf(element, "DefaultAutoTypeSequence"),
    customData: readItems(element),
    previousParent: textOf(element, "PreviousParentGroup") || undefined,
    groups: element.children.flatMap(({ group }) => group ?? []),
    entries: element.children.flatMap(({ entry }) => entry ?? []),
  };
}

/** `files` takes what the entry refers to and the reader of the document fills in. */
export function readEntry(element: Element, files: PendingFile[]): KdbxEntry {
  const times = childNamed(element, "Times");
  const attachments = childrenNamed(element, "Binary").map(readFile);
  files.push(...attachments);
  return {
    uuid: textOf(element, "UUID"),
    strings: childrenNamed(element, "String").map(readString),
    attachments,
    tags: readTags(element),
    created: parseTime(textOf(times, "CreationTime")),
    modified: parseTime(textOf(times, "LastModificationTime")),
    expires: isTrue(textOf(times, "Expires")) ? parseTime(textOf(times, "ExpiryTime")) : undefined,
    overrideUrl: textOf(element, "OverrideURL"),
    autoType: readAutoType(childNamed(element, "AutoType")),
    customData: readItems(element),
    isChecked: textOf(element, "QualityCheck").toLowerCase() !== "false",
    hasIcon: !["", "0"].includes(textOf(element, "IconID")) || textOf(element, "CustomIconUUID") !== "",
    hasColours: textOf(element, "ForegroundColor") + textOf(element, "BackgroundColor") !== "",
    previousParent: textOf(element, "PreviousParentGroup") || undefined,
    history: childNamed(element, "History")?.children.flatMap(({ entry }) => entry ?? []) ?? [],
  };
}

function readString(element: Element): KdbxString {
  const value = childNamed(element, "Value");
  const { Protected, ProtectInMemory } = value?.attributes ?? {};
  return {
    key: textOf(element, "Key"),
    value: value?.text ?? "",
    isProtected: isTrue(Protected) || isTrue(ProtectInMemory),
  };
}

function readFile(element: Element): PendingFile {
  const value = childNamed(element, "Value");
  const ref = value?.attributes["Ref"];
  return { name: textOf(element, "Key"), bytes: undefined, ref, data: ref === undefined ? value : undefined };
}

function readAutoType(element: Element | undefined): KdbxAutoType {
  const associations = element === undefined ? [] : childrenNamed(element, "Association");
  return {
    isEnabled: textOf(element, "Enabled").toLowerCase() !== "false",
    defaultSequence: textOf(element, "DefaultSequence"),
    associations: associations.map((association) => ({
      window: textOf(association, "Window"),
      sequence: textOf(association, "KeystrokeSequence"),
    })),
  };
}

/** The custom data of the database, a group or an entry. */
export function readItems(element: Element | undefined): KdbxItem[] {
  const data = element && childNamed(element, "CustomData");
  const items = data === undefined ? [] : childrenNamed(data, "Item");
  return items.map((item) => ({ key: textOf(item, "Key"), value: textOf(item, "Value") }));
}

/** KeePass parts them with ";", KeePassXC reads "," as well. */
function readTags(element: Element): string[] {
  return textOf(element, "Tags")
    .split(/[;,]/)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
}
