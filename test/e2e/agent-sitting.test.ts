/** A sitting: the password is typed once, everything works without it for a while, and then the vault is locked. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { endAgentAfterTest, isRunning, until, WITH_AGENT } from "../support/agent.ts";
import { callHere, createHome, PASSWORD } from "../support/home.ts";
import { type Finished, runPm } from "../support/process.ts";
import { type Pty, startPmOnPty } from "../support/pty.ts";

const READS = process.env["SOAK"] === "1" ? 500 : 50;
const IDLE_MS = 2000;

interface Sitting {
  readonly home: string;
  /** Without a terminal: nobody could be asked. */
  readonly pm: (...args: readonly string[]) => Promise<Finished>;
  readonly onTerminal: (...args: readonly string[]) => Pty;
}

async function createSitting(): Promise<Sitting> {
  const { directory: home } = await createHome();
  endAgentAfterTest(home);
  writeFileSync(join(home, "value"), "the secret");
  await callHere(["add", "web/github", "password=@value"], home);
  const options = { home, env: WITH_AGENT };
  return {
    home,
    pm: (...args) => runPm(args, options),
    onTerminal: (...args) => startPmOnPty(args, options),
  };
}

describe.skipIf(process.platform === "win32")("a sitting", () => {
  test(`unlock, ${READS} reads without a prompt, and locked after the idle time`, async () => {
    const { pm, onTerminal } = await createSitting();
    const unlock = onTerminal("unlock", "--idle", "2s");
    await unlock.see(/Master password: /);
    unlock.type(`${PASSWORD}\r`);
    await unlock.see(/unlocked until 20/);
    expect(await unlock.exit()).toBe(0);
    let last = 0;
    for (let i = 0; i < READS; i++) {
      last = performance.now();
      const { exit, stdout, stderr } = await pm("get", "web/github");
      expect({ exit, stdout: stdout.toString(), stderr }).toEqual({
        exit: 0,
        stdout: "the secret\n",
        stderr: "",
      });
    }
    await until("it is locked", async () => (await pm("unlock", "--check")).exit === 4);
    expect(performance.now() - last).toBeGreaterThan(IDLE_MS);
    expect((await pm("get", "web/github")).exit).toBe(4);
  }, 240_000);

  test("the password typed for one command does for the next ones", async () => {
    const { pm, onTerminal } = await createSitting();
    const first = onTerminal("get", "web/github");
    await first.see(/Master password: /);
    first.type(`${PASSWORD}\r`);
    await first.see(/the secret/);
    expect(await first.exit()).toBe(0);
    const second = onTerminal("get", "web/github");
    await second.see(/the secret/);
    expect(await second.exit()).toBe(0);
    expect(second.screen()).not.toContain("password");
    expect((await pm("get", "web/github")).stdout.toString()).toBe("the secret\n");
  });

  test("Ctrl-C at the prompt of unlock leaves nothing behind", async () => {
    const { home, pm, onTerminal } = await createSitting();
    const unlock = onTerminal("unlock");
    await unlock.see(/Master password: /);
    unlock.type("\u0003");
    expect(await unlock.exit()).toBe(130);
    expect(existsSync(join(home, "run"))).toBe(false);
    expect((await pm("agent", "status")).exit).toBe(3);
  });

  test("what unlock starts is there when it returns, and gone when agent stop does", async () => {
    const { home, pm } = await createSitting();
    const unlocked = await runPm(["unlock", "--password-stdin"], {
      home,
      env: WITH_AGENT,
      input: `${PASSWORD}\n`,
    });
    expect(unlocked.exit).toBe(0);
    const { stdout } = await pm("agent", "status", "--json");
    const { pid, socket } = JSON.parse(stdout.toString()) as { pid: number; socket: string };
    expect(isRunning(pid)).toBe(true);
    expect((await pm("agent", "stop")).exit).toBe(0);
    expect(existsSync(socket)).toBe(false);
    await until("the process has ended", () => !isRunning(pid));
  });
});
