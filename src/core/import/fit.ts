/**
 * An entry of an export within the limits of a vault. Nothing is dropped: what is over a limit goes into an
 * attachment or a field, and `kept` says so.
 */
import { utf8 } from "../bytes.ts";
import type { EarlierValue, NewAttachment } from "../vault/edit.ts";
import { isDay } from "../vault/day.ts";
import { isTooLarge } from "../vault/entry-writes.ts";
import type { EntryType, Field, FieldValue } from "../vault/model.ts";
import { MAX_FIELDS, MAX_HISTORY, MAX_TAGS } from "../vault/model.ts";
import { fieldBytes } from "../vault/record.ts";
import { standardFields } from "../vault/types.ts";
import { fittingAttachments, jsonAttachment } from "./fit-attachments.ts";
import type { ImportedEntry } from "./imported.ts";
import { fieldName, type ImportName, tagName } from "./names.ts";

export interface FittingEntry {
  readonly path: string;
  readonly type: EntryType;
  /** Each name once. */
  readonly fields: readonly Field[];
  readonly tags: readonly string[];
  readonly favourite: boolean;
  readonly expires?: string;
  readonly created?: number;
  /** Oldest first. */
  readonly history: readonly EarlierValue[];
  readonly attachments: readonly NewAttachment[];
  readonly trashed: boolean;
  /** What went where because of a limit or a name, for people. */
  readonly kept: readonly string[];
}

/** What fields and history may take of a record of 1 MiB, as JSON; the rest is for names and stamps. */
const MAX_VALUES_BYTES = 917_504;

/** @throws PmError "limit" where an attachment is too large */
export function fitEntry(entry: ImportedEntry, name: ImportName): FittingEntry {
  const kept: string[] = [];
  const tags = fitTags(entry.tags);
  const spare = spareFields(entry, name, tags.rest);
  const renamed = uniqueNames([...inReadingOrder(entry), ...spare]);
  const values = fitValues(renamed, kept);
  const history = fitHistory(entry, MAX_VALUES_BYTES - jsonBytes(values.fields));
  if (history.rest.length > 0) kept.push(`${history.rest.length} earlier values in the attachment ${OLDER}`);
  if (name.title !== undefined) kept.push("its title in the field title");
  if (name.folder !== undefined) kept.push("its folder in the field folder");
  if (tags.rest.length > 0) kept.push("tags in the field more tags");
  const { favourite, trashed, expires, created } = entry;
  return {
    path: name.path,
    type: entry.type,
    fields: values.fields,
    tags: tags.tags,
    favourite,
    trashed,
    ...(expires !== undefined && isDay(expires) ? { expires } : {}),
    ...(created === undefined ? {} : { created }),
    history: history.items,
    attachments: fittingAttachments(name.path, [
      ...entry.attachments,
      ...values.attachments,
      ...(history.rest.length > 0 ? [jsonAttachment(OLDER, history.rest)] : []),
    ]),
    kept,
  };
}

const OLDER = "earlier-values.json";
const MORE_FIELDS = "more-fields.json";

/** As in an entry that was made here: standard fields first, and addresses together. */
function inReadingOrder({ type, fields }: ImportedEntry): readonly Field[] {
  const order = standardFields(type);
  const rank = (name: string): number => {
    const at = order.indexOf(/^url\d+$/.test(name) ? "url" : name);
    return at === -1 ? order.length : at;
  };
  return fields.toSorted((a, b) => rank(a.name) - rank(b.name));
}

/** Facts that have no place of their own, as fields. */
function spareFields(
  { expires }: ImportedEntry,
  { title, folder }: ImportName,
  tags: readonly string[],
): readonly Field[] {
  const field = (name: string, text: string | undefined): readonly Field[] =>
    text === undefined || text === "" ? [] : [{ name, text, encoding: "utf8", concealed: false }];
  return [
    ...field("title", title),
    ...field("folder", folder),
    ...field("more tags", tags.join("\n")),
    ...(expires === undefined || isDay(expires) ? [] : field("expires", expires)),
  ];
}

function fitTags(all: readonly string[]): { tags: readonly string[]; rest: readonly string[] } {
  const tags = new Set<string>();
  const rest: string[] = [];
  for (const tag of all) {
    const name = tagName(tag);
    if (name === "") continue;
    const isWhole = name === tag.normalize("NFC").trim();
    if (isWhole && (tags.has(name) || tags.size < MAX_TAGS)) tags.add(name);
    else rest.push(tag);
  }
  return { tags: [...tags], rest };
}

/** Names of pm, each once; of a name that had to be cut the whole is a field too. */
function uniqueNames(fields: readonly Field[]): readonly Field[] {
  const taken = new Set<string>();
  return fields.flatMap((field) => {
    const base = fieldName(field.name);
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base} ${number}`;
    taken.add(name);
    const whole = base.endsWith("…") && !field.name.endsWith("…") ? [{ ...field, name }] : [];
    const spelt = whole.map(({ name: cut }): Field => ({
      name: `${cut.slice(0, 60)} name`,
      text: field.name,
      encoding: "utf8",
      concealed: false,
    }));
    return [{ ...field, name }, ...spelt.filter((one) => !taken.has(one.name) && taken.add(one.name))];
  });
}

interface FittingValues {
  readonly fields: readonly Field[];
  readonly attachments: readonly NewAttachment[];
}

/** Large values become attachments, the largest first; fields over the count become one attachment together. */
function fitValues(all: readonly Field[], kept: string[]): FittingValues {
  let fields = all;
  const attachments: NewAttachment[] = [];
  const moveOut = (field: Field): void => {
    fields = fields.filter((other) => other !== field);
    const name = `${field.name}${field.encoding === "utf8" ? ".txt" : ".bin"}`;
    attachments.push({ name, bytes: fieldBytes(field) });
    kept.push(`the value of ${field.name} in the attachment ${name}`);
  };
  for (const field of all) if (isTooLarge(field)) moveOut(field);
  while (jsonBytes(fields) > MAX_VALUES_BYTES) {
    const [largest] = fields.toSorted((a, b) => b.text.length - a.text.length);
    if (largest === undefined) break;
    moveOut(largest);
  }
  const surplus = fields.slice(MAX_FIELDS);
  if (surplus.length > 0) {
    attachments.push(jsonAttachment(MORE_FIELDS, surplus));
    kept.push(`${surplus.length} fields in the attachment ${MORE_FIELDS}`);
  }
  return { fields: fields.slice(0, MAX_FIELDS), attachments };
}

/** The newest values that fit; the older ones are the rest. */
function fitHistory(
  { history }: ImportedEntry,
  room: number,
): { items: readonly EarlierValue[]; rest: readonly EarlierValue[] } {
  const items: EarlierValue[] = [];
  const rest: EarlierValue[] = [];
  let bytes = 0;
  for (const { field, ...item } of history.toReversed()) {
    const named = { field: fieldName(field), ...item };
    bytes += jsonBytes([item.value]) + 200;
    const fits = items.length < MAX_HISTORY && bytes < room && !isTooLarge(item.value);
    (fits && rest.length === 0 ? items : rest).push(named);
  }
  return { items: items.toReversed(), rest: rest.toReversed() };
}

function jsonBytes(values: readonly FieldValue[]): number {
  let bytes = 0;
  for (const { text } of values) {
    // Most values are far from any limit: twice their length is an upper bound that costs nothing.
    bytes += text.length < 1000 ? text.length * 6 : utf8(JSON.stringify(text)).length;
  }
  return bytes;
}
