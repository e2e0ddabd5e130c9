/** What people and the index see of a record: the shown value of each register. */
import type { Json } from "./json.ts";
import {
  type Attachment,
  type Entry,
  ENTRY_TYPES,
  type EntryType,
  type Field,
  type HistoryItem,
  type Row,
} from "./model.ts";
import { contentRef, type EntryRecord, fieldValue, KEY } from "./record.ts";
import {
  distinctSiblings,
  isDivided,
  type Register,
  type Sibling,
  shownSibling,
  shownValue,
} from "./register.ts";
import { type IndexRow, rowFlags } from "./vault-index.ts";

/** The entry that a record shows. */
export function viewEntry(record: EntryRecord): Entry {
  const fields: Field[] = [];
  const attachments: Attachment[] = [];
  const tags: string[] = [];
  const conflicts: string[] = [];
  for (const [key, register] of record.registers) {
    if (isConflict(key, register))
      conflicts.push(key.startsWith(KEY.field) ? key.slice(KEY.field.length) : key);
    const value = key.startsWith(KEY.field) ? fieldValue(shownValue(register)) : undefined;
    if (value !== undefined) fields.push({ name: key.slice(KEY.field.length), ...value });
    const content = key.startsWith(KEY.attachment) ? contentRef(shownValue(register)) : undefined;
    if (content !== undefined) attachments.push({ name: key.slice(KEY.attachment.length), ...content });
    if (key.startsWith(KEY.tag) && shownValue(register) === true) tags.push(key.slice(KEY.tag.length));
  }
  return {
    id: record.id,
    path: pathOf(record),
    type: typeOf(record),
    fields,
    attachments,
    tags: tags.toSorted(),
    expires: textOf(record, KEY.expires),
    favourite: shownValue(record.registers.get(KEY.favourite)) === true,
    useOnly: isUseOnlyRecord(record),
    recipe: textOf(record, KEY.recipe),
    trashed: !isLiveRecord(record) && !isPurgedRecord(record),
    created: record.created,
    modified: modifiedOf(record),
    history: viewHistory(record),
    conflicts,
  };
}

/** When the shown value of each field was written: epoch milliseconds of the writer's clock. */
export function fieldTimes(record: EntryRecord): Readonly<Record<string, number>> {
  const times: [string, number][] = [];
  for (const [key, register] of record.registers) {
    const hlc = key.startsWith(KEY.field) ? shownSibling(register)?.hlc : undefined;
    if (hlc !== undefined) times.push([key.slice(KEY.field.length), hlc]);
  }
  return Object.fromEntries(times);
}

/** Whether people have to choose. Life and death are settled by rule: see {@link isLiveRecord}. */
export function isConflict(key: string, register: Register): boolean {
  return key !== KEY.live && key !== KEY.purged && isDivided(register);
}

/** The index row of a record whose bytes stand at `extent` among the records. */
export function indexRow(record: EntryRecord, extent: { offset: number; length: number }): IndexRow {
  const entry = viewEntry(record);
  const row: Row = {
    id: record.id,
    path: entry.path,
    username: plainText(entry.fields.find(({ name }) => name === "username")) ?? "",
    hosts: hostsOf(entry.fields),
    tags: entry.tags,
    type: entry.type,
    trashed: entry.trashed,
    favourite: entry.favourite,
    hasOtp: entry.fields.some(({ name }) => name === "otp"),
    conflict: entry.conflicts.length > 0,
    modified: entry.modified,
  };
  const flags = rowFlags(row, isPurgedRecord(record));
  return [
    row.id,
    extent.offset,
    extent.length,
    row.path,
    row.username,
    row.hosts,
    row.tags,
    flags,
    row.modified,
  ];
}

/** Whether any sibling says that the entry lives: an edit wins over a concurrent deletion. */
export function isLiveRecord(record: EntryRecord): boolean {
  return (record.registers.get(KEY.live) ?? []).some(({ value }) => value === true);
}

/** The value that people see of a register; undefined where it was never written. */
export function shownFact(record: EntryRecord, key: string): Json | undefined {
  const register = record.registers.get(key);
  return key === KEY.useOnly && register !== undefined ? isUseOnlyRecord(record) : shownValue(register);
}

/** The different values of a register that was divided, the shown one first. */
export function choicesOf(key: string, register: Register): readonly Sibling[] {
  const choices = distinctSiblings(register);
  if (key !== KEY.useOnly) return choices;
  return choices.toSorted((a, b) => Number(b.value === true) - Number(a.value === true));
}

/** Whether any sibling says so: of a flag that devices set differently the careful one counts. */
export function isUseOnlyRecord(record: EntryRecord): boolean {
  return (record.registers.get(KEY.useOnly) ?? []).some(({ value }) => value === true);
}

/**
 * Whether the values were erased for ever; only the tombstone is left. Not where another device wrote a
 * value that the one that erased them did not know.
 */
export function isPurgedRecord(record: EntryRecord): boolean {
  if (isLiveRecord(record) || shownValue(record.registers.get(KEY.purged)) !== true) return false;
  for (const [key, register] of record.registers) {
    const holdsData = key.startsWith(KEY.field) || key.startsWith(KEY.attachment);
    if (holdsData && register.some(({ value }) => value !== null)) return false;
  }
  return true;
}

/** An entry that was erased here and edited elsewhere has lost its name: then it gets one from its id. */
function pathOf(record: EntryRecord): string {
  const path = textOf(record, KEY.path) ?? "";
  return path === "" && !isPurgedRecord(record) ? `recovered/${record.id.slice(0, 8)}` : path;
}

function textOf(record: EntryRecord, key: string): string | undefined {
  const value = shownValue(record.registers.get(key));
  return typeof value === "string" ? value : undefined;
}

function typeOf(record: EntryRecord): EntryType {
  const text = textOf(record, KEY.type);
  // A type of a later version is shown as "custom"; its register keeps the word.
  return ENTRY_TYPES.find((type) => type === text) ?? "custom";
}

function modifiedOf(record: EntryRecord): number {
  let modified = record.created;
  for (const register of record.registers.values()) {
    modified = Math.max(modified, shownSibling(register)?.hlc ?? 0);
  }
  return modified;
}

function viewHistory(record: EntryRecord): HistoryItem[] {
  const items: HistoryItem[] = [];
  for (const { key, value, hlc } of record.history.toReversed()) {
    const earlier = key.startsWith(KEY.field) ? fieldValue(value) : undefined;
    if (earlier !== undefined)
      items.push({ field: key.slice(KEY.field.length), value: earlier, written: hlc });
  }
  return items;
}

/** What may stand in the index: the text of a field that is neither concealed nor bytes. */
function plainText(field: Field | undefined): string | undefined {
  return field === undefined || field.concealed || field.encoding !== "utf8" ? undefined : field.text;
}

/** Host names of the fields url, url2, url3 …, in lower case, each once. */
function hostsOf(fields: readonly Field[]): string[] {
  const hosts = new Set<string>();
  for (const field of fields) {
    const text = /^url\d*$/.test(field.name) ? plainText(field) : undefined;
    const host = text === undefined ? undefined : hostOf(text);
    if (host !== undefined) hosts.add(host);
  }
  return [...hosts];
}

/** The host of a URL, or of a bare "host/path"; undefined where there is none. */
export function hostOf(text: string): string | undefined {
  const url = URL.parse(text.includes("://") ? text : `https://${text}`);
  return url === null || url.hostname === "" ? undefined : url.hostname.toLowerCase();
}
