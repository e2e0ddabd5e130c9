/** Which format a file or folder is in: what its content says, held against what people say. */
import { equalBytes } from "../../core/bytes.ts";
import { PmError } from "../../core/errors.ts";
import { membersOf } from "../../core/import/foreign-value.ts";
import type { FileFormat, FolderFormat, ImportFile, ImportFormat } from "../../core/import/reader.ts";
import { KIND, MAGIC } from "../../core/vault/header.ts";
import { FORMATS } from "./formats.ts";
import type { ImportSource } from "./source.ts";

/** A format, and what is in it. */
export type Detected =
  | {
      readonly kind: "file";
      readonly format: FileFormat;
      readonly file: ImportFile;
      /** Whether anybody can go on reading it. */
      readonly exposed: boolean;
    }
  | {
      readonly kind: "folder";
      readonly format: FolderFormat;
      readonly folder: Extract<ImportSource, { kind: "folder" }>["folder"];
    };

/** The formats that a word means: the name of one, or all of a vendor. @throws PmError "usage" */
export async function formatsNamed(word: string): Promise<readonly ImportFormat[]> {
  const wanted = word.toLowerCase();
  const meant = FORMATS.filter(({ name }) => name === wanted || vendorOf(name) === wanted);
  if (meant.length > 0) return meant;
  const { nearest } = await import("../../core/vault/nearest.ts");
  const names = FORMATS.map(({ name }) => name);
  const [near] = nearest(wanted, [...new Set(names.map(vendorOf)), ...names]);
  throw new PmError("usage", `"${word}" is no format`, {
    hint: near === undefined ? `one of ${names.join(", ")}` : `did you mean "${near}"?`,
  });
}

function vendorOf(name: string): string {
  return name.split("-")[0] ?? name;
}

/**
 * @param word as people name the format; undefined where the content is to tell
 * @throws PmError "usage" that says what it looks like
 */
export async function detectFormat(source: ImportSource, word: string | undefined): Promise<Detected> {
  const meant = word === undefined ? FORMATS : await formatsNamed(word);
  const name = source.kind === "file" ? source.file.name : source.folder.name;
  if (source.kind === "file") refuseFile(source.file);
  const found = (await firstOf(meant, source)) ?? acceptedBy(word === undefined ? [] : meant, source);
  if (found !== undefined) return found;
  const other = word === undefined ? undefined : await firstOf(FORMATS, source);
  if (word === undefined || meant[0] === undefined) throw unknownFormat(source, name);
  throw new PmError("usage", `${name} is no export of ${meant[0].title}`, {
    hint:
      other === undefined
        ? "export it once more, or leave the format out"
        : `it looks like ${other.format.title}: pm import ${other.format.name} ${name}`,
  });
}

async function firstOf(
  formats: readonly ImportFormat[],
  source: ImportSource,
): Promise<Detected | undefined> {
  for (const format of formats) {
    if (source.kind === "file" && format.kind === "file") {
      if (format.recognises(source.file)) return detected(format, source);
    }
    if (source.kind === "folder" && format.kind === "folder") {
      const { folder } = source;
      if (await format.recognises(folder)) return { kind: "folder", format, folder };
    }
  }
  return undefined;
}

function acceptedBy(formats: readonly ImportFormat[], source: ImportSource): Detected | undefined {
  if (source.kind === "folder") return undefined;
  for (const format of formats) {
    if (format.kind === "file" && format.accepts?.(source.file) === true) return detected(format, source);
  }
  return undefined;
}

function detected(format: FileFormat, { file, stays }: Extract<ImportSource, { kind: "file" }>): Detected {
  const isProtected = (format.protection?.(file) ?? "none") !== "none";
  return { kind: "file", format, file, exposed: stays && !isProtected };
}

/** docs/format.md section 3. */
const KIND_OFFSET = 11;

/** What is no export, but something that people may take for one. */
function refuseFile(file: ImportFile): void {
  const { name, bytes } = file;
  if (bytes.length === 0) throw new PmError("usage", `${name} is empty`);
  if (equalBytes(bytes.subarray(0, MAGIC.length), MAGIC) && bytes[KIND_OFFSET] !== KIND.vault) {
    throw new PmError("usage", `${name} is a bundle of pm, which is used as it is`, {
      hint: `pm ls --vault ${name}`,
    });
  }
  const { encrypted, encKeyValidation_DO_NOT_EDIT: proof, data } = membersOf(file.json());
  if (encrypted === true && proof !== undefined && data === undefined) {
    throw new PmError("usage", `${name} opens only in the Bitwarden account that it was exported from`, {
      hint: 'export it anew: "password protected" instead of "account restricted"',
    });
  }
}

function unknownFormat(source: ImportSource, name: string): PmError {
  if (source.kind === "folder") {
    return new PmError("usage", `the folder ${name} is no password store`, {
      hint: "one has a file .gpg-id",
    });
  }
  if (source.file.columns().length > 0) {
    // They are not printed: without a header the first line is an entry.
    return new PmError("usage", `${name} is a table whose columns pm does not know`, {
      hint: `say what they mean: pm import csv ${name} --map 'title=COLUMN,password=COLUMN'`,
    });
  }
  return new PmError("usage", `${name} is in no format that pm knows`, {
    hint: "pm help import lists them; a JSON or XML file may be cut off",
  });
}
