/** Applying edits to a draft. Every edit that changes an entry also says that the entry lives. */
import { PmError } from "../errors.ts";
import { toHex } from "../bytes.ts";
import type { Random } from "../random.ts";
import type { VaultDraft } from "./draft.ts";
import type { Edit, MetaEdit } from "./edit.ts";
import { isLiveRecord, isPurgedRecord, viewEntry } from "./entry-view.ts";
import type { Json } from "./json.ts";
import { isDay } from "./day.ts";
import { requireExpected } from "./expected.ts";
import { parsePath, parseTagName } from "./names.ts";
import { type EntryRecord, KEY } from "./record.ts";
import { type Stamp, shownValue, writeRegister } from "./register.ts";
import { rotate } from "./rotate.ts";
import { fieldWrites, removal, resolve, write } from "./write.ts";

/** What an edit needs of the world. */
export interface EditContext {
  readonly stamp: Stamp;
  readonly random: Random;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Applies one edit and returns the id it touched. Throws before the draft is changed. */
export function applyEdit(draft: VaultDraft, edit: Edit, context: EditContext): string {
  switch (edit.kind) {
    case "create":
      return create(draft, edit, context);
    case "update":
      return update(draft, edit, context);
    case "move":
      return move(draft, edit, context);
    case "copy":
      return copy(draft, edit, context);
    case "trash":
      return write(draft, requireLive(draft, edit.id), new Map([[KEY.live, false]]), context);
    case "restore":
      return restore(draft, edit.id, context);
    case "purge":
      return purge(draft, edit.id, context);
    case "resolve":
      return resolve(draft, requireEntry(draft, edit.id), edit, context);
    case "rotate":
      return rotate(draft, requireLive(draft, edit.id), edit, context);
  }
}

type EditOf<K extends Edit["kind"]> = Extract<Edit, { kind: K }>;

function create(draft: VaultDraft, edit: EditOf<"create">, context: EditContext): string {
  const path = parsePath(edit.path);
  const existing = requirePathOrReplace(draft, path, edit.existing === "replace");
  const writes = new Map<string, Json>([
    [KEY.path, path],
    [KEY.type, edit.type],
    ...fieldWrites(edit.fields),
    ...edit.tags.map((tag): [string, Json] => [KEY.tag + parseTagName(tag), true]),
    ...metaWrites(edit.meta),
  ]);
  if (existing === undefined) return write(draft, newRecord(context), writes, context);
  // Replacing keeps the id: what the new content does not name is removed, and stays in the history.
  const removals = [...existing.registers.keys()].filter((key) => !writes.has(key)).map(removal);
  return write(
    draft,
    existing,
    new Map([...removals.filter((item) => item !== undefined), ...writes]),
    context,
  );
}

function update(draft: VaultDraft, edit: EditOf<"update">, context: EditContext): string {
  const record = requireLive(draft, edit.id);
  if (edit.expected !== undefined) requireExpected(viewEntry(record), edit.expected);
  const missing = edit.unset.find((name) => !hasField(record, name));
  if (missing !== undefined) throw new PmError("not-found", `the entry has no field "${missing}"`);
  const type: [string, Json][] = edit.type === undefined ? [] : [[KEY.type, edit.type]];
  const writes = new Map<string, Json>([
    ...type,
    ...fieldWrites(edit.set),
    ...edit.unset.map((name): [string, Json] => [KEY.field + name, null]),
    ...edit.addTags.map((tag): [string, Json] => [KEY.tag + parseTagName(tag), true]),
    ...edit.removeTags
      .filter((tag) => record.registers.has(KEY.tag + tag))
      .map((tag): [string, Json] => [KEY.tag + tag, false]),
    ...metaWrites(edit.meta),
  ]);
  return write(draft, record, writes, context);
}

/** Whether the entry shows such a field: one that was removed has a register still. */
function hasField(record: EntryRecord, name: string): boolean {
  return (shownValue(record.registers.get(KEY.field + name)) ?? null) !== null;
}

function move(draft: VaultDraft, edit: EditOf<"move">, context: EditContext): string {
  const record = requireLive(draft, edit.id);
  const path = parsePath(edit.path);
  for (const id of draft.liveIdsAt(path)) {
    if (id === edit.id) continue;
    if (edit.existing === "refuse") throw pathTaken(path);
    write(draft, requireLive(draft, id), new Map([[KEY.live, false]]), context);
  }
  return write(draft, record, new Map([[KEY.path, path]]), context);
}

function copy(draft: VaultDraft, edit: EditOf<"copy">, context: EditContext): string {
  const source = viewEntry(requireLive(draft, edit.id));
  const meta: MetaEdit = {
    ...(source.expires === undefined ? {} : { expires: source.expires }),
    ...(source.recipe === undefined ? {} : { recipe: source.recipe }),
    favourite: source.favourite,
    ...(source.useOnly ? { useOnly: true } : {}),
  };
  const { type, fields, tags } = source;
  return create(
    draft,
    { kind: "create", path: edit.path, type, fields, tags, meta, existing: edit.existing },
    context,
  );
}

function restore(draft: VaultDraft, id: string, context: EditContext): string {
  const record = requireTrashed(draft, id);
  const path = viewEntry(record).path;
  if (draft.liveIdsAt(path).length > 0) {
    throw new PmError("conflict", `an entry called "${path}" exists already`, {
      hint: "give that one another name first: pm mv NAME NEW",
    });
  }
  return write(draft, record, new Map(), context);
}

/** What is left of the facts that every entry has; a register of a later version is erased too. */
const ERASED: ReadonlyMap<string, Json> = new Map<string, Json>([
  [KEY.path, ""],
  [KEY.live, false],
]);

function purge(draft: VaultDraft, id: string, context: EditContext): string {
  const record = requireTrashed(draft, id);
  const registers = new Map(record.registers);
  for (const key of record.registers.keys()) {
    // A value that another device writes meanwhile comes back under the flag that it had.
    if (key !== KEY.type && key !== KEY.useOnly)
      registers.set(key, writeRegister<Json>(ERASED.get(key) ?? removal(key)?.[1] ?? null, context.stamp));
  }
  registers.set(KEY.purged, writeRegister(true, context.stamp));
  draft.put({ ...record, registers, history: [] });
  return id;
}

function newRecord({ random, now }: EditContext): EntryRecord {
  return { id: toHex(random(16)), created: now, registers: new Map(), history: [], unknown: {} };
}

function metaWrites({ expires, favourite, useOnly, recipe }: MetaEdit): [string, Json][] {
  if (typeof expires === "string" && !isDay(expires)) {
    throw new PmError("usage", `"${expires}" is not a day`, { hint: "a day such as 2027-01-31" });
  }
  const writes: [string, Json | undefined][] = [
    [KEY.expires, expires],
    [KEY.favourite, favourite],
    [KEY.useOnly, useOnly],
    [KEY.recipe, recipe],
  ];
  return writes.filter((item): item is [string, Json] => item[1] !== undefined);
}

function requirePathOrReplace(draft: VaultDraft, path: string, replace: boolean): EntryRecord | undefined {
  const [id, second] = draft.liveIdsAt(path);
  if (id === undefined) return undefined;
  if (!replace) throw pathTaken(path);
  if (second !== undefined) {
    throw new PmError("ambiguous", `several entries are called "${path}"`, {
      hint: "name one by its id: pm ls -l",
    });
  }
  return draft.record(id);
}

function pathTaken(path: string): PmError {
  return new PmError("conflict", `an entry called "${path}" exists already`, {
    hint: "choose another name, or replace it with --force",
  });
}

function requireLive(draft: VaultDraft, id: string): EntryRecord {
  const record = draft.record(id);
  if (record === undefined || !isLiveRecord(record))
    throw new PmError("not-found", `no entry has the id ${id}`);
  return record;
}

/** Live, or in the trash. */
function requireEntry(draft: VaultDraft, id: string): EntryRecord {
  const record = draft.record(id);
  if (record === undefined || isPurgedRecord(record))
    throw new PmError("not-found", `no entry has the id ${id}`);
  return record;
}

function requireTrashed(draft: VaultDraft, id: string): EntryRecord {
  const record = draft.record(id);
  if (record === undefined || isLiveRecord(record) || isPurgedRecord(record)) {
    throw new PmError("not-found", `no entry in the trash has the id ${id}`, { hint: "pm trash ls" });
  }
  return record;
}
