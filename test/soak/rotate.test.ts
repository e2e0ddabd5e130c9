/** `pm rotate` killed at any moment: what a command was given is in the vault, and the next rotation goes on. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Entry } from "../../src/core/vault/model.ts";
import { createHome, type Home, openHome } from "../support/home.ts";
import { finished, PM, pmEnvironment } from "../support/process.ts";
import { startProgram } from "../support/shell.ts";

const KILLS = 150;
/** About what a rotation takes from its start to its end. */
const LONGEST_MS = 500;

async function entryOf(home: Home): Promise<Entry> {
  using session = await openHome(home);
  const found = await session.resolve("a");
  return await session.entry(found.kind === "found" ? found.row.id : "");
}

async function rotateAndKill(home: Home, args: readonly string[], afterMs: number): Promise<void> {
  // What a killed pm leaves among the temporary files goes with the home.
  const own = { PM_KEY: home.token, TMPDIR: home.directory };
  const env = pmEnvironment({ home: home.directory, env: own });
  const command = "sh -c 'cat <&4 >given.new; mv given.new given'";
  const argv = [process.execPath, PM, "rotate", "a", "--with", command, ...args];
  const child = startProgram(argv, { env, cwd: home.directory });
  const timer = setTimeout(() => child.kill("SIGKILL"), afterMs);
  await finished(child);
  clearTimeout(timer);
}

test.runIf(process.platform === "linux")(`${KILLS} kills lose no value`, async () => {
  const home = await createHome();
  await home.pm(["add", "a"], { input: "first" });
  const given = join(home.directory, "given");
  const ends = { old: 0, pending: 0, replaced: 0 };
  let before = await entryOf(home);
  for (let kill = 0; kill < KILLS; kill++) {
    const wasPending = before.pending !== undefined;
    await rotateAndKill(home, wasPending ? ["--resume"] : [], (kill / KILLS) * LONGEST_MS);
    const after = await entryOf(home);
    const [now, next] = [after.fields[0]?.text, after.pending?.[0]?.text];
    const last = existsSync(given) ? readFileSync(given, "utf8") : "first";
    const kept = [now, next, ...after.history.map(({ value }) => value.text)];
    expect(kept).toContain(last);
    expect(kept).toContain(before.fields[0]?.text);
    // The field never holds what no command was given.
    expect([before.fields[0]?.text, last]).toContain(now);
    if (wasPending && next !== undefined) expect(next).toBe(before.pending?.[0]?.text);
    const settled = now === before.fields[0]?.text ? "old" : "replaced";
    ends[next === undefined ? settled : "pending"]++;
    before = after;
  }
  // Else the kills came all at one moment.
  expect(Math.min(...Object.values(ends))).toBeGreaterThan(0);
});
