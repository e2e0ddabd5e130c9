/** The document of a KeePass database, written; protected values masked in the order in which they stand. */
import { toBase64, utf8 } from "../bytes.ts";
import type { KdbxDatabase, KdbxEntry, KdbxGroup, KdbxItem, KdbxString } from "./database.ts";
import type { KeyStream } from "./key-stream.ts";
import { formatTime } from "./time.ts";

export interface WrittenDocument {
  readonly text: string;
  /** What the values of attachments refer to by their number. */
  readonly files: readonly Uint8Array[];
}

interface Writer {
  readonly mask: KeyStream;
  /** For times that the database does not say. */
  readonly now: number;
  /** By the content: equal files are kept once. */
  readonly numbers: Map<string, number>;
  readonly files: Uint8Array[];
}

const BIN_ICON = 43;
const FOLDER_ICON = 48;

export function writeDocument(database: KdbxDatabase, mask: KeyStream, now: number): WrittenDocument {
  const writer: Writer = { mask, now, numbers: new Map(), files: [] };
  const meta = element("Meta", [
    leaf("Generator", "pm"),
    leaf("DatabaseDescription", database.description),
    element("MemoryProtection", [leaf("ProtectPassword", "True")]),
    leaf("RecycleBinEnabled", "True"),
    leaf("RecycleBinUUID", database.recycleBin ?? toBase64(new Uint8Array(16))),
    // KeePass drops what is over its own limits; pm has limits of its own.
    leaf("HistoryMaxItems", "-1"),
    leaf("HistoryMaxSize", "-1"),
    items(database.customData),
  ]);
  const root = element("Root", [groupText(writer, database.root, database.recycleBin), "<DeletedObjects/>"]);
  const text = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${element("KeePassFile", [meta, root])}\n`;
  return { text, files: writer.files };
}

function groupText(writer: Writer, group: KdbxGroup, recycleBin: string | undefined): string {
  return element("Group", [
    leaf("UUID", group.uuid),
    leaf("Name", group.name),
    leaf("Notes", group.notes),
    leaf("IconID", String(group.uuid === recycleBin ? BIN_ICON : FOLDER_ICON)),
    times(writer, {}),
    leaf("IsExpanded", "True"),
    ...group.entries.map((entry) => entryText(writer, entry)),
    ...group.groups.map((child) => groupText(writer, child, recycleBin)),
  ]);
}

function entryText(writer: Writer, entry: KdbxEntry): string {
  const { defaultSequence } = entry.autoType;
  return element("Entry", [
    leaf("UUID", entry.uuid),
    leaf("IconID", "0"),
    leaf("OverrideURL", entry.overrideUrl),
    leaf("Tags", entry.tags.join(";")),
    times(writer, entry),
    ...entry.strings.map((string) => stringText(writer, string)),
    ...entry.attachments.map(({ name, bytes }) =>
      element("Binary", [
        leaf("Key", name),
        `<Value Ref="${numberOf(writer, bytes ?? new Uint8Array(0))}"/>`,
      ]),
    ),
    element("AutoType", [leaf("Enabled", "True"), leaf("DefaultSequence", defaultSequence)]),
    items(entry.customData),
    entry.history.length === 0
      ? ""
      : element(
          "History",
          entry.history.map((version) => entryText(writer, version)),
        ),
  ]);
}

function stringText({ mask }: Writer, { key, value, isProtected }: KdbxString): string {
  const text = isProtected
    ? `<Value Protected="True">${toBase64(mask(utf8(value)))}</Value>`
    : leaf("Value", value);
  return element("String", [leaf("Key", key), text]);
}

function numberOf({ numbers, files }: Writer, bytes: Uint8Array): number {
  const content = toBase64(bytes);
  const known = numbers.get(content);
  if (known !== undefined) return known;
  numbers.set(content, files.length);
  return files.push(bytes) - 1;
}

type Times = Partial<Pick<KdbxEntry, "created" | "modified" | "expires">>;

function times({ now }: Writer, { created, modified, expires }: Times): string {
  const modifiedOrNow = modified ?? created ?? now;
  return element("Times", [
    leaf("LastModificationTime", formatTime(modifiedOrNow)),
    leaf("CreationTime", formatTime(created ?? modifiedOrNow)),
    leaf("LastAccessTime", formatTime(modifiedOrNow)),
    leaf("ExpiryTime", formatTime(expires ?? modifiedOrNow)),
    leaf("Expires", expires === undefined ? "False" : "True"),
    leaf("UsageCount", "0"),
    leaf("LocationChanged", formatTime(modifiedOrNow)),
  ]);
}

function items(data: readonly KdbxItem[]): string {
  if (data.length === 0) return "";
  return element(
    "CustomData",
    data.map(({ key, value }) => element("Item", [leaf("Key", key), leaf("Value", value)])),
  );
}

function element(name: string, children: readonly string[]): string {
  return `<${name}>${children.join("")}</${name}>`;
}

function leaf(name: string, text: string): string {
  return text === "" ? `<${name}/>` : `<${name}>${escape(text)}</${name}>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  // A parser would make a line feed of it.
  "\r": "&#xD;",
};

function escape(text: string): string {
  return text.replaceAll(/[&<>\r]/g, (char) => ESCAPES[char] ?? char);
}

// oxlint-disable-next-line no-control-regex -- these are the very characters that XML has no way to write
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** Whether XML 1.0 can carry `text` as it is; a protected value is carried as base64, and any text fits. */
export function fitsXml(text: string): boolean {
  return text.isWellFormed() && !NO_XML.test(text);
}
