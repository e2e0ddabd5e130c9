/** What an import comes to in a vault that has something already. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { utf8 } from "../../../src/core/bytes.ts";
import { type FittingEntry, fitEntry } from "../../../src/core/import/fit.ts";
import type { ImportedEntry } from "../../../src/core/import/imported.ts";
import { PLAIN_ENTRY, textField } from "../../../src/core/import/imported-entry.ts";
import { importName } from "../../../src/core/import/names.ts";
import { planEdits, planImport } from "../../../src/core/import/plan.ts";
import type { Entry } from "../../../src/core/vault/model.ts";

const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

function imported(
  title: string,
  username: string,
  password: string,
  more: Partial<ImportedEntry> = {},
): FittingEntry {
  const fields = [...textField("login", "username", username), ...textField("login", "password", password)];
  const entry: ImportedEntry = { ...PLAIN_ENTRY, folders: [], title, type: "login", fields, ...more };
  return fitEntry(entry, importName(entry, ""));
}

/** The entry that an import of it makes. */
function made(path: string, entry: FittingEntry, more: Partial<Entry> = {}): Entry {
  return {
    id: hash(utf8(path + JSON.stringify(entry))).slice(0, 32),
    path,
    type: entry.type,
    fields: entry.fields,
    attachments: entry.attachments.map(({ name, bytes }) => ({
      name,
      size: bytes.length,
      sha256: hash(bytes),
    })),
    tags: entry.tags,
    expires: entry.expires,
    favourite: entry.favourite,
    useOnly: false,
    recipe: undefined,
    trashed: entry.trashed,
    created: 0,
    modified: 0,
    history: entry.history.map(({ field, value }) => ({ field, value, written: 0 })).toReversed(),
    conflicts: [],
    ...more,
  };
}

function plan(
  entries: readonly FittingEntry[],
  vault: readonly Entry[],
  keep: boolean = false,
): readonly string[] {
  const byPath = Map.groupBy(vault, ({ path }) => path);
  return planImport({ entries, skipped: [] }, byPath, { keep, hash }).steps.map(
    ({ action, path }) => `${action} ${path}`,
  );
}

const HISTORY = [
  { field: "password", value: { text: "old", encoding: "utf8", concealed: true } as const, written: 1 },
];

describe("entries of one name", () => {
  const mara = imported("site", "mara", "one");
  const tom = imported("site", "tom", "two");
  const other = imported("site", "mara", "three");

  test("are told apart by their users, then by numbers; twins are one", () => {
    expect(plan([mara, tom, other, mara], [])).toEqual([
      "new site",
      "new site (tom)",
      "new site (mara)",
      "skipped site",
    ]);
  });

  test("are found again in any order", () => {
    const vault = [made("site", mara), made("site (tom)", tom), made("site (mara)", other)];
    for (const order of [
      [mara, tom, other],
      [other, tom, mara],
      [tom, other, mara],
    ]) {
      expect(plan(order, vault).every((step) => step.startsWith("same"))).toBe(true);
    }
  });

  test("are no change of another account, nor of another type", () => {
    expect(plan([tom], [made("site", mara)])).toEqual(["new site (tom)"]);
    const note = imported("site", "", "", { type: "note", fields: textField("note", "notes", "text") });
    expect(plan([note], [made("site", mara)])).toEqual(["new site (2)"]);
  });
});

describe("an entry that the vault has", () => {
  const entry = imported("site", "mara", "one", {
    tags: ["work"],
    favourite: true,
    history: HISTORY,
    attachments: [{ name: "a.txt", bytes: utf8("a") }],
    expires: "2030-01-01",
  });

  test.each<[string, Partial<Entry>, string]>([
    ["as it is", {}, "same"],
    ["with more", { tags: ["home", "work"], recipe: "length=20" }, "same"],
    ["with another expiry", { expires: "2031-01-01" }, "same"],
    ["with another password", { fields: textField("login", "password", "two") }, "new"],
    ["without a tag", { tags: [] }, "changed"],
    ["without its mark", { favourite: false }, "changed"],
    ["without an expiry", { expires: undefined }, "changed"],
    ["without the file", { attachments: [] }, "changed"],
    [
      "with the file under another name",
      { attachments: [{ name: "b", size: 1, sha256: hash(utf8("a")) }] },
      "same",
    ],
    ["without the earlier value", { history: [] }, "changed"],
    ["in the trash", { trashed: true }, "new"],
  ])("%s", (_, difference, action) => {
    expect(plan([entry], [made("site", entry, difference)])[0]).toMatch(new RegExp(`^${action} `));
  });

  test("and has changed since is not set back", () => {
    const since = { text: "one", encoding: "utf8", concealed: true } as const;
    const now = made("site", imported("site", "mara", "two"), {
      history: [{ field: "password", value: since, written: 2 }],
    });
    expect(plan([imported("site", "mara", "one")], [now])).toEqual(["same site"]);
  });

  test("takes new values on top of what it had, oldest first", () => {
    const before = made("site", imported("site", "mara", "one"));
    const after = imported("site", "mara", "three", { history: HISTORY });
    const byPath = new Map([["site", [before]]]);
    const edits = planEdits(planImport({ entries: [after], skipped: [] }, byPath, { keep: false, hash }));
    expect(
      edits.map((edit) => (edit.kind === "update" ? edit.set.map(({ text }) => text) : edit.kind)),
    ).toEqual([["old"], ["three"]]);
    expect(plan([after], [before], true)).toEqual(["skipped site"]);
  });
});

test("an entry in the trash goes into the trash, beside a live one of its path", () => {
  const trashed = imported("site", "mara", "one", { trashed: true });
  const live = imported("site", "mara", "two");
  expect(plan([trashed, live], [])).toEqual(["new site", "new site"]);
  expect(plan([trashed, live], [made("site", trashed), made("site", live)])).toEqual([
    "same site",
    "same site",
  ]);
});
