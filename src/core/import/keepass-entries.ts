/** A KeePass database as an import: of every entry all that it has, and of the rest what pm has no place for. */
import type { KdbxDatabase, KdbxEntry } from "../kdbx/database.ts";
import { toDay } from "../kdbx/time.ts";
import type { Imported, ImportedAttachment, ImportedEntry, Skipped } from "./imported.ts";
import { isFavourite, toFields, toHistory, typeOf } from "./keepass-fields.ts";
import { type PlacedEntry, placeEntries } from "./keepass-groups.ts";
import { referenceResolver, type Resolve } from "./keepass-references.ts";

/** What KeePassXC notes for itself: when it wrote, how long its key derivation may take, a random word. */
const INTERNAL_ITEMS: ReadonlySet<string> = new Set([
  "_LAST_MODIFIED",
  "KPXC_DECRYPTION_TIME_PREFERENCE",
  "KPXC_RANDOM_SLUG",
]);

export function toImported(database: KdbxDatabase): Imported {
  const { entries: placed, skipped } = placeEntries(database);
  const resolve = referenceResolver(placed.map(({ entry }) => entry));
  const lost: Skipped[] = [...skipped];
  const entries = placed.map((place) => toEntry(place, resolve, lost));
  lost.push(...looks(placed.map(({ entry }) => entry)), ...settings(database));
  return { entries, skipped: lost };
}

function toEntry(place: PlacedEntry, resolve: Resolve, lost: Skipped[]): ImportedEntry {
  const { entry, folders, groupTags, trashed } = place;
  const title = titleOf(entry);
  const path = [...folders, title].join("/");
  const { fields, references } = toFields(entry, resolve);
  lost.push(
    ...references.map(({ field, outcome }) => ({
      what: `reference in ${field} of ${path}`,
      why: outcome === "copied" ? "it is the value itself now" : "it leads nowhere and stays as it is",
    })),
    ...lostFiles(entry, path),
  );
  return {
    folders,
    title,
    type: typeOf(entry),
    fields,
    tags: [...new Set([...groupTags, ...entry.tags])],
    favourite: isFavourite(entry),
    ...(entry.expires === undefined ? {} : { expires: toDay(entry.expires) }),
    ...(entry.created === undefined ? {} : { created: entry.created }),
    history: toHistory(entry),
    attachments: filesOf(entry),
    trashed,
  };
}

function titleOf({ strings }: KdbxEntry): string {
  return strings.find(({ key }) => key === "Title")?.value ?? "";
}

function filesOf({ attachments }: KdbxEntry): ImportedAttachment[] {
  return attachments.flatMap(({ name, bytes }) => (bytes === undefined ? [] : [{ name, bytes }]));
}

/** Files that the database names and does not hold, and those that only earlier versions have. */
function lostFiles(entry: KdbxEntry, path: string): Skipped[] {
  const missing = entry.attachments.filter(({ bytes }) => bytes === undefined);
  // Versions share the bytes of what did not change.
  const current = new Set(filesOf(entry).map(({ bytes }) => bytes));
  const earlier = entry.history.flatMap(filesOf).filter(({ bytes }) => !current.has(bytes));
  return [
    ...missing.map(({ name }) => ({
      what: `attachment ${name} of ${path}`,
      why: "the file does not hold it",
    })),
    ...Array.from(new Set(earlier.map(({ name }) => name)), (name) => ({
      what: `earlier attachment ${name} of ${path}`,
      why: "pm keeps no earlier versions of attachments",
    })),
  ];
}

function looks(entries: readonly KdbxEntry[]): Skipped[] {
  const [icons, colours] = [
    entries.filter(({ hasIcon }) => hasIcon),
    entries.filter((entry) => entry.hasColours),
  ];
  return [
    { what: "icons", entries: icons },
    { what: "colours", entries: colours },
  ]
    .filter(({ entries: some }) => some.length > 0)
    .map(({ what, entries: some }) => ({
      what: `${what} of ${some.length} ${some.length === 1 ? "entry" : "entries"}`,
      why: "pm shows none",
    }));
}

function settings({ description, customData }: KdbxDatabase): Skipped[] {
  const keys = customData.map(({ key }) => key).filter((key) => !INTERNAL_ITEMS.has(key));
  return [
    ...(description === "" ? [] : [{ what: "description of the database", why: "a vault has none" }]),
    ...(keys.length === 0
      ? []
      : [{ what: `settings of the database: ${keys.join(", ")}`, why: "they are of the other program" }]),
  ];
}
