/** What the columns of a CSV export mean. */
import { isDay } from "../vault/day.ts";
import type { EntryType, Field } from "../vault/model.ts";
import type { CsvRow, CsvTable } from "./csv.ts";
import type { ImportedEntry } from "./imported.ts";
import { dayOf, PLAIN_ENTRY, textField, urlFields } from "./imported-entry.ts";
import { epochTime, isoTime } from "./iso-time.ts";

/** The facts of an entry that a column can be mapped to, in a map with an @ before them; other words name fields. */
export const CSV_FACTS = ["title", "folder", "tags", "favourite", "expires", "created", "trashed"] as const;
export type Fact = (typeof CSV_FACTS)[number];
export type Target = string;

/** A column that means something only inside the other program: an id, a count, the time of the last use. */
export const LEFT_OUT = "-";

/** The text of a column, by its name in lower case; empty where the table has no such column. */
export type Cell = (column: string) => string;

export interface CsvPreset {
  /** Recognised where these columns are there, in lower case. */
  readonly columns: readonly string[];
  /** And none of these. */
  readonly without?: readonly string[];
  /** "@fact", a field name or LEFT_OUT, by column in lower case. Others are STANDARD, or fields of their own names. */
  readonly map: Readonly<Record<string, Target>>;
  /** Between folders ("/"). */
  readonly folderSeparator?: string;
  /** For what a table can't say. */
  readonly amend?: (entry: ImportedEntry, cell: Cell, row: CsvRow) => ImportedEntry;
}

/** What is called so means that wherever it stands. */
const STANDARD: ReadonlyMap<string, Target> = new Map([
  ["title", "@title"],
  ["url", "url"],
  ["username", "username"],
  ["password", "password"],
  ["notes", "notes"],
]);

/** The entries of a table, one a row. */
export function readRows(table: CsvTable, preset: CsvPreset): readonly ImportedEntry[] {
  const columns = table.columns.map((column) => column.toLowerCase());
  const targets = columns.map((column) =>
    Object.hasOwn(preset.map, column) ? preset.map[column] : STANDARD.get(column),
  );
  const named = new Map(columns.map((column, index) => [column, index]));
  return table.rows.map((row) => {
    const cell: Cell = (column) => row.cells[named.get(column) ?? -1] ?? "";
    const entry = readRow(row, { names: table.columns, targets, separator: preset.folderSeparator ?? "/" });
    return preset.amend?.(entry, cell, row) ?? entry;
  });
}

interface Layout {
  readonly names: readonly string[];
  readonly targets: readonly (string | undefined)[];
  readonly separator: string;
}

function readRow({ cells }: CsvRow, { names, targets, separator }: Layout): ImportedEntry {
  const facts = new Map<string, string>();
  const urls: string[] = [];
  const fields: (readonly [name: string, text: string])[] = [];
  cells.forEach((text, index) => {
    // A row that is longer than the header has its surplus kept, too.
    const target = targets[index] ?? (names[index] || `column ${index + 1}`);
    if (text === "" || target === LEFT_OUT) return;
    if (target === "url") urls.push(text);
    else if (target.startsWith("@") && targets[index] !== undefined) facts.set(target.slice(1), text);
    else fields.push([target, text]);
  });
  const fact = (name: Fact): string => facts.get(name) ?? "";
  const type = typeOf(fields, urls);
  return {
    ...PLAIN_ENTRY,
    folders: fact("folder")
      .split(separator)
      .filter((folder) => folder.trim() !== ""),
    title: fact("title"),
    type,
    fields: [...inOrder(type, fields), ...urlFields(urls)],
    tags: splitTags(fact("tags")),
    favourite: isYes(fact("favourite")),
    trashed: isYes(fact("trashed")),
    ...expiry(fact("expires")),
    ...creation(fact("created")),
  };
}

function typeOf(fields: readonly (readonly [string, string])[], urls: readonly string[]): EntryType {
  return urls.length === 0 && fields.length > 0 && fields.every(([name]) => name === "notes")
    ? "note"
    : "login";
}

function inOrder(type: EntryType, fields: readonly (readonly [string, string])[]): readonly Field[] {
  return fields.flatMap(([name, text]) => textField(type, name, text));
}

function splitTags(text: string): readonly string[] {
  return text
    .split(/[,;]/)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
}

/** What the programs write for a box that is ticked. */
export function isYes(text: string): boolean {
  return /^(1|true|yes|x)$/i.test(text.trim());
}

function expiry(text: string): Pick<ImportedEntry, "expires"> {
  const day = dayOf(text);
  return day === undefined || !isDay(day) ? {} : { expires: day };
}

function creation(text: string): Pick<ImportedEntry, "created"> {
  const created = isoTime(text) ?? epochTime(text);
  return created === undefined ? {} : { created };
}
