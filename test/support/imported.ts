/** What a reader made of an export, as tests look at it. */
import { nobleBackend } from "../../src/core/crypto/noble.ts";
import { importFile } from "../../src/core/import/import-file.ts";
import type { Imported, ImportedEntry } from "../../src/core/import/imported.ts";
import type { Reader } from "../../src/core/import/reader.ts";

export async function readBytes(reader: Reader, bytes: Uint8Array): Promise<Imported> {
  return await reader(importFile("export", bytes), { crypto: nobleBackend, subtle: crypto.subtle });
}

/** "name: text", with "(secret)" behind the names of concealed ones; line ends as \n. */
export function fieldLines(entry: Pick<ImportedEntry, "fields"> | undefined): readonly string[] {
  return (entry?.fields ?? []).map(({ name, text, concealed }) =>
    `${name}${concealed ? " (secret)" : ""}: ${text}`.replaceAll("\n", "\\n"),
  );
}
