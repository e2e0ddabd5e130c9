import fs from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../support/process.ts";
import { ended, startFixture } from "./fixtures/run.ts";

const WRITERS = 8;
const SAVES = process.env["SOAK"] === "1" ? 200 : 15;
/** Writers that die with the lock in their hands, each in another of its saves. */
const KILLED = 3;

test(
  `${WRITERS} writers at once lose no save, ${KILLED} of them killed while they hold the lock`,
  { timeout: 60_000 },
  async () => {
    const path = join(temporaryDirectory(), "vault.pm");
    fs.writeFileSync(path, "");
    const writers = Array.from({ length: WRITERS }, (_, i) => {
      const dies = i < KILLED ? String(3 + 2 * i) : "0";
      return ended(startFixture("writer", [path, `w${i}`, String(SAVES), dies]));
    });
    const results = await Promise.all(writers);
    expect(results.map(({ stderr }) => stderr).join("")).toBe("");
    expect(results.map(({ status }) => status)).toEqual(results.map((_, i) => (i < KILLED ? "SIGKILL" : 0)));
    const acknowledged = results.flatMap(({ stdout }) => stdout.split("\n").filter(Boolean));
    expect(acknowledged).toHaveLength((WRITERS - KILLED) * SAVES + 2 + 4 + 6);
    const saved = fs.readFileSync(path, "utf8").split("\n").filter(Boolean);
    expect(saved.toSorted()).toEqual(acknowledged.toSorted());
  },
);
