/** What pm writes as KDBX, read again; test/node/import has what KeePassXC and pykeepass make of it. */
import { expect, test } from "vitest";
import type { ImportedValue } from "../../../src/core/import/imported.ts";
import type { HistoryItem } from "../../../src/core/vault/model.ts";
import { fieldsOf, importKdbx, named } from "../../support/keepass.ts";
import { CREATED, source, text, value, write, WRITER_PASSWORD } from "../../support/kdbx-writer.ts";

test("everything comes back", async () => {
  const fields = [
    text("username", "joe"),
    text("password", ' <&>"\r\n\t é\u0001\u0000🔑 ', true),
    text("url", "https://x.y/?a=b&c"),
    text("otp", "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&issuer=b", true),
    text("notes", " two\r\nlines\n"),
    text("Own name", "]]>"),
    text("hidden", "h", true),
  ];
  const mail = source("Web/sub/mail", {
    fields,
    tags: ["a", "b c"],
    favourite: true,
    expires: "2027-12-31",
    attachments: [
      { name: "a.bin", bytes: Uint8Array.from({ length: 3000 }, (_, n) => n % 256) },
      { name: "empty", bytes: new Uint8Array(0) },
    ],
  });
  const card = source("card", {
    type: "card",
    fields: [text("number", "4111", true), text("pin", "1", true)],
  });
  const gone = source("Old/gone", { trashed: true, fields: [text("password", "p", true)] });
  const { bytes, losses } = await write([mail, card, gone]);
  expect(losses).toEqual([]);
  const imported = await importKdbx(bytes, WRITER_PASSWORD);
  expect(imported.skipped).toEqual([]);
  const back = named(imported, "mail");
  expect(back.fields).toEqual(fields);
  expect(back).toMatchObject({
    folders: ["Web", "sub"],
    type: "login",
    tags: ["a", "b c"],
    favourite: true,
    expires: "2027-12-31",
    created: CREATED,
    trashed: false,
  });
  expect(back.attachments.map(({ name, bytes: data }) => [name, [...data]])).toEqual(
    mail.attachments.map(({ name, bytes: data }) => [name, [...data]]),
  );
  expect([named(imported, "card").type, named(imported, "card").favourite]).toEqual(["card", false]);
  expect(fieldsOf(named(imported, "card"))).toEqual({ "number*": "4111", "pin*": "1" });
  expect([named(imported, "gone").trashed, named(imported, "gone").folders]).toEqual([true, ["Old"]]);
});

test("earlier values come back with their times, however fields changed beside each other", async () => {
  const at = (second: number): number => CREATED + second * 1000;
  const old = (field: string, content: string, second: number): HistoryItem => ({
    field,
    value: value(content, field === "password"),
    written: at(second),
  });
  // Newest first, as a session gives them. "gone" is a field of the past.
  const history = [
    old("gone", "g2", 6),
    old("password", "p3", 5),
    old("username", "u2", 4),
    old("password", "p2", 3),
    old("gone", "g1", 2),
    old("username", "u1", 1),
    old("password", "p1", 1),
  ];
  const entry = source("x", {
    fields: [text("username", "u3"), text("password", "p1", true), text("notes", "always")],
    written: { username: at(8), password: at(7), notes: at(2) },
    history,
  });
  const { bytes, losses } = await write([entry]);
  expect(losses).toEqual([]);
  const back = named(await importKdbx(bytes, WRITER_PASSWORD), "x").history;
  const lines = (items: readonly ImportedValue[]): string[] =>
    items.map(({ field, value: { text: content }, written = 0 }) => `${written} ${field} ${content}`);
  expect(new Set(lines(back))).toEqual(new Set(lines(history)));
  expect(back).toHaveLength(history.length);
  const times = back.map(({ written }) => written ?? 0);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test("what KDBX can't say is reported, and nothing of it is lost", async () => {
  const entry = source("x", {
    type: "custom",
    fields: [
      { name: "blob", text: "AAH/", encoding: "base64", concealed: true },
      text("Password", "capital", true),
      text("password", "small", true),
      text("Title", "a title"),
      text("pin", "1"),
      text("bell", "\u0007"),
    ],
    tags: ["a;b"],
    history: [
      { field: "blob", value: { text: "AA==", encoding: "base64", concealed: true }, written: CREATED },
    ],
  });
  const { bytes, losses } = await write([entry]);
  expect(losses).toEqual([
    "x: blob as a field: it is no text, and becomes an attachment",
    "x: the name of Password",
    "x: the name of Title",
    "x: that pin is not concealed",
    "x: that bell is not concealed",
    'x: the punctuation of the tag "a;b"',
    "x: an earlier value of blob that is no text",
  ]);
  const back = named(await importKdbx(bytes, WRITER_PASSWORD), "x");
  expect(fieldsOf(back)).toEqual({
    "password*": "small",
    "Password (2)*": "capital",
    "Title (2)": "a title",
    "pin*": "1",
    "bell*": "\u0007",
  });
  expect(back.attachments).toEqual([{ name: "blob", bytes: Uint8Array.of(0, 1, 255) }]);
  expect(back.tags).toEqual(["a b"]);
});

test("equal files are kept once, and no two files are the same", async () => {
  const data = Uint8Array.from({ length: 40_000 }, (_, n) => (n * n * 7) % 251);
  const entries = ["a", "b", "c"].map((name) => source(name, { attachments: [{ name, bytes: data }] }));
  const { bytes } = await write(entries);
  expect(bytes.length).toBeLessThan(60_000);
  expect(
    (await importKdbx(bytes, WRITER_PASSWORD)).entries.map(({ attachments }) => attachments[0]?.bytes),
  ).toEqual([data, data, data]);
  await expect(importKdbx(bytes, "other")).rejects.toThrow("does not open");
});
