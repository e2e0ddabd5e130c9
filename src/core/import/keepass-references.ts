/**
 * `{REF:P@I:…}`: a value of KeePass that stands in another entry. pm has no such thing inside of a value, so
 * that the entry gets what KeePass would show. What leads nowhere stays as it is.
 */
import { fromBase64, toHex } from "../bytes.ts";
import type { KdbxEntry } from "../kdbx/database.ts";

export interface Resolved {
  readonly text: string;
  /** Whether something in it comes from a place that conceals. */
  readonly isSecret: boolean;
  readonly outcome: "copied" | "left";
}

/** The value of a string with all references in it; undefined where there is none in it. */
export type Resolve = (value: string) => Resolved | undefined;

const REFERENCE = /\{REF:([TUPANI])@([TUPANIO]):([^}]*)\}/gi;
/** As KeePass has it, against circles and ladders of references. */
const MAX_DEPTH = 10;
/** What all copies of a file may come to: a few entries that refer to each other could grow without an end. */
const MAX_COPIED_CHARS = 33_554_432;
/** What looking one up counts for, in characters: empty values multiply as well. */
const LOOKUP_COST = 64;

const KEYS: Readonly<Record<string, string>> = {
  T: "Title",
  U: "UserName",
  P: "Password",
  A: "URL",
  N: "Notes",
};
const STANDARD: ReadonlySet<string> = new Set(Object.values(KEYS));

export function referenceResolver(entries: readonly KdbxEntry[]): Resolve {
  const find = finder(entries);
  let left = MAX_COPIED_CHARS;
  const resolve = (value: string, depth: number): Resolved | undefined => {
    let [isSecret, outcome]: [boolean, Resolved["outcome"]] = [false, "copied"];
    let isThere = false;
    const text = value.replaceAll(REFERENCE, (whole, wanted: string, where: string, what: string) => {
      isThere = true;
      left -= LOOKUP_COST;
      const entry = depth < MAX_DEPTH && left >= 0 ? find(where.toUpperCase(), what) : undefined;
      const found = entry && valueOf(entry, wanted.toUpperCase());
      const inner = found && (resolve(found.text, depth + 1) ?? { ...found, outcome: "copied" });
      left -= inner?.text.length ?? 0;
      if (found === undefined || inner?.outcome !== "copied" || left < 0) {
        outcome = "left";
        return whole;
      }
      isSecret ||= found.isSecret || inner.isSecret;
      return inner.text;
    });
    return isThere ? { text, isSecret, outcome } : undefined;
  };
  return (value) => (value.includes("{REF:") || value.includes("{ref:") ? resolve(value, 0) : undefined);
}

function valueOf(entry: KdbxEntry, wanted: string): { text: string; isSecret: boolean } | undefined {
  if (wanted === "I") return { text: uuidOf(entry), isSecret: false };
  const string = entry.strings.find(({ key }) => key === KEYS[wanted]);
  return string && { text: string.value, isSecret: wanted === "P" || string.isProtected };
}

type Find = (where: string, what: string) => KdbxEntry | undefined;

/** One index for each place in which is looked, made when it first is: the first entry with that value. */
function finder(entries: readonly KdbxEntry[]): Find {
  const indexes = new Map<string, ReadonlyMap<string, KdbxEntry>>();
  return (where, what) => {
    const index = indexes.get(where) ?? indexOf(entries, where);
    indexes.set(where, index);
    return index.get(where === "I" ? what.toUpperCase() : what);
  };
}

function indexOf(entries: readonly KdbxEntry[], where: string): ReadonlyMap<string, KdbxEntry> {
  const index = new Map<string, KdbxEntry>();
  for (const entry of entries) {
    for (const value of valuesIn(entry, where)) if (!index.has(value)) index.set(value, entry);
  }
  return index;
}

function valuesIn(entry: KdbxEntry, where: string): string[] {
  if (where === "I") return [uuidOf(entry)];
  return entry.strings
    .filter(({ key }) => (where === "O" ? !STANDARD.has(key) : key === KEYS[where]))
    .map(({ value }) => value);
}

function uuidOf({ uuid }: KdbxEntry): string {
  return toHex(fromBase64(uuid) ?? new Uint8Array(0)).toUpperCase();
}
