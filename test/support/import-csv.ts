/** Exports as texts, read the way pm import reads them. */
import { webcrypto } from "node:crypto";
import { utf8 } from "../../src/core/bytes.ts";
import { importFile } from "../../src/core/import/import-file.ts";
import type { Imported, ImportedEntry } from "../../src/core/import/imported.ts";
import { nativeBackend } from "../../src/node/crypto.ts";
import { detectFormat } from "../../src/node/import/detect.ts";

/** The format that the content is recognised as, and what its reader makes of it. */
export async function readCsv(text: string): Promise<{ name: string; imported: Imported }> {
  const file = importFile("export.csv", utf8(text));
  const found = await detectFormat({ kind: "file", file, stays: true }, undefined);
  if (found.kind !== "file") throw new Error("it is a file");
  const reader = await found.format.load();
  const imported = await reader(file, { crypto: nativeBackend, subtle: webcrypto.subtle });
  return { name: found.format.name, imported };
}

/** "folder/title type", its fields as "name=text" with a * where concealed, then facts. */
export function showImported(entry: ImportedEntry): readonly string[] {
  const { folders, title, type, fields, tags, favourite, created } = entry;
  return [
    `${[...folders, title].join("/")} ${type}`,
    ...fields.map(({ name, text, concealed }) => `${concealed ? "*" : ""}${name}=${text}`),
    ...tags.map((tag) => `#${tag}`),
    ...(favourite ? ["favourite"] : []),
    ...(created === undefined ? [] : [new Date(created).toISOString()]),
  ];
}
