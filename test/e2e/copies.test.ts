/** Copies of a vault at a real terminal: what is asked, what Ctrl-C leaves, what a descriptor gives. */
import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createHome, type Home, PASSWORD } from "../support/home.ts";
import { PM, pmEnvironment, runPm } from "../support/process.ts";
import { type Pty, startPmOnPty } from "../support/pty.ts";

const CTRL_C = "\u0003";
const ESC = "\u001b";
const DOWN = "\u001b[B";

function onTerminal(home: Home, ...args: readonly string[]): Pty {
  return startPmOnPty(args, { home: home.directory, env: { PM_KEY: home.token } });
}

async function pm(home: Home, args: readonly string[], input = ""): Promise<string> {
  const { exit, stdout, stderr } = await runPm(args, {
    home: home.directory,
    env: { PM_KEY: home.token },
    input,
  });
  if (exit !== 0) throw new Error(`pm ${args.join(" ")}: ${stderr}`);
  return new TextDecoder().decode(stdout);
}

/** A vault with "web", and another copy of it in which "web" got another password at the same time. */
async function createCopies(): Promise<{ home: Home; other: string }> {
  const home = await createHome();
  const other = join(home.directory, "other.pm");
  await pm(home, ["add", "web"], "one");
  copyFileSync(home.vault, other);
  await pm(home, ["set", "web", "password=-"], "mine");
  await pm(home, ["set", "web", "password=-", "--vault", other], "theirs");
  return { home, other };
}

describe.skipIf(process.platform === "win32")("at a terminal", () => {
  test("resolve lets a person choose, and Esc and Ctrl-C change nothing", async () => {
    const { home, other } = await createCopies();
    await pm(home, ["merge", other, "-q"]);
    const before = readFileSync(home.vault);
    for (const [key, exit] of [
      [CTRL_C, 130],
      [ESC, 1],
    ] as const) {
      const asked = onTerminal(home, "resolve", "web");
      await asked.see(/password of "web"/);
      await asked.see(/••••••••/);
      asked.type(key);
      expect(await asked.exit()).toBe(exit);
      expect(asked.screen()).not.toMatch(/mine|theirs/);
    }
    expect(readFileSync(home.vault)).toEqual(before);
    const settled = onTerminal(home, "resolve", "web", "--reveal");
    await settled.see(/1 {2}.*theirs/);
    settled.type(`${DOWN}\r`);
    await settled.see(/settled "web"/);
    expect(await settled.exit()).toBe(0);
    expect(await pm(home, ["get", "web"])).toBe("mine\n");
    expect(await pm(home, ["conflicts"])).toBe("");
  });

  test("restore shows what will change before it asks, and Ctrl-C changes nothing", async () => {
    const { home, other } = await createCopies();
    const before = readFileSync(home.vault);
    const asked = onTerminal(home, "restore", other);
    await asked.see(/change {2}web {2}password/);
    await asked.see(/give the vault the content of the copy/);
    asked.type(CTRL_C);
    expect(await asked.exit()).toBe(130);
    expect(readFileSync(home.vault)).toEqual(before);
    const sure = onTerminal(home, "restore", other);
    await sure.see(/content of the copy/);
    sure.type("y\r");
    await sure.see(/changed 1 entry/);
    expect(await sure.exit()).toBe(0);
    expect(await pm(home, ["get", "web"])).toBe("theirs\n");
  });

  test("undo of several says which ones, and Ctrl-C changes nothing", async () => {
    const { home } = await createCopies();
    const before = readFileSync(home.vault);
    const asked = onTerminal(home, "undo", "-n", "2");
    await asked.see(/undo 2 changes: set "web", add "web"\?/);
    asked.type(CTRL_C);
    expect(await asked.exit()).toBe(130);
    expect(readFileSync(home.vault)).toEqual(before);
    const once = onTerminal(home, "undo");
    await once.see(/set +this machine +web +password/);
    expect(await once.exit()).toBe(0);
    expect(await pm(home, ["get", "web"])).toBe("one\n");
  });
});

test("two machines that were one write under one id: nothing is lost, and a warning says so", async () => {
  const home = await createHome();
  await pm(home, ["add", "web", "username=ada"], "one");
  const clone = `${home.directory}-clone`;
  onTestFinished(() => rmSync(clone, { recursive: true }));
  cpSync(home.directory, clone, { recursive: true });
  await pm(home, ["set", "web", "password=-"], "two");
  const other = join(clone, "other.pm");
  copyFileSync(home.vault, other);
  // Back in time, state and all: as the clone of a machine is.
  for (const part of ["data", "state"]) {
    rmSync(join(home.directory, part), { recursive: true });
    cpSync(join(clone, part), join(home.directory, part), { recursive: true });
  }
  await pm(home, ["set", "web", "username=bob"]);
  const { exit, stderr } = await home.pm(["merge", other]);
  expect(exit).toBe(0);
  expect(stderr).toMatch(
    /^pm: warning: two machines wrote as [0-9a-f]{8}, a copied one; what both wrote is kept$/m,
  );
  const values = await pm(home, ["conflicts", "--reveal"]);
  const shown = [await pm(home, ["get", "web"]), await pm(home, ["get", "web", "username"]), values].join(
    "\n",
  );
  for (const value of ["two", "bob"]) expect(shown).toContain(value);
});

describe.skipIf(process.platform === "win32")("a copy with another root key", () => {
  const NEW = "another good long sentence";

  /** The copy opens with the password only, the vault with the new one. */
  async function createRenewed(): Promise<{ home: Home; other: string }> {
    const { home, other } = await createCopies();
    writeFileSync(join(home.directory, "old.txt"), PASSWORD, { mode: 0o600 });
    writeFileSync(join(home.directory, "new.txt"), NEW, { mode: 0o600 });
    await pm(home, [
      "rekey",
      "-y",
      "--new-password-file",
      join(home.directory, "new.txt"),
      "-o",
      `${other}.keys`,
    ]);
    return { home, other };
  }

  test("is opened by a descriptor, by a password that is typed, and not by Ctrl-C", async () => {
    const { home, other } = await createRenewed();
    const given = { home: home.directory, env: { PM_PASSWORD: NEW } };
    const env = { ...pmEnvironment(given), NODE: process.execPath, PM, OTHER: other };
    const script = 'cd "$PM_HOME"; "$NODE" "$PM" diff "$OTHER" --copy-password-fd 3 3<old.txt';
    const { stdout, stderr } = spawnSync("bash", ["-c", script], { env, encoding: "utf8" });
    expect({ stdout, stderr }).toEqual({ stdout: "changed  web  password\n", stderr: "" });
    const stopped = startPmOnPty(["merge", other], given);
    await stopped.see(/Password of .*other\.pm: /);
    stopped.type(CTRL_C);
    expect(await stopped.exit()).toBe(130);
    const merged = startPmOnPty(["merge", other], given);
    await merged.see(/Password of .*other\.pm: /);
    merged.type("wrong\r");
    await merged.see(/wrong password or key; try again/);
    await merged.see(/Password of .*other\.pm: /);
    merged.type(`${PASSWORD}\r`);
    await merged.see(/divided +web +password/);
    expect(await merged.exit()).toBe(0);
    expect(merged.screen()).not.toContain(PASSWORD);
  });
});
