/** What a way out of pm and back in changes is what docs/export.md says, difference by difference. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Entry } from "../../src/core/vault/model.ts";
import { openVault } from "../../src/node/local-session.ts";
import { utf8 } from "../../src/core/bytes.ts";
import { differences } from "../support/entry-differences.ts";
import { callHere, createHome, type Home, openOptions } from "../support/home.ts";
import { createRichHome } from "../support/rich-vault.ts";

const FORMATS = ["sealed", "sealed, imported", "json", "bitwarden-json", "csv", "kdbx"] as const;
type Format = (typeof FORMATS)[number];

const NEW_PASSWORD = "another good long sentence";

let home: Home;

beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), "pm-export-"));
  home = await createRichHome(directory);
  writeFileSync(join(home.directory, "new.txt"), NEW_PASSWORD, { mode: 0o600 });
});

afterAll(() => rmSync(home.directory, { recursive: true }));

/** The differences that the page lists for a format. */
function documented(format: Format): readonly string[] {
  const page = readFileSync(new URL("../../docs/export.md", import.meta.url), "utf8");
  const rows = /^\| Difference \|[^]*?\n\n/m.exec(page)?.[0].trim().split("\n") ?? [];
  const [head = [], , ...body] = rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  const column = head.indexOf(format);
  expect(column).toBeGreaterThan(0);
  return body
    .filter((cells) => cells[column] !== "")
    .map(([name = ""]) => name.replaceAll("`", ""))
    .toSorted();
}

async function entriesOf(path: string, options: ReturnType<typeof openOptions>): Promise<readonly Entry[]> {
  using session = await openVault({ ...options, path });
  const rows = [...(await session.list({})), ...(await session.list({ trashed: true }))];
  return await Promise.all(rows.map(({ id }) => session.entry(id, "use")));
}

/** The entries that stand at the end of the way. */
async function wayAndBack(format: Format): Promise<readonly Entry[]> {
  const file = join(home.directory, `export.${format.replace(", ", "-")}`);
  const secret = ["--new-password-file", "new.txt"];
  if (format === "sealed") {
    await callHere(["export", "-o", file, ...secret, "--verify"], home.directory);
    return await entriesOf(file, { ...openOptions(home), credentials: { password: utf8(NEW_PASSWORD) } });
  }
  const isSealed = format === "kdbx" || format === "sealed, imported";
  const named = format === "sealed, imported" ? [] : ["--format", format];
  const how = isSealed ? secret : ["--plaintext", "-y"];
  await callHere(["export", "-o", file, ...named, ...how], home.directory);
  const other = await createHome(mkdtempSync(join(home.directory, "home-")));
  const password = isSealed ? ["--import-password-file", join(home.directory, "new.txt")] : [];
  await callHere(["import", file, ...password], other.directory);
  return await entriesOf(other.vault, openOptions(other));
}

test.each(FORMATS)("%s", async (format) => {
  const before = await entriesOf(home.vault, openOptions(home));
  const found = differences(before, await wayAndBack(format));
  expect([...found.keys()].toSorted()).toEqual(documented(format));
});
