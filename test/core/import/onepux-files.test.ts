import { describe, expect, test } from "vitest";
import { utf8 } from "../../../src/core/bytes.ts";
import { hasCode } from "../../../src/core/errors.ts";
import { readOnePux } from "../../../src/core/import/onepux.ts";
import { fieldLines, readBytes } from "../../support/imported.ts";
import { ATTRIBUTES, entryOf, item, readItems, section } from "../../support/onepux-export.ts";
import { zipOf } from "../../support/zip-file.ts";

describe("files", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, n) => n);
  const file = (documentId: string, fileName: string) => ({ documentId, fileName, decryptedSize: 256 });

  test("come along with their exact bytes, of documents and of fields", async () => {
    const details = {
      documentAttributes: file("doc1", "a b.pdf"),
      sections: [
        section("Files", {
          f: ["", { file: file("doc2", "key.bin") }],
          g: ["", { file: file("doc3", "../../etc/passwd") }],
        }),
      ],
    };
    const entry = await entryOf(
      "006",
      { details },
      {
        "files/doc1__a b.pdf": bytes,
        "files/doc2__key.bin": "two",
        "files/doc3__passwd": "three",
        "files/me.png": "a picture of the account",
      },
    );
    expect(entry.attachments).toEqual([
      { name: "a b.pdf", bytes },
      { name: "key.bin", bytes: utf8("two") },
      { name: "../../etc/passwd", bytes: utf8("three") },
    ]);
    expect(fieldLines(entry)).toEqual(["category: Document"]);
  });

  test("that are not there, or that no item names, are said", async () => {
    const details = {
      documentAttributes: file("doc1", "gone.pdf"),
      sections: [section("", { f: ["", { file: { fileName: "nameless" } }] })],
    };
    const { entries, skipped } = await readItems([item("006", { details })], {
      "files/doc9__stray.bin": bytes,
    });
    expect(entries[0]?.attachments).toEqual([]);
    expect(skipped).toEqual([
      { what: "Personal/Title: gone.pdf", why: "the export lacks the file" },
      { what: "Personal/Title: nameless", why: "the export lacks the file" },
      { what: "files/doc9__stray.bin", why: "no item names the file" },
    ]);
  });

  test("of early versions stand beside their item", async () => {
    const wrapped = {
      item: item("006", {}),
      file: { attrs: { uuid: "d", name: "x.txt", type: "" }, path: "x.txt___d" },
    };
    const { entries } = await readItems([wrapped], { "files/x.txt___d": bytes });
    expect(entries[0]?.attachments).toEqual([{ name: "x.txt", bytes }]);
  });
});

describe("is refused where export.data", () => {
  const REFUSED: readonly (readonly [string, string | Uint8Array])[] = [
    ["is empty", ""],
    ["is no JSON", '{"accounts": ['],
    ["is no UTF-8", Uint8Array.of(0x7b, 0xff, 0x7d)],
    ["has no accounts", "{}"],
    ["has accounts that are no list", '{"accounts": {"a": 1}}'],
    ["is nested without end", `{"accounts": ${"[".repeat(5000)}${"]".repeat(5000)}}`],
    ["names a member twice", '{"accounts": [], "accounts": []}'],
  ];
  test.each(REFUSED)("%s", async (_, data) => {
    const bytes = zipOf({ "export.attributes": ATTRIBUTES, "export.data": data });
    await expect(readBytes(readOnePux, bytes)).rejects.toSatisfy((error) => hasCode(error, "usage"));
  });

  test("tries to be a prototype: it is a field like any other", async () => {
    const data = `{"accounts":[{"vaults":[{"items":[{"overview":{"title":"t"},"details":{"__proto__":{"polluted":"yes"}}}]}]}]}`;
    const bytes = zipOf({ "export.attributes": ATTRIBUTES, "export.data": data });
    const { entries } = await readBytes(readOnePux, bytes);
    expect(fieldLines(entries[0])).toEqual(["__proto__.polluted: yes"]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});
