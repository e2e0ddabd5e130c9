/** What a reader made of an export, as tests look at it. */
import { importFile } from "../../src/core/import/import-file.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import type { Imported, ImportedEntry } from "../../src/core/import/imported.ts";
import type { Reader, ReaderHelp } from "../../src/core/import/reader.ts";

/** Without credentials, and an environment in which no program is found. */
export const READER_HELP: ReaderHelp = {
  crypto: nativeBackend,
  subtle: crypto.subtle,
  env: {},
  signal: new AbortController().signal,
};

export async function readBytes(
  reader: Reader,
  bytes: Uint8Array,
  help: Partial<ReaderHelp> = {},
): Promise<Imported> {
  return await reader(importFile("export", bytes), { ...READER_HELP, ...help });
}

/** "name: text", with "(secret)" behind the names of concealed ones; line ends as \n. */
export function fieldLines(entry: Pick<ImportedEntry, "fields"> | undefined): readonly string[] {
  return (entry?.fields ?? []).map(({ name, text, concealed }) =>
    `${name}${concealed ? " (secret)" : ""}: ${text}`.replaceAll("\n", "\\n"),
  );
}
