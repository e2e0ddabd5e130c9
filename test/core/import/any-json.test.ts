/** Items of any shape: each becomes an entry or is named as left out; none ends the import with a surprise. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { onePuxItem } from "../../../src/core/import/onepux-item.ts";
import { readOnePux } from "../../../src/core/import/onepux.ts";
import { protonItem } from "../../../src/core/import/proton-item.ts";
import { readProtonJson } from "../../../src/core/import/proton.ts";
import { isDay } from "../../../src/core/vault/day.ts";
import { readBytes } from "../../support/imported.ts";
import { account, onePux } from "../../support/onepux-export.ts";
import { bytesOf, data } from "../../support/proton-export.ts";

/** JSON in which members have names that mean something, and values of any kind. */
function shapes(names: readonly string[]): fc.Arbitrary<unknown> {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom<unknown>(null, true, "", "001", "text", -1, 0, 2, 1e300, 0.5),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names, "__proto__", "toString"), tie("value"), { maxKeys: 6 }),
    ),
  }));
  return value;
}

const ONE_PUX = [
  "overview",
  "details",
  "sections",
  "fields",
  "value",
  "date",
  "email",
  "address",
  "sshKey",
  "file",
  "reference",
  "metadata",
];
const ONE_PUX_MORE = [
  "loginFields",
  "passwordHistory",
  "urls",
  "url",
  "tags",
  "categoryUuid",
  "documentAttributes",
  "documentId",
  "fileName",
  "passkey",
  "title",
  "id",
];
const PROTON = [
  "data",
  "type",
  "content",
  "metadata",
  "extraFields",
  "sections",
  "sectionFields",
  "urls",
  "autofillUrls",
  "passkeys",
  "files",
  "folderId",
  "timestamp",
  "seconds",
];

const isText = (text: unknown): boolean => typeof text === "string";

test("of 1Password", () => {
  fc.assert(
    fc.property(shapes([...ONE_PUX, ...ONE_PUX_MORE]), (item) => {
      const { entry, files } = onePuxItem(item, () => undefined);
      expect(entry.expires === undefined || isDay(entry.expires)).toBe(true);
      expect([entry.title, ...entry.tags, ...files.map(({ name }) => name)].every(isText)).toBe(true);
      expect(entry.fields.every(({ name, text }) => isText(name) && isText(text) && text !== "")).toBe(true);
    }),
    { seed: 6, numRuns: 2000 },
  );
});

test("of Proton Pass", () => {
  fc.assert(
    fc.property(shapes(PROTON), (item) => {
      const fields = protonItem(item)?.fields ?? [];
      expect(fields.every(({ name, text }) => isText(name) && isText(text) && text !== "")).toBe(true);
    }),
    { seed: 6, numRuns: 2000 },
  );
});

test("in an export, where all of them are accounted for", async () => {
  const items = fc.sample(shapes([...ONE_PUX, ...PROTON]), { seed: 7, numRuns: 300 });
  const pux = await readBytes(readOnePux, onePux({ accounts: [account("Mara", { Personal: items })] }));
  expect(pux.entries.length + pux.skipped.filter(({ why }) => why === "it is empty").length).toBe(300);
  const proton = await readBytes(readProtonJson, bytesOf(data(items)));
  expect(proton.entries.length + proton.skipped.filter(({ why }) => why === "it is no item").length).toBe(
    300,
  );
});
