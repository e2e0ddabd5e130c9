import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.join(import.meta.dirname, "..");

function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}

const PAGES = [...globSync("*.md", { cwd: root }), ...globSync("docs/**/*.md", { cwd: root })];

test.each(PAGES)("%s links only to what is there", (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] ?? "");
  const missing = links.filter((link) => !existsSync(path.join(root, path.dirname(page), link)));
  expect(missing).toEqual([]);
});

test.each(PAGES)("%s names only files that are there", (page) => {
  const names = [...read(page).matchAll(/`((?:src|test|scripts|docs|bin)\/[\w./-]+\.\w+)`/g)];
  const missing = names
    .map((match) => match[1] ?? "")
    .filter((name) => !name.includes("NAME") && !existsSync(path.join(root, name)));
  expect(missing).toEqual([]);
});

test("every promise of the threat model names its test", () => {
  const rows = read("docs/threat-model.md")
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^\|(---| Promise)/.test(line));
  expect(rows.length).toBeGreaterThan(15);
  for (const row of rows) expect(row).toMatch(/\| `test\/[^|]+` \|$/);
});
