/**
 * What people keep in the files of `pass`: the password on the first line, "key: value" lines, and text. The rule
 * is that of docs/import-vendors.md.
 */
import { fromUtf8 } from "../bytes.ts";
import type { EntryType } from "../vault/model.ts";
import { type FieldList, fieldList } from "./field-list.ts";
import type { ImportedAttachment, ImportedEntry } from "./imported.ts";

/** What a file becomes, before it has a place. */
export type StoredSecret = Pick<ImportedEntry, "type" | "fields" | "attachments">;

/** Keys that browserpass, passff, pass-otp and gopass read, in lower case, and pm's names. */
const KNOWN_KEYS: Readonly<Record<string, string>> = {
  login: "username",
  user: "username",
  username: "username",
  url: "url",
  uri: "url",
  link: "url",
  site: "url",
  website: "url",
  otp: "otp",
  totp: "otp",
  otpauth: "otp",
};

/** At most three words: a sentence with a colon in it is text. */
const PAIR = /^(\p{L}[\p{L}\p{N}_./-]*(?: [\p{L}\p{N}_./-]+){0,2}):[ \t]+(.*\S.*)$/u;
const BLOCK_START = /^-----BEGIN ([A-Z0-9 ]+)-----/;
const BLOCK_END = /^-----END /;
const OTP_URI = /^otpauth:\/\//i;

/** @param name of the entry: what is not text becomes an attachment of that name */
export function passSecret(bytes: Uint8Array, name: string): StoredSecret {
  const text = fromUtf8(bytes);
  if (text === undefined || text.includes("\0")) return fileSecret(name, bytes);
  return textSecret(text);
}

export function fileSecret(name: string, bytes: Uint8Array): StoredSecret {
  const attachments: readonly ImportedAttachment[] = [{ name, bytes }];
  return { type: "custom", fields: [], attachments };
}

function textSecret(text: string): StoredSecret {
  const block = BLOCK_START.exec(text)?.[1];
  if (block !== undefined) return blockSecret(text, block);
  const [first = "", ...lines] = linesOf(text);
  const fields = fieldList("login");
  if (OTP_URI.test(first)) fields.standard("otp", first);
  else fields.standard("password", first);
  fields.standard("notes", addLines(fields, lines));
  return {
    type: typeOf(fields),
    fields: typeOf(fields) === "note" ? asNote(fields) : fields.all(),
    attachments: [],
  };
}

/** A key or a message, which has no password on its first line. */
function blockSecret(text: string, block: string): StoredSecret {
  const isKey = block.endsWith("PRIVATE KEY");
  const fields = fieldList(isKey ? "ssh-key" : "note");
  fields.standard(isKey ? "private" : "notes", text);
  return { type: isKey ? "ssh-key" : "note", fields: fields.all(), attachments: [] };
}

/** Where all lines end as on Windows, the carriage returns are no part of them. The last line end ends the text. */
export function linesOf(text: string): readonly string[] {
  const isWindows = text.includes("\r\n") && !/(?<!\r)\n/.test(text);
  const lines = text.split(isWindows ? "\r\n" : "\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** Puts pairs into the fields; the other lines in their order are the notes. */
export function addLines(fields: FieldList, lines: readonly string[]): string {
  const notes: string[] = [];
  let isInBlock = false;
  for (const line of lines) {
    isInBlock ||= line.includes("-----BEGIN ");
    if (isInBlock || !addLine(fields, line)) notes.push(line);
    if (BLOCK_END.test(line)) isInBlock = false;
  }
  return textOf(notes);
}

/** Without empty lines at both ends, which only set it apart. */
export function textOf(lines: readonly string[]): string {
  const [first, last] = [lines.findIndex((line) => line !== ""), lines.findLastIndex((line) => line !== "")];
  return first === -1 ? "" : lines.slice(first, last + 1).join("\n");
}

function addLine(fields: FieldList, line: string): boolean {
  if (OTP_URI.test(line)) return fields.standard("otp", line) || addPair(fields, "otpauth", line);
  const [, key, value] = PAIR.exec(line) ?? [];
  return key !== undefined && value !== undefined && addPair(fields, key, value);
}

/** Always true: a second value for the same field stays under the key as it is written. */
export function addPair(fields: FieldList, key: string, value: string): true {
  const lower = key.toLowerCase();
  const known = Object.hasOwn(KNOWN_KEYS, lower) ? KNOWN_KEYS[lower] : undefined;
  if (known === "url") fields.url(value);
  else if (known === undefined || !fields.standard(known, value)) fields.custom(key, value, known === "otp");
  return true;
}

function typeOf(fields: FieldList): EntryType {
  const names = fields.all().map(({ name }) => name);
  if (names.length === 0) return "custom";
  return names.every((name) => name === "notes") ? "note" : "login";
}

function asNote(fields: FieldList): StoredSecret["fields"] {
  return fields.all().map((field) => ({ ...field, concealed: true }));
}
