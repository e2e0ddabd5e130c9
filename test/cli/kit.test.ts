/** The emergency kit: what it says, that it needs nothing else, and that a scanner reads its codes. */
import { describe, expect, test } from "vitest";
import { type Kit, kitText, newKit } from "../../src/cli/kit.ts";
import { kitPage } from "../../src/cli/kit-page.ts";
import { qrLines } from "../../src/cli/qr.ts";
import { describeWith } from "../support/describe-with.ts";
import { type Modules, modulesOfText, scan } from "../support/qr-scanner.ts";
import { seededRandom } from "../support/random.ts";
import { createTestIo } from "../support/test-io.ts";

const CODE = "PMR1-000G-40R4-0M30-E209-185G-R38E-1W81-24GK-D4FG"; // not-a-secret
const ID = "30802a9490c711a60d1313575dc698e1";
const KIT: Kit = { vaultId: ID, path: "/home/mara/vaults/work.pm", day: "2026-01-01", code: CODE };

const callOn = (env: Record<string, string>) => createTestIo({ random: seededRandom("kit"), env });

test("is of this vault, and of the day it is made on", () => {
  const kit = newKit(callOn({}), { vaultId: "ab01", path: "/v.pm" }, CODE);
  expect(kit).toEqual({ vaultId: "ab01", path: "/v.pm", day: "2026-01-01", code: CODE });
});

describe("on a terminal", () => {
  test("names the vault, has the code once, and says what to type", async () => {
    const text = await kitText(callOn({ TERM: "xterm" }), KIT, "the code");
    for (const part of [ID, KIT.path, KIT.day, "pm passwd"]) expect(text).toContain(part);
    expect(text.split(CODE)).toHaveLength(2);
    expect(text).toContain("█");
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });

  test("leaves the code to the line that follows, and the QR code away where it can't be drawn", async () => {
    const text = await kitText(callOn({ TERM: "dumb" }), KIT, "what follows");
    expect(text).not.toContain(CODE);
    expect(text).not.toContain("█");
  });
});

describe("for paper", () => {
  test("has everything in one file, and nothing that is fetched or run", async () => {
    const page = await kitPage(KIT);
    for (const part of [ID, KIT.path, KIT.day, "pm passwd --vault ./work.pm", "<svg ", "@page"]) {
      expect(page).toContain(part);
    }
    expect(page.replaceAll(/<\/?b>| /g, "")).toContain(CODE.replaceAll("-", ""));
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\bsrc=|href|https?:|\bon\w+=/i);
    expect(page).toContain("default-src 'none'");
  });

  test("shows a path as text, whatever is in it", async () => {
    const page = await kitPage({ ...KIT, path: `/tmp/<script>alert('x')&"\u001b[1m.pm` });
    expect(page).not.toContain("<script");
    expect(page).not.toContain("\u001b");
    expect(page).toContain("&lt;script&gt;");
    expect(await kitPage({ ...KIT, path: "/a/it's mine.pm" })).toContain("--vault ./'it'\\''s mine.pm'");
  });
});

function modulesOfSvg(page: string): Modules {
  const size = Number(/viewBox="0 0 (\d+) \d+"/.exec(page)?.[1]);
  const dark = new Set(Array.from(page.matchAll(/M(\d+),(\d+)h1v1h-1z/g), ([, x, y]) => `${x},${y}`));
  const numbers = Array.from({ length: size }, (_, i) => i);
  return numbers.map((y) => numbers.map((x) => dark.has(`${x},${y}`)));
}

describeWith(["zbarimg"], "a scanner", () => {
  test("reads the code from the page", async () => {
    expect(scan(modulesOfSvg(await kitPage(KIT)))).toBe(CODE);
  });

  test("reads the code from the terminal", async () => {
    expect(scan(modulesOfText(await qrLines(CODE)))).toBe(CODE);
  });

  test("reads it from a page with a blot on it", async () => {
    const modules = modulesOfSvg(await kitPage(KIT));
    const isBlot = (n: number): boolean => n >= 16 && n < 22;
    const blotted = modules.map((row, y) => row.map((dark, x) => dark || (isBlot(x) && isBlot(y))));
    expect(blotted).not.toEqual(modules);
    expect(scan(blotted)).toBe(CODE);
  });
});
