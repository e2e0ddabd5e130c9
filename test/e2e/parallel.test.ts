/** Many processes on one vault, some of them killed: what was acknowledged is there. */
import { mkdirSync, readdirSync, statSync, watch } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createHome, type Home, PASSWORD } from "../support/home.ts";
import { finished, PM, pmEnvironment, runPm, temporaryDirectory } from "../support/process.ts";
import { runProgram, startProgram } from "../support/shell.ts";

const WRITERS = 8;
const ROUNDS = process.env["SOAK"] === "1" ? 20 : 3;
const KILLS = process.env["SOAK"] === "1" ? 300 : 16;
/** Files come and go in the vault's folder at least so often during one save. */
const STEPS_OF_A_SAVE = 6;

async function names(home: Home): Promise<string[]> {
  const run = await home.pm(["ls"]);
  expect({ exit: run.exit, stderr: run.stderr }).toEqual({ exit: 0, stderr: "" });
  return run.stdout.toString().split("\n").slice(0, -1);
}

test(`${WRITERS} processes that add at once all get their entries in`, { timeout: 120_000 }, async () => {
  const home = await createHome();
  const wanted: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const added = Array.from({ length: WRITERS }, (_, writer) => `round-${round}/writer-${writer}`);
    const runs = await Promise.all(
      added.map((name) => home.pm(["add", name, "--timeout", "60"], { input: name })),
    );
    for (const { exit, stderr } of runs) expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    wanted.push(...added);
  }
  expect(await names(home)).toEqual(wanted.toSorted());
  for (const name of wanted.slice(-WRITERS)) {
    expect((await home.pm(["get", name])).stdout.toString()).toBe(`${name}\n`);
  }
  expect((await home.pm(["verify"])).exit).toBe(0);
});

test("readers beside writers see a whole vault and no rollback", { timeout: 120_000 }, async () => {
  const home = await createHome();
  await home.pm(["add", "fixed"], { input: "value" });
  const writing = new AbortController();
  const write = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) expect((await home.pm(["gen", "changing"])).stderr).toBe("");
    writing.abort();
  };
  const read = async (): Promise<number> => {
    let reads = 0;
    for (; !writing.signal.aborted; reads++) {
      const { exit, stdout, stderr } = await home.pm(["get", "fixed"]);
      expect({ exit, stdout: stdout.toString(), stderr }).toEqual({ exit: 0, stdout: "value\n", stderr: "" });
    }
    return reads;
  };
  const [, ...reads] = await Promise.all([write(), read(), read()]);
  expect(Math.min(...reads)).toBeGreaterThan(3);
});

/** Adds until the folder of the vault has changed so often, then kills. @returns whether it was acknowledged */
async function addAndKill(home: Home, name: string, changes: number): Promise<boolean> {
  const env = pmEnvironment({ home: home.directory, env: { PM_KEY: home.token } });
  const child = startProgram([process.execPath, PM, "add", name, "--no-secret"], { env });
  let seen = 0;
  const folder = watch(join(home.vault, ".."), () => {
    if (++seen >= changes) child.kill("SIGKILL");
  });
  const { exit, stderr } = await finished(child);
  folder.close();
  expect({ exit, stderr }).toEqual({ exit: exit === 0 ? 0 : "SIGKILL", stderr: "" });
  return exit === 0;
}

describe.skipIf(process.platform === "win32")("kill -9 during saves", () => {
  test(`loses nothing acknowledged in ${KILLS} kills`, { timeout: KILLS * 4000 }, async () => {
    const home = await createHome();
    const acknowledged: string[] = [];
    let kills = 0;
    for (let i = 0; kills < KILLS; i++) {
      const name = `entry-${String(i).padStart(4, "0")}`;
      if (await addAndKill(home, name, 1 + (i % STEPS_OF_A_SAVE))) acknowledged.push(name);
      else kills++;
      // A save between two kills: nothing of what was left behind is in its way.
      expect((await home.pm(["add", `${name}-after`, "--no-secret", "--timeout", "5"])).stderr).toBe("");
      acknowledged.push(`${name}-after`);
      expect(await names(home)).toEqual(expect.arrayContaining(acknowledged));
    }
    expect((await home.pm(["verify"])).exit).toBe(0);
  });
});

describe.skipIf(process.platform === "win32")("where files go", () => {
  test("umask 000 opens nothing: files are 0600, folders 0700", { timeout: 60_000 }, async () => {
    const home = join(temporaryDirectory(), "new", "home");
    const outside = temporaryDirectory();
    const script = `umask 000
      pm() { "$NODE" "$PM" "$@"; }
      set -e
      pm init --kdf constrained
      pm key add machine --token-file "$OUT/key"
      pm key add keyfile "$OUT/keyfile"
      pm gen web/github >/dev/null
      pm get web/github -o "$OUT/value"
      pm config set length 24
      pm completion bash --install`;
    const env = {
      ...pmEnvironment({ home, env: { PM_PASSWORD: PASSWORD, HOME: outside } }),
      NODE: process.execPath,
      PM,
      OUT: outside,
    };
    const run = await runProgram(["sh", "-c", script], { env });
    expect({ exit: run.exit, stderr: run.stderr }).toEqual({ exit: 0, stderr: "" });
    for (const top of [home, outside]) {
      for (const path of readdirSync(top, { recursive: true, encoding: "utf8" })) {
        const facts = statSync(join(top, path));
        const mode = (facts.mode & 0o777).toString(8);
        expect({ path, mode }).toEqual({ path, mode: facts.isDirectory() ? "700" : "600" });
      }
    }
    expect((statSync(home).mode & 0o777).toString(8)).toBe("700");
  });

  test("PM_HOME moves everything, and nothing is left elsewhere", { timeout: 60_000 }, async () => {
    const home = temporaryDirectory();
    const elsewhere = temporaryDirectory();
    for (const name of ["home", "tmp", "cwd"]) mkdirSync(join(elsewhere, name));
    const options = {
      home,
      cwd: join(elsewhere, "cwd"),
      env: {
        HOME: join(elsewhere, "home"),
        TMPDIR: join(elsewhere, "tmp"),
        PM_PASSWORD: PASSWORD,
      },
    };
    const calls = [
      ["init", "--kdf", "constrained"],
      ["key", "add", "machine"],
      ["add", "a", "-g"],
      ["gen", "a"],
      ["get", "a"],
      ["config", "set", "length", "24"],
      ["rm", "-y", "a"],
      ["trash", "empty", "-y"],
      ["status"],
      ["verify"],
    ];
    for (const call of calls) {
      const { exit, stderr } = await runPm(call, options);
      expect({ call, exit, stderr }).toEqual({ call, exit: 0, stderr: "" });
    }
    expect(readdirSync(elsewhere, { recursive: true, encoding: "utf8" }).toSorted()).toEqual([
      "cwd",
      "home",
      "tmp",
    ]);
    expect(readdirSync(home).toSorted()).toEqual(["config", "data", "state"]);
  });
});
