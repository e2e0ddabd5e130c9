/** The agent as a real process: what others can see of it, and how it begins and ends. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { acquireLock } from "../../src/node/lock.ts";
import { connect, endAgentAfterTest, isRunning, placeIn, until, WITH_AGENT } from "../support/agent.ts";
import { createHome, type Home, PASSWORD } from "../support/home.ts";
import { type Finished, runPm } from "../support/process.ts";
import { startPmOnPty } from "../support/pty.ts";

const CANARY = "canary-in-the-environment";
/** What a caller has, and the agent must not get. */
const ENV = { ...WITH_AGENT, SOME_TOKEN: CANARY, NODE_OPTIONS: "--no-warnings" };

/** Through the agent: without the machine key that `home.pm` gives. */
async function pm(
  home: Home,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return await runPm(args, { home: home.directory, env: { ...ENV, ...env } });
}

async function homeWithAgent(): Promise<Home> {
  const home = await createHome();
  endAgentAfterTest(home.directory);
  return home;
}

async function unlocked(): Promise<{ readonly home: Home; readonly pid: number }> {
  const home = await homeWithAgent();
  expect(await pm(home, ["unlock"], { PM_PASSWORD: PASSWORD })).toMatchObject({ exit: 0 });
  const client = await connect(await placeIn(home.directory));
  return { home, pid: client.pid };
}

describe("a running agent", () => {
  test("shows no secret of its caller, and can't be dumped or debugged", async () => {
    const { home, pid } = await unlocked();
    const read = (name: string): string => readFileSync(`/proc/${pid}/${name}`, "latin1");
    const names = read("environ")
      .split("\0")
      .map((entry) => entry.split("=")[0]);
    expect(read("environ")).not.toContain(CANARY);
    expect(names.filter((name) => /^(NODE_|PM_(?!HOME))/.test(name ?? ""))).toEqual([]);
    expect(read("cmdline")).not.toMatch(new RegExp(`${CANARY}|${PASSWORD}`));
    expect(read("limits")).toMatch(/^Max core file size +0 +0 /m);
    process.kill(pid, "SIGUSR1");
    expect(await pm(home, ["ls"])).toMatchObject({ exit: 0, stderr: "" });
    expect(read("net/tcp")).not.toMatch(/0100007F:240D /);
  });

  test("serves reading and writing without a password, until it is locked", async () => {
    const { home } = await unlocked();
    const added = await runPm(["add", "web/a"], { home: home.directory, env: ENV, input: "a value" });
    expect(added).toMatchObject({ exit: 0, stderr: "" });
    expect(String((await pm(home, ["get", "web/a"])).stdout)).toBe("a value\n");
    expect(await pm(home, ["get", "web/a", "--no-agent", "--no-input"])).toMatchObject({ exit: 4 });
    expect(await pm(home, ["get", "web/a"], { PM_PASSWORD: "wrong" })).toMatchObject({ exit: 5 });
    await pm(home, ["lock"]);
    expect(await pm(home, ["get", "web/a"])).toMatchObject({ exit: 4 });
  });

  test("forgets the key after the idle time, on a real clock", async () => {
    const { home } = await unlocked();
    const client = await connect(await placeIn(home.directory));
    const credentials = { password: new TextEncoder().encode(PASSWORD) };
    await client.request({ kind: "unlock", vault: home.vault, credentials, limits: { idleMs: 200 } });
    await until("it is locked", async () => (await client.request({ kind: "status" })).vaults.length === 0);
    expect(await pm(home, ["ls"])).toMatchObject({ exit: 4 });
  });

  test("ends in order on SIGTERM", async () => {
    const { home, pid } = await unlocked();
    const place = await placeIn(home.directory);
    process.kill(pid, "SIGTERM");
    await until("it has ended", () => !isRunning(pid));
    expect([existsSync(place.socket), existsSync(place.token)]).toEqual([false, false]);
  });

  test("ends with its socket", async () => {
    const { home, pid } = await unlocked();
    // Node's rmSync leaves a folder out of which somebody else takes a file meanwhile.
    spawnSync("rm", ["-rf", home.directory]);
    await until("it has ended", () => !isRunning(pid));
    expect(existsSync(home.directory)).toBe(false);
  });

  test("is one, however many are started at once", async () => {
    const home = await homeWithAgent();
    const starts = await Promise.all([1, 2, 3].map(() => pm(home, ["agent", "start"])));
    expect(starts.map(({ exit, stderr }) => [exit, stderr])).toEqual([1, 2, 3].map(() => [0, ""]));
    const pids = await Promise.all(
      [1, 2].map(async () => (await connect(await placeIn(home.directory))).pid),
    );
    expect(new Set(pids).size).toBe(1);
  });

  test("that is killed in the middle of a save leaves a vault, and a caller who knows what to look at", async () => {
    const { home, pid } = await unlocked();
    const client = await connect(await placeIn(home.directory));
    const lastUse = async (): Promise<number> =>
      (await client.request({ kind: "status" })).vaults[0]?.locksAt ?? 0;
    const before = await lastUse();
    const lock = { path: home.vault, timeoutMs: 1000, breakLock: false, now: Date.now };
    using _lock = await acquireLock({
      ...lock,
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    });
    const adding = runPm(["add", "web/a"], { home: home.directory, env: ENV, input: "a value" });
    // It waits for the lock by then.
    await until("the agent has the request", async () => (await lastUse()) > before);
    process.kill(pid, "SIGKILL");
    expect(await adding).toMatchObject({
      exit: 9,
      stderr:
        "pm: error: the connection to the agent was lost; it is not known whether it was saved\n" +
        "pm: hint: look at: pm log\n",
    });
    _lock.release();
    expect(await home.pm(["verify", "--no-agent"])).toMatchObject({ exit: 0 });
    // What it left behind is replaced.
    expect(await pm(home, ["unlock"], { PM_PASSWORD: PASSWORD })).toMatchObject({ exit: 0, stderr: "" });
  });
});

describe("at a terminal", () => {
  test("of two callers one asks, and both go on", async () => {
    const home = await homeWithAgent();
    expect(await home.pm(["add", "a"], { input: "one" })).toMatchObject({ exit: 0 });
    const first = startPmOnPty(["get", "a"], { home: home.directory, env: ENV });
    await first.see(/Master password: /);
    const second = startPmOnPty(["get", "a"], { home: home.directory, env: ENV });
    const refused = await pm(home, ["get", "a", "--no-input"]);
    expect(refused.exit).toBe(4);
    first.type("wrong\r");
    await first.see(/try again\r\nMaster password: /);
    first.type(`${PASSWORD}\r`);
    await first.see(/one\r\n/);
    await second.see(/one\r\n/);
    expect(second.screen()).not.toContain("password");
    expect([await first.exit(), await second.exit()]).toEqual([0, 0]);
  });

  test("the next one asks where the first gives up", async () => {
    const home = await homeWithAgent();
    expect(await home.pm(["add", "a"], { input: "one" })).toMatchObject({ exit: 0 });
    const first = startPmOnPty(["get", "a"], { home: home.directory, env: ENV });
    await first.see(/Master password: /);
    const second = startPmOnPty(["get", "a"], { home: home.directory, env: ENV });
    first.type("\u0003");
    expect(await first.exit()).toBe(130);
    await second.see(/Master password: /);
    second.type(`${PASSWORD}\r`);
    await second.see(/one\r\n/);
  });
});
