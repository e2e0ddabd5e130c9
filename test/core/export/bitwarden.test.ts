/** What the round trip can't tell: the shape that Bitwarden itself reads, and quoting that a CSV parser takes back. */
import { expect, test } from "vitest";
import { parseCsv } from "../../../src/core/import/csv.ts";
import { exportCsv } from "../../../src/core/export/bitwarden-csv.ts";
import { exportBitwarden } from "../../../src/core/export/bitwarden-json.ts";
import type { ExportedEntry, Loss } from "../../../src/core/export/exported.ts";
import type { Entry } from "../../../src/core/vault/model.ts";
import { binary, entryOf, plain, rowOf, secret } from "../../support/entries.ts";

function exported(facts: Partial<Omit<Entry, "conflicts" | "attachments">>): ExportedEntry {
  return { ...entryOf(facts), conflicts: [], attachments: [] };
}

async function* each(entries: readonly ExportedEntry[]): AsyncGenerator<ExportedEntry> {
  yield* entries;
}

interface Written {
  readonly text: string;
  readonly losses: readonly Loss[];
}

async function csv(...entries: readonly ExportedEntry[]): Promise<Written> {
  const losses: Loss[] = [];
  const lose = (loss: Loss): void => void losses.push(loss);
  return { text: (await Array.fromAsync(exportCsv(each(entries), { lose }))).join(""), losses };
}

async function cells(...entries: readonly ExportedEntry[]): Promise<readonly (readonly string[])[]> {
  return (await parseCsv((await csv(...entries)).text, "x.csv")).rows.map((row) => row.cells);
}

async function items(...entries: readonly ExportedEntry[]): Promise<readonly Record<string, unknown>[]> {
  const rows = entries.map(({ path, trashed }) => rowOf({ path, trashed }));
  const texts = await Array.fromAsync(exportBitwarden(each(entries), { rows, lose: () => {} }));
  return (JSON.parse(texts.join("")) as { items: readonly Record<string, unknown>[] }).items;
}

test.each([
  "plain",
  " blanks at both ends ",
  '"quoted", with a comma',
  "lines\nof\r\nall\rkinds\n",
  "\ttab",
  "=1+1",
  "@SUM(A1)",
  "-2+3",
  '"',
  "",
])("CSV gives back the exact password %j", async (password) => {
  const [row] = await cells(exported({ path: "x", fields: [secret("password", password)] }));
  expect(row?.[9]).toBe(password);
});

test("every row has the columns of the header, and lines end with CR LF", async () => {
  const { text } = await csv(exported({ path: "a/b,c" }), exported({ path: "d", type: "note" }));
  expect(text).toMatch(/^folder,favorite,.*,login_totp\r\na,,login,"b,c",(,)*0,,,,\r\n,,note,d,,,0,,,,\r\n$/);
});

test("CSV says what it leaves out, by entry", async () => {
  const { text, losses } = await csv(
    exported({ path: "a", fields: [secret("pem", "1\n2"), plain("x: y", "z"), secret("nul", "\u0000")] }),
    exported({ path: "b", trashed: true, fields: [secret("password", "gone")] }),
    exported({ path: "c", fields: [binary("blob", "/wA=")] }),
  );
  for (const lost of ["gone", "1\n2", "\u0000"]) expect(text).not.toContain(lost);
  expect(losses.map(({ what, path }) => `${path}: ${what}`)).toEqual([
    "a: values with a NUL character, which are left out",
    "a: fields of several lines, or with a colon in their names, which are left out",
    "b: entries in the trash, which are left out",
    "c: bytes that are no text; they are written as base64",
  ]);
});

const LINE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHN1Y2ggYSBrZXkgaXMgbm9uZSBhdCBhbGwgISEh";

test("Bitwarden refuses an SSH key without one of its three parts, so such a one is a note", async () => {
  const [whole, half, wrong] = await items(
    exported({ path: "a", type: "ssh-key", fields: [secret("private", "P"), plain("public", LINE)] }),
    exported({ path: "b", type: "ssh-key", fields: [secret("private", "P")] }),
    exported({ path: "c", type: "ssh-key", fields: [secret("private", "P"), plain("public", "none")] }),
  );
  expect(whole?.["sshKey"]).toEqual({
    privateKey: "P",
    publicKey: LINE,
    keyFingerprint: expect.stringMatching(/^SHA256:[\w+/]{43}$/),
  });
  for (const item of [half, wrong]) expect(item).toMatchObject({ type: 2, secureNote: { type: 0 } });
});

test("an earlier password ends when the next one was written", async () => {
  const [item] = await items(
    exported({
      fields: [secret("password", "3")],
      written: { password: 3000 },
      history: [
        { field: "password", value: secret("", "2"), written: 2000 },
        { field: "password", value: secret("", "1"), written: 1000 },
      ],
    }),
  );
  expect(item?.["passwordHistory"]).toEqual([
    { lastUsedDate: "1970-01-01T00:00:03.000Z", password: "2" },
    { lastUsedDate: "1970-01-01T00:00:02.000Z", password: "1" },
  ]);
});

test("ids are UUIDs, those of a folder the same for all of its entries", async () => {
  const [a, b, top] = await items(
    exported({ path: "x/y/a" }),
    exported({ path: "x/y/b" }),
    exported({ path: "top" }),
  );
  expect(a?.["id"]).toBe("01234567-89ab-cdef-0123-456789abcdef");
  expect(a?.["folderId"]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(b?.["folderId"]).toBe(a?.["folderId"]);
  expect(top?.["folderId"]).toBeNull();
});
