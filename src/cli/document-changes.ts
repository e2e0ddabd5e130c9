/** What a person changed in an editor, as data: between two versions of an entry, and onto a third. */
import { equalBytes } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { Edit } from "../core/vault/edit.ts";
import type { Entry, EntryType, Field } from "../core/vault/model.ts";
import { parseFieldName, parsePath } from "../core/vault/names.ts";
import { isConcealedByDefault, primaryField, standardFields } from "../core/vault/types.ts";
import { parseExpiry } from "./dates.ts";
import type { EditableEntry } from "./document.ts";
import { parseTag } from "./names.ts";
import { bytesOf, checkFieldCount, fieldOf } from "./values.ts";

/** Undefined members are unchanged. */
export interface Changes {
  readonly path: string | undefined;
  readonly type: EntryType | undefined;
  /** Null where it was taken away. */
  readonly expires: string | null | undefined;
  readonly favourite: boolean | undefined;
  readonly useOnly: boolean | undefined;
  readonly addTags: readonly string[];
  readonly removeTags: readonly string[];
  readonly set: readonly Field[];
  readonly unset: readonly string[];
}

/** @throws PmError "usage" or "limit" for what no entry can hold; what was not changed is not judged */
export function changesBetween(base: EditableEntry, edited: EditableEntry, nowMs: number): Changes {
  const names = new Set(edited.fields.map(({ name }) => name));
  const changed = edited.fields.filter((field) => !isSame(field, fieldCalled(base, field.name)));
  checkFieldCount(edited.fields.length);
  return {
    path: edited.path === base.path ? undefined : parsePath(edited.path),
    type: edited.type === base.type ? undefined : edited.type,
    expires: edited.expires === base.expires ? undefined : dayOrNull(edited.expires, nowMs),
    favourite: edited.favourite === base.favourite ? undefined : edited.favourite,
    useOnly: edited.useOnly === base.useOnly ? undefined : edited.useOnly,
    addTags: edited.tags.filter((tag) => !base.tags.includes(tag)).map(parseTag),
    removeTags: base.tags.filter((tag) => !edited.tags.includes(tag)),
    set: changed.map((field) => judged(field, fieldCalled(base, field.name), edited.type)),
    unset: base.fields.map(({ name }) => name).filter((name) => !names.has(name)),
  };
}

export function isNothing(changes: Changes): boolean {
  return Object.values(changes).every(
    (change) => change === undefined || (Array.isArray(change) && change.length === 0),
  );
}

function dayOrNull(text: string | undefined, nowMs: number): string | null {
  return text === undefined ? null : parseExpiry(text, nowMs);
}

function fieldCalled({ fields }: EditableEntry, name: string): Field | undefined {
  return fields.find((field) => field.name === name);
}

function isSame(a: Field, b: Field | undefined): boolean {
  return b !== undefined && a.concealed === b.concealed && equalBytes(bytesOf(a), bytesOf(b));
}

/** The rules of `set`. */
function judged(field: Field, before: Field | undefined, type: EntryType): Field {
  const name = before?.name ?? parseFieldName(field.name);
  const isOfType = standardFields(type).includes(name) || primaryField(type) === name;
  const wasPlain = before?.concealed === false;
  if (!field.concealed && !wasPlain && isOfType && isConcealedByDefault(type, name)) {
    throw new PmError("usage", `field "${name}" of a ${type} is always secret`, {
      hint: `write ${name} (secret): …`,
    });
  }
  return fieldOf(name, bytesOf(field), field.concealed);
}

/** The changes as edits of one save, refused where what they replace shows something else by then. */
export function editsOf(base: Entry, changes: Changes): readonly Edit[] {
  const { id } = base;
  const { path, type, expires, favourite, useOnly, addTags, removeTags, set, unset } = changes;
  const touched = [...set.map(({ name }) => name), ...unset];
  const expected = {
    ...(path === undefined ? {} : { path: base.path }),
    ...(type === undefined ? {} : { type: base.type }),
    ...(expires === undefined ? {} : { expires: base.expires ?? null }),
    ...(favourite === undefined ? {} : { favourite: base.favourite }),
    ...(useOnly === undefined ? {} : { useOnly: base.useOnly }),
    fields: base.fields.filter(({ name }) => touched.includes(name)),
    absent: touched.filter((name) => fieldCalled(base, name) === undefined),
  };
  const meta = {
    ...(expires === undefined ? {} : { expires }),
    ...(favourite === undefined ? {} : { favourite }),
    ...(useOnly === undefined ? {} : { useOnly }),
  };
  const facts = { set, unset, addTags, removeTags, ...(type === undefined ? {} : { type }), meta };
  const update: Edit = { kind: "update", id, ...facts, expected };
  return path === undefined ? [update] : [update, { kind: "move", id, path, existing: "refuse" }];
}

/** The entry as it would be with the changes. */
export function withChanges(entry: EditableEntry, changes: Changes): EditableEntry {
  const { path, type, expires, favourite, useOnly, addTags, removeTags, set, unset } = changes;
  const replaced = new Map(set.map((field) => [field.name, field]));
  const kept = entry.fields.filter(({ name }) => !unset.includes(name));
  const added = set.filter(({ name }) => fieldCalled(entry, name) === undefined);
  const tags = new Set([...entry.tags.filter((tag) => !removeTags.includes(tag)), ...addTags]);
  return {
    path: path ?? entry.path,
    type: type ?? entry.type,
    expires: expires === undefined ? entry.expires : (expires ?? undefined),
    favourite: favourite ?? entry.favourite,
    useOnly: useOnly ?? entry.useOnly,
    tags: [...tags],
    fields: [...kept.map((field) => replaced.get(field.name) ?? field), ...added],
  };
}
