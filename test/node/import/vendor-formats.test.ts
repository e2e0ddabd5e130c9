import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { utf8 } from "../../../src/core/bytes.ts";
import { importFile } from "../../../src/core/import/import-file.ts";
import { FORMATS } from "../../../src/node/import/formats.ts";
import { onePux } from "../../support/onepux-export.ts";
import { bytesOf, data, item } from "../../support/proton-export.ts";
import { zipOf } from "../../support/zip-file.ts";

function formatOf(bytes: Uint8Array): string | undefined {
  const file = importFile("export", bytes);
  return FORMATS.find((format) => format.kind === "file" && format.recognises(file))?.name;
}

const PROTON = data([item("note")]);

const EXPORTS: readonly (readonly [string | undefined, string, Uint8Array])[] = [
  ["1pux", "a 1PUX", onePux({ accounts: [] })],
  ["proton-json", "data.json", bytesOf(PROTON)],
  ["proton-zip", "an archive with data.json", zipOf({ "Proton Pass/data.json": bytesOf(PROTON) })],
  ["proton-pgp", "an archive with data.pgp", zipOf({ "Proton Pass/data.pgp": "x" })],
  ["proton-pgp", "a message of OpenPGP", utf8("-----BEGIN PGP MESSAGE-----\n\nabc")],
  [undefined, "another archive", zipOf({ "a.txt": "a" })],
  [undefined, "an archive with a part of a 1PUX", zipOf({ "export.data": "{}" })],
  [undefined, "an archive that is cut short", zipOf({ "Proton Pass/data.json": "{}" }).subarray(0, 60)],
  [undefined, "other JSON with vaults", utf8('{"version":"1","vaults":[{"items":[]}]}')],
  [undefined, "a public key", utf8("-----BEGIN PGP PUBLIC KEY BLOCK-----\n")],
];

test.each(EXPORTS)("%s: %s", (name, _, bytes) => {
  expect(formatOf(bytes)).toBe(name);
});

const STORES: readonly (readonly [string | undefined, readonly string[]])[] = [
  ["pass", [".gpg-id", "a.gpg"]],
  ["gopass", [".gpg-id", ".public-keys"]],
  ["gopass", [".age-recipients"]],
  [undefined, ["a.gpg"]],
];

test.each(STORES)("%s: a folder with %j", async (name, files) => {
  const path = mkdtempSync(join(tmpdir(), "pm-store-"));
  try {
    mkdirSync(join(path, "inner"));
    for (const file of files) writeFileSync(join(path, file), "");
    const folder = { name: "store", path };
    const found = [];
    for (const format of FORMATS) {
      if (format.kind === "folder" && (await format.recognises(folder))) found.push(format.name);
    }
    expect(found[0]).toBe(name);
  } finally {
    rmSync(path, { recursive: true });
  }
});
