/** Chromium's exporter (components/password_manager/core/browser/export/csv_writer.cc), and what it wrote read again. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { utf8 } from "../../../src/core/bytes.ts";
import { CHROME } from "../../../src/core/import/csv-presets.ts";
import { csvReader } from "../../../src/core/import/csv-reader.ts";
import { decodeText } from "../../../src/core/import/decode-text.ts";
import { importFile } from "../../../src/core/import/import-file.ts";
import type { ReaderHelp } from "../../../src/core/import/reader.ts";

type Row = readonly [name: string, url: string, username: string, password: string, note: string];

/** A cell with one of \r \n " , is quoted, and quotes in it are doubled; the rest is as it is. */
function chromiumCsv(rows: readonly Row[], newline: string): string {
  const cell = (text: string): string => (/[\r\n",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = [["name", "url", "username", "password", "note"], ...rows];
  return lines.map((row) => row.map(cell).join(",") + newline).join("");
}

async function read(text: string): Promise<readonly Row[]> {
  // A CSV needs no help.
  const { entries } = await csvReader(CHROME)(importFile("x.csv", utf8(text)), {} as ReaderHelp);
  return entries.map(({ title, fields }): Row => {
    const value = (name: string): string => fields.find((field) => field.name === name)?.text ?? "";
    return [title, value("url"), value("username"), value("password"), value("notes")];
  });
}

const TEXT = fc
  .oneof(
    fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", " ", "a", "ä", "😀", ";", "\t", "=") }),
    fc.string({ unit: "grapheme" }),
  )
  .filter((text) => !text.includes("\0"));

describe.each([
  ["on Linux and macOS", "\n"],
  ["on Windows", "\r\n"],
])("what Chromium exports %s", (_, newline) => {
  test("comes back exactly", async () => {
    const row = fc.tuple(TEXT, TEXT, TEXT, TEXT, TEXT).filter((cells) => cells.some((cell) => cell !== ""));
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 5 }), async (rows) => {
        expect(await read(chromiumCsv(rows, newline))).toEqual(rows);
      }),
    );
  });
});

test.each<[string, Uint8Array, string | undefined]>([
  ["UTF-8", utf8("ä€"), "ä€"],
  ["UTF-8 with a mark", utf8("\ufeffä"), "ä"],
  ["UTF-16, little end first", Uint8Array.of(0xff, 0xfe, 0xe4, 0, 0xac, 0x20), "ä€"],
  ["UTF-16, big end first", Uint8Array.of(0xfe, 0xff, 0, 0xe4, 0x20, 0xac), "ä€"],
  ["Windows-1252", Uint8Array.of(0xe4, 0x80), "ä€"],
  ["bytes", Uint8Array.of(1, 0, 2), undefined],
])("a text in %s", (_, bytes, text) => {
  expect(decodeText(bytes)).toBe(text);
});
