/** CSV of any program: by the columns that people name, else by words that columns are usually called. */
import { PmError } from "../errors.ts";
import { parseCsv } from "./csv.ts";
import { CSV_FACTS, type CsvPreset, readRows, type Target } from "./csv-preset.ts";
import type { Imported } from "./imported.ts";
import type { ImportFile, ReaderHelp } from "./reader.ts";

/** What columns are called in exports that no preset knows. */
const WORDS: ReadonlyMap<string, Target> = new Map([
  ...words("@title", "title", "name", "account", "account name", "item", "entry", "service", "site name"),
  ...words(
    "username",
    "username",
    "user",
    "user name",
    "login",
    "login name",
    "login_username",
    "email",
    "e-mail",
  ),
  ...words("password", "password", "pass", "pwd", "secret", "login_password"),
  ...words(
    "url",
    "url",
    "uri",
    "website",
    "web site",
    "site",
    "address",
    "link",
    "login_uri",
    "website address",
  ),
  ...words("notes", "notes", "note", "comment", "comments", "extra", "description", "remarks"),
  ...words("otp", "otp", "totp", "otpauth", "2fa", "otp secret", "login_totp", "authenticator"),
  ...words("@folder", "folder", "group", "grouping", "category", "path", "vault", "collection"),
  ...words("@tags", "tags", "labels"),
  ...words("@favourite", "favourite", "favorite", "fav", "starred"),
  ...words("@expires", "expires", "expiry date", "expiration date"),
  ...words("@created", "created", "created at", "creation date", "createtime"),
]);

function words(target: Target, ...names: readonly string[]): readonly (readonly [string, Target])[] {
  return names.map((name) => [name, target] as const);
}

/** Whether the columns alone say enough: something secret, and whose it is. */
export function isPlainCsv(columns: readonly string[]): boolean {
  const targets = new Set(columns.map((column) => WORDS.get(column)));
  return targets.has("password") && (targets.has("@title") || targets.has("url") || targets.has("username"));
}

export async function readGenericCsv(file: ImportFile, { map }: ReaderHelp): Promise<Imported> {
  const table = await parseCsv(file.text() ?? "", file.name);
  const columns = table.columns.map((column) => column.toLowerCase());
  const preset: CsvPreset = { columns, map: Object.fromEntries(targetsOf(columns, map, file.name)) };
  return { entries: readRows(table, preset), skipped: [] };
}

/** The first column of a meaning has it; a second one becomes a field of its own name. */
function targetsOf(
  columns: readonly string[],
  map: ReaderHelp["map"],
  name: string,
): ReadonlyMap<string, Target> {
  const targets = new Map(map === undefined ? [] : namedTargets(columns, map, name));
  const used = new Set(targets.values());
  for (const column of columns) {
    const target = WORDS.get(column);
    if (target === undefined || targets.has(column) || used.has(target)) continue;
    targets.set(column, target);
    used.add(target);
  }
  return targets;
}

function namedTargets(
  columns: readonly string[],
  map: ReadonlyMap<string, string>,
  name: string,
): readonly (readonly [string, Target])[] {
  return [...map].map(([field, column]) => {
    if (!columns.includes(column.toLowerCase())) {
      throw new PmError("usage", `${name} has no column "${column}"`, {
        hint: "its first line has their names: head -n 1 FILE",
      });
    }
    const isFact = CSV_FACTS.some((fact) => fact === field);
    return [column.toLowerCase(), isFact ? `@${field}` : field] as const;
  });
}

/** @throws PmError "usage" where it is not "field=column,field=column" */
export function parseColumnMap(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(",").map((pair): readonly [string, string] => {
    const equals = pair.indexOf("=");
    if (equals > 0 && equals < pair.length - 1) {
      return [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
    }
    throw new PmError("usage", `"${pair}" maps no field to a column`, {
      hint: "--map 'title=Name,username=Login,password=Pass'",
    });
  });
  return new Map(pairs);
}
