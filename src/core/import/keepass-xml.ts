/** The unencrypted XML that KeePass 2 and KeePassXC export. */
import { readDocument } from "../kdbx/document.ts";
import { MAX_UNPACKED_BYTES } from "../kdbx/gzip.ts";
import { toImported } from "./keepass-entries.ts";
import type { Reader } from "./reader.ts";

/** What is fed to the parser at once. */
const CHUNK_BYTES = 65_536;

export const readKeepassXml: Reader = async ({ bytes }) => {
  const context = { unmask: undefined, pool: [], budget: { left: MAX_UNPACKED_BYTES } };
  return toImported((await readDocument(chunksOf(bytes), context)).database);
};

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}
