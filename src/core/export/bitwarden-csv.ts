/** The columns of Bitwarden's CSV, which more programs import than any other, quoted by RFC 4180. */
import {
  customField,
  type CustomField,
  factFields,
  fieldTaker,
  isLeftOut,
  isLoginLike,
  splitPath,
} from "./bitwarden-item.ts";
import type { ExportedEntry, LossReport } from "./exported.ts";

const COLUMNS = [
  "folder",
  "favorite",
  "type",
  "name",
  "notes",
  "fields",
  "reprompt",
  "login_uri",
  "login_username",
  "login_password",
  "login_totp",
] as const;

const LINE_END = "\r\n";

export async function* exportCsv(
  entries: AsyncIterable<ExportedEntry>,
  { lose }: { readonly lose: LossReport },
): AsyncGenerator<string> {
  yield line(COLUMNS);
  for await (const entry of entries) {
    if (!isLeftOut(entry, lose)) yield line(rowOf(entry, lose));
  }
}

function rowOf(whole: ExportedEntry, lose: LossReport): readonly string[] {
  const entry = withoutNul(whole, lose);
  const { path, type, favourite, useOnly, history } = entry;
  const [folder, name] = splitPath(path);
  const isLogin = type === "login" || (type !== "note" && isLoginLike(entry));
  const fields = fieldTaker(entry);
  const notes = fields.take("notes") ?? "";
  const login = isLogin ? loginCells(fields.takeUrls(), fields.take) : { cells: ["", "", "", ""], urls: [] };
  const isExact = type === (isLogin ? "login" : "note");
  const custom = [
    ...login.urls.map((value) => ({ name: "url", value, hidden: false })),
    ...fields.rest().map(customField),
    ...factFields(entry, isExact ? undefined : type),
  ];
  if (history.length > 0) lose({ what: "earlier values, which are left out", path });
  return [
    folder,
    favourite ? "1" : "",
    isLogin ? "login" : "note",
    name,
    notes,
    fieldLines(custom, path, lose),
    useOnly ? "1" : "0",
    ...login.cells,
  ];
}

/** No program takes a file with such a character for text. */
function withoutNul(entry: ExportedEntry, lose: LossReport): ExportedEntry {
  const fields = entry.fields.filter(({ text }) => !text.includes("\0"));
  if (fields.length < entry.fields.length) {
    lose({ what: "values with a NUL character, which are left out", path: entry.path });
  }
  return { ...entry, fields };
}

/** Addresses stand in one cell, between commas. One that has a comma itself is a custom field. */
function loginCells(
  all: readonly string[],
  take: (name: string) => string | undefined,
): { readonly cells: readonly string[]; readonly urls: readonly string[] } {
  const isPlain = (url: string): boolean => !/[",\r\n]/.test(url);
  const text = (name: string): string => take(name) ?? "";
  return {
    cells: [all.filter(isPlain).join(","), text("username"), text("password"), text("otp")],
    urls: all.filter((url) => !isPlain(url)),
  };
}

/** A line for each, "name: value". One of several lines would be read as several. */
function fieldLines(fields: readonly CustomField[], path: string, lose: LossReport): string {
  const isLine = ({ name, value }: CustomField): boolean => !/[\r\n]/.test(value) && !name.includes(": ");
  if (!fields.every(isLine)) {
    lose({ what: "fields of several lines, or with a colon in their names, which are left out", path });
  }
  return fields
    .filter(isLine)
    .map(({ name, value }) => `${name}: ${value}`)
    .join("\n");
}

function line(cells: readonly string[]): string {
  return `${cells.map(quoted).join(",")}${LINE_END}`;
}

/** Never altered: not for what a spreadsheet would take for a formula either. */
function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
