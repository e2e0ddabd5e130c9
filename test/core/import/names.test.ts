/** What becomes of names and of what is over a limit: docs/import.md, both tables. */
import { describe, expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../../src/core/bytes.ts";
import { type FittingEntry, fitEntry } from "../../../src/core/import/fit.ts";
import type { ImportedEntry } from "../../../src/core/import/imported.ts";
import { PLAIN_ENTRY, textField } from "../../../src/core/import/imported-entry.ts";
import { importName, otherNames } from "../../../src/core/import/names.ts";
import { parsePath } from "../../../src/core/vault/names.ts";

const LOGIN: ImportedEntry = { ...PLAIN_ENTRY, folders: [], title: "", type: "login", fields: [] };

describe("names", () => {
  const cases: readonly (readonly [
    folders: readonly string[],
    title: string,
    path: string,
    title2?: string,
  ])[] = [
    [["Work", "Web"], "site", "Work/Web/site"],
    [["A/B"], "c/d", "A-B/c-d", "c/d"],
    [[" ", ""], "  site ", "site"],
    [[], "two\nlines\t", "two lines", "two\nlines\t"],
    [[], "bell\u0007", "bell", "bell\u0007"],
    [[], "\ud800half", "half", "\ud800half"],
    [[], "id:0123", "id-0123", "id:0123"],
    [["id:x"], "a", "id-x/a"],
    [[], "..", ".."],
    [[], "-rf", "-rf"],
    [[], "e\u0301", "\u00e9"],
    [[], "", "untitled login"],
    [[], " \n ", "untitled login"],
    [[], "ü".repeat(100), `${"ü".repeat(78)}…`, "ü".repeat(100)],
  ];
  const tableOfNames = cases.map(([folders, title, path, kept]) => ({ folders, title, path, kept }));
  test.each(tableOfNames)("$folders $title", ({ folders, title, path, kept }) => {
    const name = importName({ ...LOGIN, folders, title }, "");
    expect(name.path).toBe(path);
    expect(parsePath(name.path)).toBe(path);
    expect(name.title).toBe(kept);
  });

  test("of an entry without a title: its host, else its user", () => {
    const named = (fields: ImportedEntry["fields"]): string => importName({ ...LOGIN, fields }, "old").path;
    const user = textField("login", "username", "a/b");
    expect(named([...textField("login", "url", "https://Example.org/x"), ...user])).toBe("old/example.org");
    expect(named(user)).toBe("old/a-b");
  });

  test("folders that are too many are left out from the inside, and kept in a field", () => {
    const folders = Array.from({ length: 20 }, (_, n) => `${n}${"x".repeat(100)}`);
    const name = importName({ ...LOGIN, folders, title: "site" }, "");
    expect(parsePath(`${name.path} (${"u".repeat(130)})`)).toMatch(/^0x+\/1x+\/.*\/site/);
    expect(fitEntry({ ...LOGIN, folders, title: "site" }, name).fields).toMatchObject([
      { name: "folder", text: folders.join("/") },
    ]);
  });

  test("of entries that share one", () => {
    const names = otherNames("site", "mara/x");
    expect(Array.from({ length: 4 }, () => names.next().value)).toEqual([
      "site",
      "site (mara-x)",
      "site (2)",
      "site (3)",
    ]);
    expect(
      Array.from(
        { length: 2 },
        (
          (it) => () =>
            it.next().value
        )(otherNames("site", "")),
      ),
    ).toEqual(["site", "site (2)"]);
  });
});

function fit(entry: Partial<ImportedEntry>): FittingEntry {
  const whole = { ...LOGIN, title: "site", ...entry };
  return fitEntry(whole, importName(whole, ""));
}

function field(name: string, text: string): ImportedEntry["fields"][number] {
  return { name, text, encoding: "utf8", concealed: false };
}

describe("limits", () => {
  test("names of fields, once each", () => {
    const long = "n".repeat(200);
    const names = fit({
      fields: [field("a", "1"), field("a", "2"), field("", "3"), field(long, "4")],
    }).fields;
    expect(names.map(({ name, text }) => [name, text])).toEqual([
      ["a", "1"],
      ["a 2", "2"],
      ["field", "3"],
      [`${"n".repeat(117)}…`, "4"],
      [`${"n".repeat(60)} name`, long],
    ]);
  });

  test("the 65th field and those behind it are an attachment together", () => {
    const fields = Array.from({ length: 70 }, (_, n) => field(`f${n}`, `v${n}`));
    const fitting = fit({ fields });
    expect(fitting.fields).toHaveLength(64);
    const [file] = fitting.attachments;
    expect(file?.name).toBe("more-fields.json");
    expect(JSON.parse(fromUtf8(file?.bytes ?? utf8("")) ?? "")).toEqual(fields.slice(64));
    expect(fitting.kept).toEqual(["6 fields in the attachment more-fields.json"]);
  });

  test("a value that is too large is an attachment, byte for byte", () => {
    const large = "ä".repeat(140_000);
    const fitting = fit({ fields: [field("notes", large), field("username", "m")] });
    expect(fitting.fields.map(({ name }) => name)).toEqual(["username"]);
    expect(fitting.attachments).toEqual([{ name: "notes.txt", bytes: utf8(large) }]);
  });

  test("values that are too large together leave the largest out", () => {
    const fields = Array.from({ length: 5 }, (_, n) => field(`f${n}`, "x".repeat(250_000 + n)));
    const fitting = fit({ fields });
    expect(fitting.fields.map(({ name }) => name)).toEqual(["f0", "f1", "f2"]);
    expect(fitting.attachments.map(({ name }) => name)).toEqual(["f4.txt", "f3.txt"]);
  });

  test("of more than 20 earlier values the oldest are an attachment", () => {
    const history = Array.from({ length: 25 }, (_, n) => ({
      field: "password",
      value: { text: `p${n}`, encoding: "utf8", concealed: true } as const,
      written: n,
    }));
    const fitting = fit({ history });
    expect(fitting.history).toEqual(history.slice(5));
    expect(JSON.parse(fromUtf8(fitting.attachments[0]?.bytes ?? utf8("")) ?? "")).toEqual(
      history.slice(0, 5),
    );
  });

  test("tags that don't fit are a field", () => {
    const tags = Array.from({ length: 70 }, (_, n) => `t${n}`);
    const fitting = fit({ tags: ["t0", " t0 ", ...tags, "x".repeat(200)] });
    expect(fitting.tags).toEqual(tags.slice(0, 64));
    expect(fitting.fields).toMatchObject([
      { name: "more tags", text: [...tags.slice(64), "x".repeat(200)].join("\n") },
    ]);
  });

  test("attachments get a name each, and one that is too large is named", () => {
    const bytes = utf8("x");
    const files = [
      { name: "scan.pdf", bytes },
      { name: "scan.pdf", bytes },
      { name: "../a\n", bytes },
    ];
    expect(fit({ attachments: files }).attachments.map(({ name }) => name)).toEqual([
      "scan.pdf",
      "scan (2).pdf",
      "..-a",
    ]);
    const large = { name: "film", bytes: new Uint8Array(10_485_761) };
    expect(() => fit({ attachments: [large] })).toThrow('the attachment "film" of "site" is over the limit');
  });

  test("a day that is none is a field", () => {
    expect(fit({ expires: "2030-02-31" })).toMatchObject({
      fields: [{ name: "expires", text: "2030-02-31" }],
    });
    expect(fit({ expires: "2030-02-28" })).toMatchObject({ expires: "2030-02-28", fields: [] });
  });
});
