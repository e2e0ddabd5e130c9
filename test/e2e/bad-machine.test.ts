/** Where the machine says no: disk, permissions, lock, memory. The real process, and nothing changed. */
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { line, lines, startFixture } from "../node/fixtures/run.ts";
import { callHere, contentsOf, createHome, type Home, openHome, PASSWORD } from "../support/home.ts";
import { describeWithMounts, inNamespace } from "../support/mounts.ts";
import { type Finished, PM, pmEnvironment, runPm, temporaryDirectory } from "../support/process.ts";
import { runProgram } from "../support/shell.ts";
import { fixChecksum, patched } from "../support/vault-builder.ts";

const ON_LINUX = process.platform === "linux";
const SLOT_MEMORY_OFFSET = 68;
const MAX_ENTRIES = 200_000;

/** A failed write: nothing on stdout, in particular no secret that was not saved. */
function expectFailure(run: Finished, exit: number, message: RegExp): void {
  expect({ exit: run.exit, stdout: run.stdout.toString() }).toEqual({ exit, stdout: "" });
  const [first = "", second = "", ...rest] = run.stderr.split("\n");
  expect(first).toMatch(/^pm: error: /);
  expect(first).toMatch(message);
  expect(second).toMatch(/^pm: hint: /);
  expect(rest).toEqual([""]);
}

async function filledHome(): Promise<Home> {
  const home = await createHome();
  await callHere(["add", "web/github", "-g"], home.directory);
  return home;
}

/** What the disk of the namespace holds, and whether a call left it as it was. */
const PRELUDE = `
  pm() { "$NODE" "$PM" "$@"; }
  mount -t tmpfs -o size=200k none "$1"
  cp -a "$2/." "$1"
  export PM_HOME="$1"
  content() { (cd "$1" && find . -type f ! -name spare ! -name fill -exec sha256sum {} + | sort); }
  pm ls >"$3/listed"
`;

/** `disk` runs before a write that must fail, which is `gen`: it would print a new password. */
async function writeOnDisk(home: Home, disk: string): Promise<Finished> {
  const [mountPoint, notes] = [temporaryDirectory(), temporaryDirectory()];
  const script = `${PRELUDE}${disk}
    content "$1" >"$3/before"
    status=0
    pm gen new || status=$?
    content "$1" | cmp - "$3/before" >&2
    pm get web/github >"$3/got"
    exit $status`;
  const env = {
    ...pmEnvironment({ home: mountPoint, env: { PM_KEY: home.token } }),
    NODE: process.execPath,
    PM,
  };
  const run = await runProgram(inNamespace(script, [mountPoint, home.directory, notes]), { env });
  expect(readFileSync(join(notes, "listed"), "utf8")).toBe("web/github\n");
  return run;
}

describeWithMounts("a disk that says no", () => {
  test("a full one is 9", { timeout: 60_000 }, async () => {
    // Room for a lock, none for another vault.
    const fill = `head -c 12288 /dev/zero >"$1/spare"; cat /dev/zero >"$1/fill" 2>/dev/null || rm "$1/spare"`;
    expectFailure(await writeOnDisk(await filledHome(), fill), 9, /the disk is full/);
  });

  test("one without any room is 9", { timeout: 60_000 }, async () => {
    const fill = `cat /dev/zero >"$1/fill" 2>/dev/null || true`;
    expectFailure(await writeOnDisk(await filledHome(), fill), 9, /the disk is full/);
  });

  test("a read-only one is 9, and can be read", { timeout: 60_000 }, async () => {
    const remount = `mount -o remount,ro "$1"`;
    expectFailure(await writeOnDisk(await filledHome(), remount), 9, /the file system is read-only/);
  });
});

/** Root without the rights of root, so that modes count. */
async function withoutRights(home: Home, before: string, args: readonly string[]): Promise<Finished> {
  const argv = ["sh", "-ec", `${before}; exec setpriv --bounding-set=-all "$@"`, "sh"];
  const env = pmEnvironment({ home: home.directory, env: { PM_KEY: home.token } });
  return await runProgram([...argv, process.execPath, PM, ...args], { env });
}

