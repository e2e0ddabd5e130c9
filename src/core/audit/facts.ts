/** What an audit keeps of an entry: its passwords, the words that an attacker would try first, its addresses. */
import { hostOf } from "../vault/entry-view.ts";
import type { Entry, EntryType, Field } from "../vault/model.ts";
import { isPlainRemote } from "./plain-url.ts";

export interface EntryFacts {
  readonly id: string;
  readonly path: string;
  readonly type: EntryType;
  readonly expires: string | undefined;
  readonly passwords: readonly Password[];
  /** Fields that hold an address without TLS, and its host. */
  readonly plainUrls: readonly { readonly field: string; readonly host: string }[];
}

export interface Password {
  readonly field: string;
  readonly text: string;
  /** Epoch milliseconds of the writer's clock. */
  readonly written: number | undefined;
  /** In lower case: what it must not be. */
  readonly names: ReadonlySet<string>;
  /** The same, and what they are made of. */
  readonly ownWords: readonly string[];
}

export function factsOf(entry: Entry): EntryFacts {
  const names = namesOf(entry);
  const ownWords = wordsOf(names, entry.path);
  const { id, path, type, expires, fields, written = {} } = entry;
  return {
    id,
    path,
    type,
    expires,
    passwords: fields
      .filter((field) => isPassword(field))
      .map(({ name, text }) => ({ field: name, text, written: written[name], names, ownWords })),
    plainUrls: fields
      .filter((field) => isUrl(field) && isPlainRemote(field.text))
      .map(({ name, text }) => ({ field: name, host: hostOf(text) ?? "" })),
  };
}

/** Concealed by their kind, and chosen by nobody: short by nature, made by machines, or texts. */
const NO_PASSWORDS: ReadonlySet<string> = new Set([
  "pin",
  "cvv",
  "number",
  "otp",
  "private",
  "public",
  "notes",
]);
/** Longer ones are keys and documents. */
const MAX_PASSWORD_CHARS = 1024;

function isPassword({ name, text, encoding, concealed, withheld }: Field): boolean {
  if (!concealed || encoding !== "utf8" || withheld === true) return false;
  if (NO_PASSWORDS.has(name.toLowerCase())) return false;
  return text !== "" && text.length <= MAX_PASSWORD_CHARS && !/[\r\n]/.test(text);
}

/** url, url2, url3 …, as everywhere in pm. */
function isUrl({ name, encoding, concealed }: Field): boolean {
  return /^url\d*$/.test(name) && encoding === "utf8" && !concealed;
}

const USER_FIELDS: ReadonlySet<string> = new Set(["username", "email", "name", "ssid"]);

/** Path and title; user names, and what stands before their @; hosts and their labels. */
function namesOf({ path, fields }: Entry): ReadonlySet<string> {
  const names = [path, path.slice(path.lastIndexOf("/") + 1)];
  for (const field of fields) {
    if (field.concealed || field.encoding !== "utf8") continue;
    if (USER_FIELDS.has(field.name)) names.push(field.text, field.text.replace(/@.*$/s, ""));
    const host = isUrl(field) ? hostOf(field.text) : undefined;
    if (host !== undefined) names.push(host, ...host.split(".").filter((label) => label !== "www"));
  }
  return new Set(names.map((name) => name.toLowerCase()).filter((name) => name !== ""));
}

/** Shorter parts of a name say nothing. */
const MIN_PART_CHARS = 3;

function wordsOf(names: ReadonlySet<string>, path: string): readonly string[] {
  const parts = [...names, path.toLowerCase()].flatMap((name) => name.split(/[^\p{L}\p{N}]+/u));
  return [...new Set([...names, ...parts])].filter(({ length }) => length >= MIN_PART_CHARS);
}
