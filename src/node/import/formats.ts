/**
 * The table of formats that `pm import` reads: one row and one file each. A row recognises its format by the
 * content, and loads the reader (and with it the packages that it needs) only then.
 */
import { equalBytes } from "../../core/bytes.ts";
import { isPlainCsv } from "../../core/import/csv-generic.ts";
import { membersOf } from "../../core/import/foreign-value.ts";
import type { ImportFile, ImportFormat } from "../../core/import/reader.ts";
import { isKeepass } from "../../core/kdbx/header.ts";
import { MAGIC } from "../../core/vault/header.ts";
import { CSV_FORMATS, HEADLESS_FORMATS } from "./csv-formats.ts";
import { VENDOR_FORMATS } from "./vendor-formats.ts";

/** A document of KeePass says what it is behind an XML declaration and perhaps a comment. */
const XML_HEAD_CHARS = 4096;

/** The first that recognises a file or folder has it: what is narrower stands first. */
export const FORMATS: readonly ImportFormat[] = [
  {
    kind: "file",
    name: "pm-json",
    title: "pm (JSON)",
    // Of which version it is told when it is read.
    recognises: (file) => members(file)["format"] === "pm-export",
    load: async () => (await import("../../core/import/pm-json.ts")).readPmJson,
  },
  {
    kind: "file",
    name: "pm-vault",
    title: "pm (sealed)",
    recognises: ({ bytes }) => equalBytes(bytes.subarray(0, MAGIC.length), MAGIC),
    protection: () => "password",
    load: async () => (await import("../../core/import/pm-vault.ts")).readPmVault,
  },
  {
    kind: "file",
    name: "bitwarden-json",
    title: "Bitwarden (JSON)",
    recognises: (file) => members(file)["encrypted"] === false && Array.isArray(members(file)["items"]),
    load: async () => (await import("../../core/import/bitwarden-json.ts")).readBitwardenJson,
  },
  {
    kind: "file",
    name: "bitwarden-protected",
    title: "Bitwarden (JSON, with a password)",
    recognises: (file) => members(file)["encrypted"] === true && isText(members(file)["data"]),
    protection: () => "password",
    load: async () => (await import("../../core/import/bitwarden-protected.ts")).readBitwardenProtected,
  },
  {
    kind: "file",
    name: "kdbx",
    title: "KeePass (KDBX)",
    recognises: (file) => isKeepass(file.bytes),
    protection: () => "password or key file",
    load: async () => (await import("../../core/import/kdbx.ts")).readKdbx,
  },
  {
    kind: "file",
    name: "keepass-xml",
    title: "KeePass (XML)",
    recognises: (file) => /<KeePassFile[\s>]/.test((file.text() ?? "").slice(0, XML_HEAD_CHARS)),
    load: async () => (await import("../../core/import/keepass-xml.ts")).readKeepassXml,
  },
  {
    kind: "file",
    name: "enpass-json",
    title: "Enpass (JSON)",
    recognises: (file) => {
      const { items } = members(file);
      return Array.isArray(items) && items.some((item) => isText(membersOf(item)["template_type"]));
    },
    load: async () => (await import("../../core/import/enpass-json.ts")).readEnpassJson,
  },
  ...VENDOR_FORMATS,
  ...CSV_FORMATS,
  {
    kind: "file",
    name: "csv",
    title: "CSV",
    recognises: (file) => isPlainCsv(file.columns()),
    accepts: (file) => file.columns().length > 0,
    load: async () => (await import("../../core/import/csv-generic.ts")).readGenericCsv,
  },
  ...HEADLESS_FORMATS,
];

function members(file: ImportFile): ReturnType<typeof membersOf> {
  return membersOf(file.json());
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}