test.runIf(ON_LINUX && process.geteuid?.() === 0)(
  "a folder that may not be read is told by scan",
  async () => {
    const home = await filledHome();
    const folder = temporaryDirectory();
    const secret = (await home.pm(["get", "web/github"])).stdout.toString();
    const before = `mkdir "${folder}/locked"; chmod 0 "${folder}/locked"`;
    writeFileSync(join(folder, "note"), secret);
    const run = await withoutRights(home, before, ["scan", folder]);
    expect({ exit: run.exit, stdout: run.stdout.toString() }).toEqual({
      exit: 11,
      stdout: `${folder}/note:1: web/github/password\n`,
    });
    expect(run.stderr).toMatch(/can't read [^\n]*locked: permission denied/);
  },
);

test.runIf(ON_LINUX && process.geteuid?.() === 0)("a folder that may not be written is 9", async () => {
  const home = await filledHome();
  const before = contentsOf(home.directory);
  const run = await withoutRights(home, `chmod 500 "$PM_HOME/data"`, ["gen", "new"]);
  expectFailure(run, 9, /permission denied/);
  expect(contentsOf(home.directory)).toEqual({ ...before, data: "500 " });
});

test.runIf(ON_LINUX)("standard output that can't be written is 9, and no success", async () => {
  const home = await filledHome();
  const env = pmEnvironment({ home: home.directory, env: { PM_KEY: home.token } });
  const calls = "ls|get web/github|help|version|--version|man|gen|key add machine --label lost".split("|");
  for (const call of calls.map((words) => words.split(" "))) {
    const run = await runProgram(["sh", "-c", `exec "$@" >/dev/full`, "sh", process.execPath, PM, ...call], {
      env,
    });
    expectFailure(run, 9, /can't write to standard output: the disk is full/);
  }
  // The slot of a key that nobody got to see is gone again.
  expect((await home.pm(["key", "ls"])).stdout.toString()).not.toContain("lost");
});

test("a lock that a running process holds is 9, and names the process", async () => {
  const home = await filledHome();
  const holder = startFixture("holder", [home.vault]);
  const pid = await line(lines(holder));
  const before = contentsOf(home.directory);
  const run = await home.pm(["gen", "new", "--timeout", "1"]);
  expectFailure(run, 9, new RegExp(`locked.*${pid}`));
  const json = await home.pm(["set", "web/github", "a=1", "--timeout", "0", "--json"]);
  expect(JSON.parse(json.stderr).error).toMatchObject({ code: "lock-held", exit: 9 });
  expect((await home.pm(["get", "web/github"])).exit).toBe(0);
  expect(contentsOf(home.directory)).toEqual(before);
  holder.stdin?.end();
  await once(holder, "exit");
  expect((await home.pm(["gen", "new", "--timeout", "0"])).exit).toBe(0);
});

test.runIf(ON_LINUX)("too little memory for the key derivation is 9, with the number", async () => {
  const home = await filledHome();
  const paranoid = fixChecksum(patched(readFileSync(home.vault), SLOT_MEMORY_OFFSET, [0, 0x10, 0, 0]));
  writeFileSync(home.vault, paranoid);
  const before = contentsOf(home.directory);
  const env = pmEnvironment({ home: home.directory, env: { PM_PASSWORD: PASSWORD } });
  // KiB: enough for Node.
  const argv = ["sh", "-c", `ulimit -d 900000; exec "$@"`, "sh", process.execPath, PM, "get", "web/github"];
  expectFailure(await runProgram(argv, { env }), 9, /not enough memory .*\(needs 1024 MiB\)$/);
  const json = await runProgram([...argv, "--json"], { env });
  expect(JSON.parse(json.stderr).error).toMatchObject({ code: "no-memory", exit: 9 });
  expect(contentsOf(home.directory)).toEqual(before);
});

describe(`a vault of ${MAX_ENTRIES} entries`, () => {
  test("takes no other one: 2", { timeout: 120_000 }, async () => {
    const home = await createHome();
    const session = await openHome(home);
    await session.edit(
      Array.from({ length: MAX_ENTRIES }, (_, i) => ({
        kind: "create",
        path: `e/${i}`,
        type: "note",
        fields: [],
        tags: [],
        meta: {},
        existing: "refuse",
      })),
    );
    session[Symbol.dispose]();
    const before = readFileSync(home.vault);
    const options = { home: home.directory, env: { PM_KEY: home.token } };
    expectFailure(await runPm(["add", "one-more", "--no-secret"], options), 2, /200,?000/);
    expect(readFileSync(home.vault).equals(before)).toBe(true);
    expect((await runPm(["get", "e/199999", "-f", "x"], options)).exit).toBe(3);
  });
});
