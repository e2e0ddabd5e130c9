/** What is to be imported: found, and a file read as a whole within its bound. */
import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { joined } from "../../core/bytes.ts";
import { PmError } from "../../core/errors.ts";
import { importFile } from "../../core/import/import-file.ts";
import { type ImportFile, type ImportFolder, MAX_IMPORT_BYTES } from "../../core/import/reader.ts";
import { errnoOf, ioError } from "../io-error.ts";

export type ImportSource =
  /** It stays on the disk, where it is a file and no pipe. */
  | { readonly kind: "file"; readonly file: ImportFile; readonly stays: boolean }
  | { readonly kind: "folder"; readonly folder: ImportFolder };

/** @throws PmError "not-found", "io", or "limit" before anything of a larger file is read */
export async function openSource(name: string, cwd: string): Promise<ImportSource> {
  const path = resolve(cwd, name);
  try {
    if ((await stat(path)).isDirectory()) return { kind: "folder", folder: { name, path } };
    await using handle = await open(path, constants.O_RDONLY);
    const stays = (await handle.stat()).isFile();
    return { kind: "file", file: importFile(name, await readWhole(handle, name)), stays };
  } catch (error) {
    if (errnoOf(error) === "ENOENT") {
      throw new PmError("not-found", `there is no file ${name}`, { hint: "check the path", cause: error });
    }
    throw ioError(error, `can't read ${name}`);
  }
}

const CHUNK_BYTES = 1_048_576;

/** By pieces: the size of a pipe is not known, and a file may grow meanwhile. */
async function readWhole(handle: FileHandle, name: string): Promise<Uint8Array> {
  const { size } = await handle.stat();
  if (size > MAX_IMPORT_BYTES) throw tooLarge(name);
  const chunks: Uint8Array[] = [];
  for (let length = 0; ;) {
    const chunk = new Uint8Array(size > length ? size - length : CHUNK_BYTES);
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : joined(chunks);
    chunks.push(chunk.subarray(0, bytesRead));
    length += bytesRead;
    if (length > MAX_IMPORT_BYTES) throw tooLarge(name);
  }
}

function tooLarge(name: string): PmError {
  const limit = `${MAX_IMPORT_BYTES / 1_048_576} MiB`;
  return new PmError("limit", `${name} is over the limit of ${limit} for an import`, {
    hint: "export a part at a time: a folder, or without attachments",
  });
}
