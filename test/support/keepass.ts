/** Databases of KeePass as tests read them. */
import { utf8 } from "../../src/core/bytes.ts";
import { nobleBackend } from "../../src/core/crypto/noble.ts";
import { PmError } from "../../src/core/errors.ts";
import { importFile } from "../../src/core/import/import-file.ts";
import type { Imported, ImportedEntry } from "../../src/core/import/imported.ts";
import { readKdbx } from "../../src/core/import/kdbx.ts";
import { readKeepassXml } from "../../src/core/import/keepass-xml.ts";
import { READER_HELP } from "./imported.ts";

/** With the native back end, as pm does it, and a password or the bytes of a key file. */
export async function importKdbx(
  bytes: Uint8Array,
  password: string | undefined,
  keyFile?: Uint8Array,
): Promise<Imported> {
  return await readKdbx(importFile("test.kdbx", bytes), {
    ...READER_HELP,
    ...(password === undefined ? {} : { password: utf8(password) }),
    ...(keyFile === undefined ? {} : { keyFile }),
  });
}

export async function importXml(text: string | Uint8Array): Promise<Imported> {
  const bytes = typeof text === "string" ? utf8(text) : text;
  return await readKeepassXml(importFile("test.xml", bytes), { ...READER_HELP, crypto: nobleBackend });
}

/** The one entry of a document that holds `xml`. */
export async function importSingle(xml: string): Promise<ImportedEntry> {
  const { entries } = await importXml(document(xml));
  const [entry, ...more] = entries;
  if (entry === undefined || more.length > 0) throw new Error(`${entries.length} entries`);
  return entry;
}

/** The code of the PmError that it ends with; any other error comes out. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof PmError) return error.code;
    throw error;
  }
  return "none";
}

/** A document with these groups and entries in its own group, and this in its "Meta". */
export function document(content: string, meta = ""): string {
  return `<?xml version="1.0" encoding="utf-8"?><KeePassFile><Meta>${meta}</Meta><Root><Group><UUID>${uuid(1)}</UUID><Name>Root</Name>${content}</Group></Root></KeePassFile>`;
}

export function uuid(number: number): string {
  return Buffer.alloc(16, number).toString("base64");
}

/** An entry with these strings, and whatever else, as XML. */
export function entryXml(strings: Readonly<Record<string, string>>, more = ""): string {
  const items = Object.entries(strings).map(
    ([key, value]) => `<String><Key>${key}</Key><Value>${value}</Value></String>`,
  );
  return `<Entry>${items.join("")}${more}</Entry>`;
}

/** The fields as people compare them: by name, concealed ones marked. */
export function fieldsOf(entry: ImportedEntry | undefined): Record<string, string> {
  return Object.fromEntries(
    (entry?.fields ?? []).map(({ name, text, concealed }) => [concealed ? `${name}*` : name, text]),
  );
}

export function named({ entries }: Imported, title: string): ImportedEntry {
  const found = entries.filter((entry) => entry.title === title);
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} entries "${title}"`);
  return found[0];
}
