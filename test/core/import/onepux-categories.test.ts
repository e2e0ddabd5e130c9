import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fieldLines } from "../../support/imported.ts";
import { entryOf, section } from "../../support/onepux-export.ts";

interface Category {
  readonly title: string;
  readonly uuid: string;
  readonly type: string;
  /** Sections in brackets; "id | title | value". */
  readonly holds: string;
  /** As `fieldLines` has them. */
  readonly becomes: string;
}

function sectionsOf(text: string): readonly object[] {
  return linesOf(text.replace(/^(?!\s*\[)/, "[]\n"))
    .join("\n")
    .split(/^(?=\[)/m)
    .map((part) => {
      const [title = "", ...fields] = part.trim().split("\n");
      const rows = fields.map((line) => line.split(" | "));
      const entries = rows.map(
        ([id = "", own = "", value = "null"]) => [id, [own, JSON.parse(value)]] as const,
      );
      return section(title.slice(1, -1), Object.fromEntries(entries));
    });
}

function linesOf(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

const TEXT = readFileSync(new URL("onepux-categories.txt", import.meta.url), "utf8");

const CATEGORIES: readonly Category[] = TEXT.split(/^## /m)
  .slice(1)
  .map((scene) => {
    const [, uuid = "", title = "", type = "", rest = ""] = /^(\d+) (.+): (.+)\n([^]*)$/.exec(scene) ?? [];
    const [holds = "", becomes = ""] = rest.split("=>\n");
    return { uuid, title, type, holds, becomes };
  });

test("every category that 1Password documents has a scene", () => {
  const uuids = ["002", "003", "004", ...Array.from({ length: 16 }, (_, n) => String(100 + n)), "999"];
  expect(CATEGORIES.map(({ uuid }) => uuid)).toEqual(uuids);
});

describe("the category", () => {
  test.each(CATEGORIES)("$title", async ({ uuid, type, holds, becomes }) => {
    const entry = await entryOf(uuid, { details: { sections: sectionsOf(holds) } });
    expect(entry.type).toBe(type);
    expect(fieldLines(entry)).toEqual(linesOf(becomes));
  });

  test("password", async () => {
    const entry = await entryOf("005", { details: { password: "p4ss" } });
    expect([entry.type, fieldLines(entry)]).toEqual(["login", ["password (secret): p4ss"]]);
  });

  test("with a day of expiry has it as the entry's own", async () => {
    const sections = [section("", { expires: ["expires", { date: 1_893_499_260 }] })];
    expect((await entryOf("112", { details: { sections } })).expires).toBe("2030-01-01");
  });

  test("with a day of expiry that is none has none", async () => {
    const sections = [section("", { expires: ["expires", { date: 1e300 }] })];
    expect(await entryOf("112", { details: { sections } })).not.toHaveProperty("expires");
  });

  test("note hides its text as pm does", async () => {
    const entry = await entryOf("003", { details: { notesPlain: "secret text" } });
    expect(fieldLines(entry)).toEqual(["notes (secret): secret text"]);
  });
});
