/** How two entries differ, in words that a table of documentation can have. */
import type { Entry, Field } from "../../src/core/vault/model.ts";

const FACTS = [
  "id",
  "type",
  "tags",
  "expires",
  "favourite",
  "useOnly",
  "recipe",
  "created",
  "modified",
] as const;

/** Of all entries of `before`, by path; each kind of difference once, with the places where it is. */
export function differences(
  before: readonly Entry[],
  after: readonly Entry[],
): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (what: string, where: string): void =>
    void found.set(what, [...(found.get(what) ?? []), where]);
  for (const entry of before) {
    const other = after.find(({ path }) => path === entry.path);
    if (other === undefined) add(entry.trashed ? "entry in the trash: lost" : "entry: lost", entry.path);
    else for (const what of entryDifferences(entry, other)) add(what, entry.path);
  }
  for (const { path } of after) if (!before.some((entry) => entry.path === path)) add("entry: added", path);
  return found;
}

function entryDifferences(a: Entry, b: Entry): readonly string[] {
  const facts = FACTS.filter((fact) => JSON.stringify(a[fact]) !== JSON.stringify(b[fact]));
  return [
    ...facts,
    ...(a.trashed === b.trashed ? [] : ["trash"]),
    ...fieldDifferences(a, b),
    ...historyDifferences(a, b),
    ...attachmentDifferences(a, b),
    ...(JSON.stringify(a.conflicts) === JSON.stringify(b.conflicts) ? [] : ["conflicts"]),
  ];
}

function fieldDifferences(a: Entry, b: Entry): readonly string[] {
  const changed = a.fields.flatMap((field) => {
    const other = b.fields.find(({ name }) => name === field.name);
    if (other === undefined) return [lostField(field, b)];
    return [
      ...(field.text === other.text && field.encoding === other.encoding ? [] : [changedValue(field, other)]),
      ...(field.concealed === other.concealed ? [] : ["concealed"]),
      ...(a.written?.[field.name] === b.written?.[field.name] ? [] : ["written"]),
    ];
  });
  const added = b.fields.filter(({ name }) => !a.fields.some((field) => field.name === name));
  const common = (one: Entry, two: Entry): string =>
    one.fields
      .map(({ name }) => name)
      .filter((name) => two.fields.some((field) => field.name === name))
      .join();
  return [
    ...changed,
    ...added.map((field) => addedField(field, a)),
    ...(common(a, b) === common(b, a) ? [] : ["order of fields"]),
  ];
}

function lostField(field: Field, { fields, attachments }: Entry): string {
  if (fields.some((other) => other.text === field.text && !/^$/.test(field.text))) return "field: renamed";
  if (field.text.includes("\0")) return "field: lost, NUL character";
  if (field.name.includes(": ")) return "field: lost, colon in its name";
  if (field.text === "") return "field: lost, empty";
  if (attachments.some(({ name }) => name === field.name)) return "field: bytes as an attachment";
  return /[\r\n]/.test(field.text) ? "field: lost, several lines" : "field: lost";
}

function changedValue(field: Field, other: Field): string {
  return field.encoding === "base64" && other.text === field.text
    ? "field: bytes as base64 text"
    : "field: changed";
}

function addedField({ name, text }: Field, before: Entry): string {
  if (before.fields.some((other) => other.text === text)) return "field: renamed";
  if (["tags", "expires", "recipe", "type"].includes(name)) return "field: a fact";
  if (/ \(earlier, .*\)$/.test(name)) return "field: an earlier value";
  return name === "fingerprint" ? "field: fingerprint" : `field: added ${name}`;
}

function historyDifferences(a: Entry, b: Entry): readonly string[] {
  const key = ({ field, value }: Entry["history"][number]): string =>
    JSON.stringify([field, value.text, value.encoding, value.concealed]);
  const [before, after] = [a.history.map(key), b.history.map(key)];
  const lost = before.filter((item) => !after.includes(item));
  const added = after.filter((item) => !before.includes(item));
  const isRetimed =
    lost.length + added.length === 0 &&
    a.history.some((item, n) => item.written !== b.history[n]?.written || before[n] !== after[n]);
  return [
    ...(lost.length > 0 ? ["history: lost"] : []),
    ...(added.length > 0 ? ["history: added"] : []),
    ...(isRetimed ? ["history: times"] : []),
  ];
}

function attachmentDifferences(a: Entry, b: Entry): readonly string[] {
  const key = ({ name, sha256 }: Entry["attachments"][number]): string => `${name} ${sha256}`;
  const [before, after] = [a.attachments.map(key), b.attachments.map(key)];
  return [
    ...(before.every((one) => after.includes(one)) ? [] : ["attachment: lost"]),
    ...(after.every((one) => before.includes(one)) ? [] : ["attachment: added"]),
  ];
}
