/** What a format is made of: how its content is recognised, and the reader that is loaded for it. */
import type { CryptoBackend } from "../crypto/backend.ts";
import type { Imported } from "./imported.ts";

/** A file that is to be imported. Its views are made once, when they are first asked for. */
export interface ImportFile {
  /** As people named it, for messages. */
  readonly name: string;
  /** At most MAX_IMPORT_BYTES. Readers change nothing in it. */
  readonly bytes: Uint8Array;
  /** Without a byte order mark; undefined where it is not text. */
  text(): string | undefined;
  /** The value that the text is as JSON; undefined where it is none. @throws PmError where it is hostile */
  json(): unknown;
  /** The first row of the text as CSV, trimmed and in lower case; empty where it is none. */
  columns(): readonly string[];
  /** Names of the files where it is a ZIP archive, as the archive lists them; else empty. */
  zipNames(): readonly string[];
}

/** Credentials of a protected export, as far as the call gives them; they stay the caller's. */
export interface ImportCredentials {
  readonly password?: Uint8Array;
  /** The content of a key file. */
  readonly keyFile?: Uint8Array;
}

/** What a reader needs beside the file. */
export interface ReaderHelp extends ImportCredentials {
  readonly crypto: CryptoBackend;
  readonly subtle: InstanceType<typeof SubtleCrypto>;
  /** Of a generic CSV: the names of pm's fields by those of its columns. */
  readonly map?: ReadonlyMap<string, string>;
}

/**
 * Reads a whole export, or throws: "usage" where it is none (truncated, damaged), with what is wrong and never with
 * a value; "auth" where the password or key file is wrong; "limit" where it is over a bound. Values are taken as
 * they are; names too, see {@link Imported}.
 */
export type Reader = (file: ImportFile, help: ReaderHelp) => Promise<Imported>;

/** What opens an export: nothing is needed, a password always is, or either or both of the two do. */
export type Protection = "none" | "password" | "password or key file";

interface Format {
  /** On the command line: "bitwarden-json". What stands before the first dash is the word for all of a vendor. */
  readonly name: string;
  /** For people: "Bitwarden (JSON)". */
  readonly title: string;
}

export interface FileFormat extends Format {
  readonly kind: "file";
  /** By the content alone. Rows are asked in their order, so the narrower one stands first. */
  recognises(file: ImportFile): boolean;
  /** What may be it, where people say so, and is too plain to be recognised. */
  accepts?(file: ImportFile): boolean;
  /** "none" where it is left out. */
  readonly protection?: (file: ImportFile) => Protection;
  load(): Promise<Reader>;
}

/** A folder that is to be imported. */
export interface ImportFolder {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** What a reader of a folder needs: it runs programs, such as gpg. */
export interface FolderHelp {
  /** Without the credentials of pm. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

export type FolderReader = (folder: ImportFolder, help: FolderHelp) => Promise<Imported>;

export interface FolderFormat extends Format {
  readonly kind: "folder";
  recognises(folder: ImportFolder): Promise<boolean>;
  load(): Promise<FolderReader>;
}

export type ImportFormat = FileFormat | FolderFormat;

/** A larger file is refused before it is read. Attachments of 32 MB as base64 and much text fit. */
export const MAX_IMPORT_BYTES = 134_217_728;
