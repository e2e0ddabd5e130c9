/** pm's own JSON export (docs/export.md): held to its schema, for nobody else writes it. */
import { fromBase64 } from "../bytes.ts";
import { PmError } from "../errors.ts";
import { PM_EXPORT_VERSION } from "../export/pm-json.ts";
import { type Field, ENTRY_TYPES, type FieldValue } from "../vault/model.ts";
import { KEY } from "../vault/record.ts";
import { type Members, membersOf } from "./foreign-value.ts";
import type { Imported, ImportedAttachment, ImportedEntry, ImportedValue, Skipped } from "./imported.ts";
import { isoTime } from "./iso-time.ts";
import type { ImportFile } from "./reader.ts";

/** @throws PmError "usage" that says what is wrong with which entry, and never quotes it */
export async function readPmJson(file: ImportFile): Promise<Imported> {
  const { v, entries } = membersOf(file.json());
  if (v !== PM_EXPORT_VERSION) {
    throw new PmError("usage", "the export is of a version that this pm does not know", {
      hint: "a newer pm reads it: npm install -g pm-vault",
    });
  }
  const all = listAt(entries, "the export", "list of entries").map((item, n) => ({
    item: membersOf(item),
    what: `entry ${n + 1} of the export`,
  }));
  return {
    entries: all.map(({ item, what }) => entryOf(item, what)),
    skipped: all.flatMap(({ item, what }) => undecided(item, what)),
  };
}

function entryOf(item: Members, what: string): ImportedEntry {
  const folders = textAt(item, "path", what).split("/");
  const title = folders.pop() ?? "";
  const type = ENTRY_TYPES.find((known) => known === item["type"]);
  if (type === undefined) throw malformed(what, "type");
  const [expires, recipe] = [textOrNull(item, "expires", what), textOrNull(item, "recipe", what)];
  const isUseOnly = flagAt(item, "useOnly", what);
  return {
    folders,
    title,
    type,
    fields: listAt(item["fields"], what, "fields").map((one) => fieldOf(membersOf(one), what)),
    tags: listAt(item["tags"], what, "tags").map((tag) => textOf(tag, what, "tags")),
    favourite: flagAt(item, "favourite", what),
    ...(expires === null ? {} : { expires }),
    ...(recipe === null ? {} : { recipe }),
    ...(isUseOnly ? { useOnly: true } : {}),
    created: timeAt(item, "created", what),
    history: historyOf(item, what),
    attachments: listAt(item["attachments"], what, "attachments").map((one) => attachmentOf(one, what)),
    trashed: flagAt(item, "trashed", what),
  };
}

function fieldOf(members: Members, what: string): Field {
  return { name: textAt(members, "name", what), ...valueOf(members, what) };
}

function valueOf(members: Members, what: string): FieldValue {
  const text = textAt(members, "value", what);
  const encoding = members["encoding"] === undefined ? "utf8" : members["encoding"];
  if (encoding !== "utf8" && encoding !== "base64") throw malformed(what, "encoding");
  if (encoding === "base64") bytesOf(text, what);
  return { text, encoding, concealed: flagAt(members, "concealed", what) };
}

/** Oldest first; the other values of a field that holds several are among them. */
function historyOf(item: Members, what: string): readonly ImportedValue[] {
  const earlier = listAt(item["history"], what, "history").map((one): ImportedValue => {
    const members = membersOf(one);
    return writtenValue(textAt(members, "field", what), members, what);
  });
  return [...earlier.toReversed(), ...others(item, what)].toSorted(
    (a, b) => (a.written ?? 0) - (b.written ?? 0),
  );
}

function writtenValue(field: string, members: Members, what: string): ImportedValue {
  return { field, value: valueOf(members, what), written: timeAt(members, "written", what) };
}

/** The shown one stands first, and in the fields. */
function others(item: Members, what: string): readonly ImportedValue[] {
  return conflictsOf(item, what)
    .filter(({ register }) => register.startsWith(KEY.field))
    .flatMap(({ register, values }) =>
      values
        .slice(1)
        .filter(({ value }) => value !== null)
        .map((members) => writtenValue(register.slice(KEY.field.length), members, what)),
    );
}

/** Of a name, a tag and the like only the value that is shown has a place. */
function undecided(item: Members, what: string): readonly Skipped[] {
  return conflictsOf(item, what)
    .filter(({ register }) => !register.startsWith(KEY.field))
    .map(({ register }) => ({
      what: `${textAt(item, "path", what)}: another value of ${register}`,
      why: "only the one that is shown is taken over",
    }));
}

function conflictsOf(
  item: Members,
  what: string,
): readonly { readonly register: string; readonly values: readonly Members[] }[] {
  return listAt(item["conflicts"], what, "conflicts").map((one) => {
    const members = membersOf(one);
    const values = listAt(members["values"], what, "conflicts").map(membersOf);
    return { register: textAt(members, "register", what), values };
  });
}

function attachmentOf(one: unknown, what: string): ImportedAttachment {
  const members = membersOf(one);
  return { name: textAt(members, "name", what), bytes: bytesOf(textAt(members, "data", what), what) };
}

function bytesOf(text: string, what: string): Uint8Array {
  const bytes = fromBase64(text);
  if (bytes === undefined) throw malformed(what, "base64");
  return bytes;
}

function textAt(members: Members, name: string, what: string): string {
  return textOf(members[name], what, name);
}

function textOf(value: unknown, what: string, name: string): string {
  if (typeof value !== "string" || !value.isWellFormed()) throw malformed(what, name);
  return value;
}

function textOrNull(members: Members, name: string, what: string): string | null {
  return members[name] === null ? null : textAt(members, name, what);
}

function flagAt(members: Members, name: string, what: string): boolean {
  const value = members[name];
  if (typeof value !== "boolean") throw malformed(what, name);
  return value;
}

function timeAt(members: Members, name: string, what: string): number {
  const time = isoTime(textAt(members, name, what));
  if (time === undefined) throw malformed(what, name);
  return time;
}

function listAt(value: unknown, what: string, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(what, name);
  return value;
}

/** Never with a value: names of members are pm's own. */
function malformed(what: string, name: string): PmError {
  return new PmError("usage", `${what} is malformed: its ${name}`, {
    hint: "docs/export.md says what pm export writes",
  });
}
