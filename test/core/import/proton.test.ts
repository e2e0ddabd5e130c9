import { describe, expect, test } from "vitest";
import { utf8 } from "../../../src/core/bytes.ts";
import { importFile } from "../../../src/core/import/import-file.ts";
import { readProtonPgp, readProtonZip } from "../../../src/core/import/proton.ts";
import { readBytes } from "../../support/imported.ts";
import { bytesOf, data, entryOf, item, readItems } from "../../support/proton-export.ts";
import { zipOf } from "../../support/zip-file.ts";

describe("an item", () => {
  test("keeps its place, mark and time; what is in the trash stays there", async () => {
    expect(await entryOf("note", { pinned: true, state: 2 })).toMatchObject({
      folders: ["Personal"],
      title: "Title",
      favourite: true,
      trashed: true,
      created: 1_689_182_868_000,
      tags: [],
      history: [],
    });
  });

  test("that is none is said", async () => {
    const { entries, skipped } = await readItems([null, {}, item("note")]);
    expect(entries).toHaveLength(1);
    expect(skipped.map(({ why }) => why)).toEqual(["it is no item", "it is no item"]);
  });
});

test("folders within a vault are folders, also where they go in a circle", async () => {
  const folders = [
    { folderId: "a", parentFolderId: null, name: "Outer" },
    { folderId: "b", parentFolderId: "a", name: "Inner" },
    { folderId: "x", parentFolderId: "y", name: "X" },
    { folderId: "y", parentFolderId: "x", name: "Y" },
  ];
  const items = ["b", "x", "gone"].map((folderId) => item("note", { folderId }));
  const { entries } = await readItems(items, { folders });
  expect(entries.map((entry) => entry.folders)).toEqual([
    ["Personal", "Outer", "Inner"],
    ["Personal", "Y", "X"],
    ["Personal"],
  ]);
});

describe("files", () => {
  const FILE = Uint8Array.of(0, 1, 255);

  test("come along with their exact bytes; what is missing or left over is said", async () => {
    const files = ["a.1f.txt", "dir/b.2f", "ab12cd34ab12cd34", "gone.txt", "a.1f.txt"];
    const zip = zipOf({
      "Proton Pass/data.json": bytesOf(data([item("note", { files })])),
      "Proton Pass/files/a.1f.txt": FILE,
      "Proton Pass/files/dir_b.2f": "b",
      "Proton Pass/files/ab12cd34ab12cd34-my-picture.jpg": "c",
      "Proton Pass/files/stray": "d",
    });
    const { entries, skipped } = await readBytes(readProtonZip, zip);
    expect(entries[0]?.attachments).toEqual([
      { name: "a.1f.txt", bytes: FILE },
      { name: "dir/b.2f", bytes: utf8("b") },
      { name: "my-picture.jpg", bytes: utf8("c") },
    ]);
    expect(skipped).toEqual([
      { what: "Personal/Title: gone.txt", why: "the export lacks the file" },
      { what: "Proton Pass/files/stray", why: "no item names the file" },
    ]);
  });

  test("are not in the JSON alone, which is said", async () => {
    const { skipped } = await readItems([item("note", { files: ["a.txt"] })]);
    expect(skipped).toEqual([{ what: "Personal/Title: a.txt", why: "the export lacks the file" }]);
  });
});

describe("an encrypted export", () => {
  const opened = (content: Uint8Array) => async (): Promise<Uint8Array> => content;
  const armored = utf8("-----BEGIN PGP MESSAGE-----\n…");
  const json = bytesOf(data([item("note", { files: ["a"] })]));

  test.each([
    ["of the JSON", armored, json, []],
    [
      "of a whole archive",
      armored,
      zipOf({ "Proton Pass/data.json": json, "Proton Pass/files/a": "x" }),
      ["a"],
    ],
    ["in an archive", zipOf({ "Proton Pass/data.pgp": "…", "Proton Pass/files/a": "x" }), json, ["a"]],
  ])("%s", async (_, bytes, content, names) => {
    const { entries } = await readProtonPgp(importFile("export", bytes), opened(content));
    expect(entries[0]?.attachments.map(({ name }) => name)).toEqual(names);
  });
});

describe("is refused where the data", () => {
  const REFUSED: readonly (readonly [string, string])[] = [
    ["is no JSON", '{"vaults": {'],
    ["has no vaults", '{"version": "1"}'],
    ["has vaults in a list", '{"version": "1", "vaults": []}'],
    ["has a vault without items", '{"version": "1", "vaults": {"a": {"items": {}}}}'],
    ["is nested without end", `{"version": "1", "vaults": ${"[".repeat(5000)}${"]".repeat(5000)}}`],
  ];
  test.each(REFUSED)("%s", async (_, text) => {
    await expect(readBytes(readProtonZip, zipOf({ "Proton Pass/data.json": text }))).rejects.toMatchObject({
      code: "usage",
    });
  });
});
