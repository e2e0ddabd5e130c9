/** Applying edits to a draft. Every edit that changes an entry also says that the entry lives. */
import { PmError } from "../errors.ts";
import { toHex } from "../bytes.ts";
import type { Random } from "../random.ts";
import type { VaultDraft } from "./draft.ts";
import type { Edit, MetaEdit } from "./edit.ts";
import { viewEntry } from "./entry-view.ts";
import { attach, attachmentWrite, detach, requireAttachmentRoom } from "./attachment.ts";
import { earlierItems, timeOf } from "./earlier.ts";
import { fieldWrites, metaWrites } from "./entry-writes.ts";
import { requireExpected } from "./expected.ts";
import { hasValue, requireEntry, requireLive, requireTrashed } from "./edited.ts";
import { boundHistory } from "./history.ts";
import type { Json } from "./json.ts";
import { parsePath, parseTagName } from "./names.ts";
import { contentRefJson, type EntryRecord, type HistoryRecord, KEY } from "./record.ts";
import { type Stamp, writeRegister } from "./register.ts";
import { removal, resolve, write } from "./write.ts";

/** What an edit needs of the world. */
export interface EditContext {
  readonly stamp: Stamp;
  readonly random: Random;
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Applies all of them, in their order; returns the ids they touched. @throws PmError "limit" of the vault */
export function applyEdits(
  draft: VaultDraft,
  edits: readonly Edit[],
  context: EditContext,
): readonly string[] {
  const ids = edits.map((edit) => applyEdit(draft, edit, context));
  const attaches = edits.some((edit) => edit.kind === "attach" || "attachments" in edit);
  if (attaches) requireAttachmentRoom(draft);
  return ids;
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
    case "attach":
      return attach(draft, edit, context);
    case "detach":
      return detach(draft, edit, context);
    case "resolve":
      return resolve(draft, requireEntry(draft, edit.id), edit, context);
  }
}

type EditOf<K extends Edit["kind"]> = Extract<Edit, { kind: K }>;

function create(draft: VaultDraft, edit: EditOf<"create">, context: EditContext): string {
  const { path, type, fields, tags, meta, attachments = [], history = [], trashed = false, existing } = edit;
  const writes = new Map<string, Json>([
    [KEY.type, type],
    ...fieldWrites(fields),
    ...tags.map((tag): [string, Json] => [KEY.tag + parseTagName(tag), true]),
    ...metaWrites(meta),
    ...attachments.map((attachment) => attachmentWrite(draft, attachment, context)),
    ...(trashed ? [[KEY.live, false] as const] : []),
  ]);
  const created = timeOf(edit.created, context) ?? context.now;
  const earlier = earlierItems(history, { created: timeOf(edit.created, context), ...context });
  return place(draft, { path, existing: trashed ? "beside" : existing, writes, created, earlier }, context);
}

/** What becomes an entry at a path. */
interface Content {
  readonly path: string;
  /** What happens to a live entry there; "beside" leaves it as it is. */
  readonly existing: "refuse" | "replace" | "beside";
  readonly writes: ReadonlyMap<string, Json>;
  readonly created: number;
  readonly earlier: readonly HistoryRecord[];
}

/** Replacing keeps the id: what the new content does not name is removed, and the fields stay in the history. */
function place(draft: VaultDraft, content: Content, context: EditContext): string {
  const path = parsePath(content.path);
  const existing =
    content.existing === "beside"
      ? undefined
      : requirePathOrReplace(draft, path, content.existing === "replace");
  const writes: (readonly [string, Json])[] = [[KEY.path, path], ...content.writes];
  if (existing === undefined) {
    const record = { ...newRecord(context), created: content.created };
    return write(draft, boundHistory({ ...record, history: content.earlier }), new Map(writes), context);
  }
  const removals = [...existing.registers.keys()]
    .filter((key) => key !== KEY.path && !content.writes.has(key))
    .map(removal)
    .filter((item) => item !== undefined);
  const grown = boundHistory({ ...existing, history: [...existing.history, ...content.earlier] });
  return write(draft, grown, new Map([...removals, ...writes]), context);
}

function update(draft: VaultDraft, edit: EditOf<"update">, context: EditContext): string {
  const record = requireLive(draft, edit.id);
  if (edit.expected !== undefined) requireExpected(viewEntry(record), edit.expected);
  const missing = edit.unset.find((name) => !hasValue(record, KEY.field + name));
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

/** The data of attachments is not copied: both entries mention it. */
function copy(draft: VaultDraft, edit: EditOf<"copy">, context: EditContext): string {
  const { type, fields, tags, attachments, ...source } = viewEntry(requireLive(draft, edit.id));
  const meta: MetaEdit = {
    ...(source.expires === undefined ? {} : { expires: source.expires }),
    ...(source.recipe === undefined ? {} : { recipe: source.recipe }),
    favourite: source.favourite,
    ...(source.useOnly ? { useOnly: true } : {}),
  };
  const writes = new Map<string, Json>([
    [KEY.type, type],
    ...fieldWrites(fields),
    ...tags.map((tag): [string, Json] => [KEY.tag + tag, true]),
    ...metaWrites(meta),
    ...attachments.map((one): [string, Json] => [KEY.attachment + one.name, contentRefJson(one)]),
  ]);
  const { path, existing } = edit;
  return place(draft, { path, existing, writes, created: context.now, earlier: [] }, context);
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
