import fs from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryDirectory } from "../support/process.ts";
import { contentOf, generationOf } from "./fixtures/content.ts";
import { line, lines, startFixture } from "./fixtures/run.ts";

const KILLS = process.env["SOAK"] === "1" ? 1000 : 40;
/** How many saves a process may acknowledge before it is killed in the middle of the next one. */
const MAX_SAVES = 12;

/** Saves until `saves` are acknowledged, then kills. @returns the last generation that was */
async function saveAndKill(path: string, from: number, saves: number): Promise<number> {
  const saver = startFixture("saver", [path, String(from), "1000000"]);
  const acknowledged = lines(saver);
  let last = from - 1;
  while (last < from + saves - 1) last = Number.parseInt(await line(acknowledged), 10);
  saver.kill("SIGKILL");
  // What was in the pipe was acknowledged too.
  for await (const more of acknowledged) last = Number.parseInt(more, 10);
  return last;
}

describe("kill -9 during saves", () => {
  test(`loses nothing acknowledged in ${KILLS} kills`, { timeout: KILLS * 1000 }, async () => {
    const path = join(temporaryDirectory(), "vault.pm");
    fs.writeFileSync(path, contentOf(1));
    let generation = 1;
    for (let kill = 0; kill < KILLS; kill++) {
      const acknowledged = await saveAndKill(path, generation + 1, 1 + (kill % MAX_SAVES));
      generation = generationOf(fs.readFileSync(path));
      // The save that was cut off may have got as far as the rename.
      expect([acknowledged, acknowledged + 1]).toContain(generation);
      expect([generation - 1, generation]).toContain(generationOf(fs.readFileSync(`${path}.bak`)));
    }
    // Else no kill was in the middle of a save.
    expect(fs.readdirSync(join(path, "..")).length).toBeGreaterThan(2);
  });
});
