/** The text of an entry in an editor: what is written is read back exactly, and what is wrong is named by its line. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromUtf8, toBase64 } from "../../src/core/bytes.ts";
import { ENTRY_TYPES, type Field } from "../../src/core/vault/model.ts";
import { changesBetween, isNothing } from "../../src/cli/document-changes.ts";
import { parseDocument } from "../../src/cli/document-reader.ts";
import { type EditableEntry, formatEntry } from "../../src/cli/document.ts";
import { binary, entryOf, plain, secret } from "../support/entries.ts";
import { runs } from "../support/properties.ts";

const NOW = Date.UTC(2026, 10, 21);

function editable(facts: Partial<EditableEntry>): EditableEntry {
  const { path, type, tags, expires, favourite, useOnly, fields } = entryOf(facts);
  return { path, type, tags, expires, favourite, useOnly, fields };
}

function field(...lines: readonly string[]): Field | undefined {
  const head = ["path: a", "type: login", "tags:", "expires:", "favourite: no", "use-only: no", "[fields]"];
  return parseDocument([...head, ...lines].join("\n")).fields[0];
}

const name = fc.oneof(
  fc.constantFrom(
    "password",
    "username",
    "notes",
    "x (secret)",
    "a: b",
    "[fields]",
    "# x",
    '"',
    "path",
    "END",
    "a  b",
  ),
  fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
    .filter((text) => !/[\p{Cc}\u2028\u2029]/u.test(text))
    .map((text) => text.normalize("NFC")),
);
const hardLine = fc.constantFrom(
  "",
  " ",
  "END",
  "END2",
  "# x",
  "-----BEGIN-----",
  "a: b",
  "[fields]",
  "x ",
  "\tx",
  "<<END",
  '"',
  "\r",
);
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.array(fc.oneof(hardLine, fc.string()), { maxLength: 6 }).map((lines) => lines.join("\n")),
);
const bytes = fc
  .uint8Array({ minLength: 1, maxLength: 200 })
  .filter((value) => fromUtf8(value) === undefined);
const value = fc.oneof(
  text.map((utf8) => ({ text: utf8, encoding: "utf8" as const })),
  bytes.map((raw) => ({ text: toBase64(raw), encoding: "base64" as const })),
);
const anyField = fc
  .tuple(name, value, fc.boolean())
  .map(([called, held, concealed]): Field => ({ name: called, ...held, concealed }));
const anyEntry: fc.Arbitrary<EditableEntry> = fc.record({
  path: name,
  type: fc.constantFrom(...ENTRY_TYPES),
  tags: fc.uniqueArray(name, { maxLength: 4 }),
  expires: fc.option(fc.constant("2027-01-31"), { nil: undefined }),
  favourite: fc.boolean(),
  useOnly: fc.boolean(),
  fields: fc.uniqueArray(anyField, { selector: (item) => item.name, maxLength: 5 }),
});

describe("the text of an entry", () => {
  test("reads back to the same entry, whatever is in it", () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        expect(parseDocument(formatEntry(entry))).toEqual(entry);
      }),
      runs(500),
    );
  });

  test("survives an editor that ends lines as Windows does, or takes blanks at their ends away", () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        const written = formatEntry(entry);
        expect(parseDocument(`\ufeff${written.replaceAll("\n", "\r\n")}`)).toEqual(entry);
        expect(parseDocument(written.replaceAll(/[ \t]+$/gm, ""))).toEqual(entry);
      }),
      runs(200),
    );
  });

  test("is readable", () => {
    const entry = editable({
      tags: ["work", "a, b"],
      fields: [
        plain("username", "mara"),
        secret("password", " x"),
        plain("notes", "one\nEND\n"),
        binary("a:b", "/w=="),
      ],
    });
    expect(
      formatEntry(entry)
        .replaceAll(/^#.*\n/gm, "")
        .split("\n"),
    ).toEqual([
      "", // The comments stand above.
      "path: web/github",
      "type: login",
      'tags: work, "a, b"',
      "expires:",
      "favourite: no",
      "use-only: no",
      "",
      "[fields]",
      "username: mara",
      'password (secret): " x"',
      "notes: <<END2",
      "one",
      "END",
      "",
      "END2",
      '"a:b" (secret, base64): /w==',
      "url:",
      "otp (secret):",
      "",
    ]);
  });
});

describe("a line", () => {
  test.each<[string, readonly string[], Partial<Field>]>([
    ["without a blank behind its colon", ["x:1"], { name: "x", text: "1" }],
    ["with a secret name", ["pin: 1"], { concealed: true }],
    ["with a marker against its name", ["pin (plain): 1"], { concealed: false }],
    ["with blanks around its marker", ["x  ( secret ) : 1"], { concealed: true }],
    ["with an old marker order", ["x (base64, secret): /w=="], { encoding: "base64", concealed: true }],
    ["with base64 of text", ["x (base64): YQ=="], { encoding: "utf8", text: "a" }],
    ["with dashes", ["x: --- a"], { text: "--- a" }],
    ["with a value like a comment", ["x: # a"], { text: "# a" }],
    ["with a block of base64", ["x (base64): <<E", "/w", "==", "E"], { text: "/w==" }],
  ])("%s is read", (_what, lines, expected) => {
    expect(field(...lines)).toMatchObject(expected);
  });

  test.each<[string, readonly string[], number]>([
    ["without a colon", ["x"], 8],
    ["with a blank at the end of its value", ["", "x: 1 "], 9],
    ["with two blanks behind its colon", ["x:  1"], 8],
    ["with a control character", ["x: \u001b[0m"], 8],
    ["with a quote that is not closed", ['x: "1'], 8],
    ["with something behind a quote", ['x: "1" 2'], 8],
    ["with half a character in quotes", [String.raw`x: "\ud800"`], 8],
    ["with a block that does not end", ["x: <<END", "1"], 8],
    ["with a strange block", ["x: << END"], 8],
    ["with a control character in a block", ["x: <<END", "1", "\u0007", "END"], 10],
    ["with an unknown marker", ["x (hidden): 1"], 8],
    ["with markers that exclude each other", ["x (secret, plain): 1"], 8],
    ["with wrong base64", ["x (base64): /"], 8],
    ["that repeats a name", ["x: 1", "x:"], 9],
    ["with an empty name", ['"": 1'], 8],
  ])("%s is named by its number", (_what, lines, number) => {
    expect(() => field(...lines)).toThrow(new RegExp(`^line ${number}: `));
  });

  test.each<[string, string, string]>([
    ["an unknown fact", "path: a", "user: x\npath: a"],
    ["a fact twice", "path: a", "path: a\npath: b"],
    ["a marker on a fact", "path: a", "path (secret): a"],
    ["no path", "path: a", ""],
    ["an empty path", "path: a", "path:"],
    ["an unknown type", "type: login", "type: x"],
    ["half a tag", "tags:", 'tags: "a'],
    ["no answer", "favourite: no", "favourite: maybe"],
    ["no answer to another", "use-only: no", "use-only: maybe"],
    ["no fields", "[fields]", ""],
    ["the fields twice", "[fields]", "[fields]\n[fields]"],
  ])("%s is refused", (_what, from, to) => {
    const whole = formatEntry(editable({ path: "a" }));
    expect(() => parseDocument(whole.replace(`\n${from}`, `\n${to}`))).toThrow(/^line \d+: /);
  });
});

describe("what was changed", () => {
  test("is nothing where the text is as it was", () => {
    const entry = editable({
      path: "x//y",
      tags: ["a,b"],
      fields: [plain("password", ""), secret("otp", "x")],
    });
    expect(isNothing(changesBetween(entry, parseDocument(formatEntry(entry)), NOW))).toBe(true);
  });

  test("is judged as set judges it", () => {
    const base = editable({ fields: [secret("password", "x")] });
    const changed = (facts: Partial<EditableEntry>) => () => changesBetween(base, { ...base, ...facts }, NOW);
    expect(changed({ fields: [plain("password", "x")] })).toThrow("always secret");
    expect(changed({ fields: [secret("password", "")] })).toThrow("is empty");
    expect(changed({ path: "/a" })).toThrow("empty part");
    expect(changed({ tags: ["+a"] })).toThrow("sign");
    expect(changed({ expires: "2027-02-30" })).toThrow("calendar");
    expect(changed({ expires: "1y" })()).toMatchObject({ expires: "2027-11-21" });
  });
});
