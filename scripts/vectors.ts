// Writes the vectors of test/vectors/format that are missing there. It never changes one that exists:
// where it would make another, it says so and fails.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fromUtf8, toBase64, toHex } from "../src/core/bytes.ts";
import { viewEntry } from "../src/core/vault/entry-view.ts";
import { parseRecord } from "../src/core/vault/record.ts";
import { parseIndex } from "../src/core/vault/vault-index.ts";
import { type BaseVector, type Case, publishedEntry } from "../test/support/format-vectors.ts";
import { contentOf, sha256, type TestVault } from "../test/support/vault-builder.ts";
import { type Base, BASES, sealBases } from "./vectors/bases.ts";
import { brokenCases } from "./vectors/broken.ts";
import { attachmentCases } from "./vectors/broken-attachments.ts";
import { shareCases } from "./vectors/broken-share.ts";
import { ATTACHED, HEADER, OPENED, REFUSED, SHARES } from "./vectors/cases.ts";
import { structureCases } from "./vectors/structure.ts";

const FOLDER = new URL("../test/vectors/format/", import.meta.url);

const vaults = await sealBases();
for (const base of BASES) write(`${base.id}.json`, `${JSON.stringify(describe(base), undefined, 1)}\n`);
write("opened.json", list(OPENED));
write("refused.json", list(REFUSED));
write("header.json", list(HEADER));
write("structure.json", list(structureCases(vaults)));
write("content.json", list(brokenCases(vaultOf("PMV1-008"))));
write("shares.json", list([...SHARES, ...shareCases(vaultOf("PMV1-008"))]));
write("attachments.json", list([...ATTACHED, ...attachmentCases(vaultOf("PMV1-008"))]));

function vaultOf(id: string): TestVault {
  const vault = vaults.get(id);
  if (vault === undefined) throw new Error(`no base ${id}`);
  return vault;
}

function describe({ id, about }: Base): BaseVector {
  const vault = vaultOf(id);
  const content = contentOf(vault);
  // The index of the worked example is not a complete one.
  const rows = id === "PMV1-001" ? [] : parseIndex(content.index).rows;
  const records = rows.map(([entry, offset, length]) => ({
    entry,
    bytes: content.record({ offset, length }),
  }));
  return {
    id,
    about,
    sha256: toHex(sha256(vault.file)),
    rootKey: toHex(vault.rootKey),
    index: fromUtf8(content.index) ?? "",
    records: records.map(({ bytes }) => fromUtf8(bytes) ?? ""),
    entries: records.map(({ entry, bytes }) => publishedEntry(viewEntry(parseRecord(bytes, entry)))),
    file: toBase64(vault.file),
  };
}

/** One case a line, so that an addition shows as one. */
function list(cases: readonly Case[]): string {
  return `[\n${cases.map((vector) => JSON.stringify(vector)).join(",\n")}\n]\n`;
}

function write(name: string, text: string): void {
  const url = new URL(name, FOLDER);
  if (!existsSync(url)) {
    writeFileSync(url, text);
    process.stdout.write(`wrote ${name}\n`);
  } else if (readFileSync(url, "utf8") !== text) {
    process.stderr.write(`${name} exists and would change: vectors are added, never edited\n`);
    process.exitCode = 1;
  }
}
