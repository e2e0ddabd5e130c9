/** From a name to an entry, and lists: over index rows, without decrypting a record. */
import { PmError } from "../errors.ts";
import type { Row } from "./model.ts";
import type { ListFilter, Resolution } from "./session.ts";
import { type IndexRow, isLive, isPurged, isTrashed, viewRow } from "./vault-index.ts";

const MIN_ID_DIGITS = 4;

/**
 * `id:<hex>` (at least four digits; entries in the trash too), else the exact path, else the only path
 * that differs in case. Never a prefix, never a guess.
 * @throws PmError "usage" for an `id:` that is too short or not hexadecimal
 */
export function resolveName(rows: readonly IndexRow[], name: string): Resolution {
  if (name.startsWith("id:")) return resolution(rows.filter(idMatcher(name.slice(3))));
  const path = name.normalize("NFC");
  const exact = rowsAt(rows, path);
  if (exact.length > 0) return resolution(exact);
  const folded = path.toLowerCase();
  return resolution(rows.filter((row) => isLive(row) && row[3].toLowerCase() === folded));
}

/** What index rows are looked up by. Who asks once looks through them all; who asks again has a map. */
interface Lookup {
  readonly byId: ReadonlyMap<string, IndexRow>;
  /** Live ones. */
  readonly byPath: ReadonlyMap<string, readonly IndexRow[]>;
}

const lookups = new WeakMap<readonly IndexRow[], Lookup>();

/** The live rows of exactly this path. */
export function rowsAt(rows: readonly IndexRow[], path: string): readonly IndexRow[] {
  const known = lookupOf(rows);
  if (known !== undefined) return known.byPath.get(path) ?? [];
  return rows.filter((row) => row[3] === path && isLive(row));
}

/** The row of an entry, whatever state it is in. */
export function rowOf(rows: readonly IndexRow[], id: string): IndexRow | undefined {
  const known = lookupOf(rows);
  return known === undefined ? rows.find((row) => row[0] === id) : known.byId.get(id);
}

/** A map costs as much as several searches, and a command makes two; an agent, thousands. */
const SEARCHES = 2;
const searches = new WeakMap<readonly IndexRow[], number>();

function lookupOf(rows: readonly IndexRow[]): Lookup | undefined {
  const count = (searches.get(rows) ?? 0) + 1;
  searches.set(rows, count);
  if (count > SEARCHES && !lookups.has(rows)) lookups.set(rows, build(rows));
  return lookups.get(rows);
}

function build(rows: readonly IndexRow[]): Lookup {
  const byPath = new Map<string, IndexRow[]>();
  for (const row of rows.filter(isLive)) {
    const others = byPath.get(row[3]);
    if (others === undefined) byPath.set(row[3], [row]);
    else others.push(row);
  }
  return { byId: new Map(rows.map((row) => [row[0], row])), byPath };
}

function idMatcher(digits: string): (row: IndexRow) => boolean {
  const wanted = digits.toLowerCase();
  if (!/^[0-9a-f]{4,32}$/.test(wanted)) {
    throw new PmError("usage", `an id has ${MIN_ID_DIGITS} to 32 hexadecimal digits`, { hint: "pm ls -l" });
  }
  return (row) => row[0].startsWith(wanted) && !isPurged(row);
}

function resolution(rows: readonly IndexRow[]): Resolution {
  const [only, second] = rows;
  if (only === undefined) return { kind: "none" };
  return second === undefined
    ? { kind: "found", row: viewRow(only) }
    : { kind: "ambiguous", rows: rows.map(viewRow) };
}

/** The rows that a filter lets through, sorted by path, then id. */
export function listRows(rows: readonly IndexRow[], filter: ListFilter): readonly Row[] {
  const wanted = filter.trashed === true ? isTrashed : isLive;
  return rows
    .filter((row) => wanted(row) && isUnder(row[3], filter.prefix) && hasTags(row[6], filter.tags))
    .map(viewRow)
    .filter((row) => filter.type === undefined || row.type === filter.type)
    .sort((a, b) => compareText(a.path, b.path) || compareText(a.id, b.id));
}

function isUnder(path: string, prefix: string | undefined): boolean {
  if (prefix === undefined) return true;
  const folder = prefix.endsWith("/") ? prefix.slice(0, -1) : prefix;
  return path === folder || path.startsWith(`${folder}/`);
}

function hasTags(tags: readonly string[], wanted: readonly string[] | undefined): boolean {
  return (wanted ?? []).every((tag) => tags.includes(tag));
}

/** By UTF-16 code units: the same everywhere, and what `--after` continues from. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
