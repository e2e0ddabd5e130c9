import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { ExportedEntry } from "../../../src/core/export/exported.ts";
import { exportJson } from "../../../src/core/export/pm-json.ts";
import { importFile } from "../../../src/core/import/import-file.ts";
import { readPmJson } from "../../../src/core/import/pm-json.ts";
import { utf8 } from "../../../src/core/bytes.ts";
import { hasCode } from "../../../src/core/errors.ts";
import { binary, entryOf, plain, secret } from "../../support/entries.ts";
import { readDefinitions, violations } from "../../support/json-schema.ts";

const page = readFileSync(new URL("../../../docs/export.md", import.meta.url), "utf8");
const definitions = readDefinitions(page.slice(page.indexOf("## export\n")));

const WRITTEN = Date.UTC(2025, 0, 1);
const FULL: ExportedEntry = {
  ...entryOf({
    path: "web/é/github",
    fields: [plain("username", "mara"), secret("password", ' "x"\n\u0000'), binary("blob", "/wA=")],
    tags: ["a", "b"],
    expires: "2031-01-01",
    favourite: true,
    useOnly: true,
    recipe: "length=24",
    trashed: true,
    written: { password: WRITTEN },
    history: [
      { field: "password", value: secret("", "newer"), written: WRITTEN + 1 },
      { field: "password", value: secret("", "older"), written: WRITTEN },
    ],
  }),
  conflicts: [
    {
      id: "0123456789abcdef0123456789abcdef",
      path: "web/é/github",
      key: "f:password",
      name: "password",
      values: [
        { value: secret("", "shown"), replica: "6f1d2c3b4a596877", written: WRITTEN + 9 },
        { value: secret("", "other"), replica: "a0b1c2d3e4f50617", written: WRITTEN + 5 },
        { value: undefined, replica: "b0b1c2d3e4f50617", written: WRITTEN + 4 },
      ],
    },
    { id: "0123456789abcdef0123456789abcdef", path: "web/é/github", key: "path", name: "path", values: [] },
  ],
  attachments: [{ name: "a.bin", bytes: Uint8Array.of(0, 255) }],
};
const PLAIN: ExportedEntry = { ...entryOf({ path: "top" }), conflicts: [], attachments: [] };

async function* both(): AsyncGenerator<ExportedEntry> {
  yield FULL;
  yield PLAIN;
}

async function textOf(entries: AsyncIterable<ExportedEntry>): Promise<string> {
  return (await Array.fromAsync(exportJson(entries))).join("");
}

async function read(text: string): ReturnType<typeof readPmJson> {
  return await readPmJson(importFile("x.json", utf8(text)));
}

test("what is written is what docs/export.md says", async () => {
  const json: unknown = JSON.parse(await textOf(both()));
  expect(violations(json, { $ref: "#/$defs/export" }, definitions)).toEqual([]);
});

test("an export of nothing is one, too", async () => {
  const text = await textOf((async function* () {})());
  expect(JSON.parse(text)).toEqual({ format: "pm-export", v: 1, entries: [] });
  expect(await read(text)).toEqual({ entries: [], skipped: [] });
});

test("the reader gives back what was written", async () => {
  const { entries, skipped } = await read(await textOf(both()));
  expect(entries).toMatchObject([
    {
      folders: ["web", "é"],
      title: "github",
      type: "login",
      fields: FULL.fields,
      tags: ["a", "b"],
      expires: "2031-01-01",
      favourite: true,
      useOnly: true,
      recipe: "length=24",
      created: FULL.created,
      trashed: true,
      attachments: FULL.attachments,
    },
    { folders: [], title: "top", fields: [], trashed: false },
  ]);
  expect(entries[0]?.history.map(({ value, written }) => [value.text, written])).toEqual([
    ["older", WRITTEN],
    ["newer", WRITTEN + 1],
    ["other", WRITTEN + 5],
  ]);
  expect(skipped).toEqual([
    { what: "web/é/github: another value of path", why: "only the one that is shown is taken over" },
  ]);
});

type Members = Record<string, unknown>;

/** The text with a member of the first entry, or of its first field, replaced. */
async function damaged(change: (entry: Members) => void): Promise<string> {
  const json = JSON.parse(await textOf(both())) as { entries: [Members] };
  change(json.entries[0]);
  return JSON.stringify(json);
}

const field = (change: Members) => (entry: Members) =>
  Object.assign((entry["fields"] as [Members])[0], change);
const set = (change: Members) => (entry: Members) => Object.assign(entry, change);

test.each<[string, (entry: Members) => void]>([
  ["type", set({ type: "malware" })],
  ["path", set({ path: 7 })],
  ["path", set({ path: "a\ud800" })],
  ["fields", set({ fields: {} })],
  ["tags", set({ tags: [1] })],
  ["favourite", set({ favourite: "yes" })],
  ["created", set({ created: "yesterday" })],
  ["recipe", set({ recipe: undefined })],
  ["history", set({ history: null })],
  ["conflicts", set({ conflicts: "none" })],
  ["base64", set({ attachments: [{ name: "x", data: "*" }] })],
  ["name", set({ attachments: [[]] })],
  ["value", field({ value: null })],
  ["encoding", field({ encoding: "rot13" })],
  ["base64", field({ encoding: "base64", value: "secret-value" })],
  ["concealed", field({ concealed: 1 })],
])("a %s that is none is refused, and not repeated", async (name, change) => {
  const error = await read(await damaged(change)).catch((thrown: unknown) => thrown);
  expect(hasCode(error, "usage") && error.message).toBe(`entry 1 of the export is malformed: its ${name}`);
});

test.each(['{"format":"pm-export","v":2,"entries":[]}', '{"format":"pm-export","entries":[]}'])(
  "another version is refused: %s",
  async (text) => {
    await expect(read(text)).rejects.toThrow("a version that this pm does not know");
  },
);

test("a list of entries that is none is refused", async () => {
  await expect(read('{"format":"pm-export","v":1,"entries":{}}')).rejects.toThrow("its list of entries");
});
