/** `pm redact` and `pm scan` as they are used: between two programs, and as a hook of git. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { describeWith } from "../support/describe-with.ts";
import { createHome, type Home } from "../support/home.ts";
import { PM, pmEnvironment } from "../support/process.ts";

const SECRET = "tr0ub4dor&3";

async function homeWithSecret(): Promise<Home> {
  const home = await createHome();
  await home.pm(["add", "web/github"], { input: SECRET });
  return home;
}

describe.skipIf(process.platform === "win32")("redact", () => {
  test("shows a prompt that looks like the beginning of a secret, and masks what comes after", async () => {
    const { directory, token } = await homeWithSecret();
    const child = spawn(process.execPath, [PM, "redact"], {
      env: pmEnvironment({ home: directory, env: { PM_KEY: token } }),
      stdio: ["pipe", "pipe", "inherit"],
    });
    let shown = "";
    child.stdout.on("data", (chunk: Buffer) => (shown += chunk.toString()));
    const until = async (text: string): Promise<void> => {
      while (!shown.includes(text)) await new Promise((resolve) => child.stdout.once("data", resolve));
    };
    child.stdin.write("Say tr0ub");
    await until("Say tr0ub");
    child.stdin.write(`x ${SECRET.slice(0, 4)}`);
    child.stdin.end(`${SECRET.slice(4)}\n`);
    await new Promise((resolve) => child.once("close", resolve));
    // Whether the pause came between the two halves is up to the machine.
    expect(shown).toMatch(/^Say tr0ubx (?:tr0u)?<pm:web\/github\/password>\n$/);
    expect(child.exitCode).toBe(0);
  });

  test("ends where nobody reads any more, however much there is", async () => {
    const { directory, token } = await homeWithSecret();
    const env = { ...pmEnvironment({ home: directory, env: { PM_KEY: token } }), NODE: process.execPath, PM };
    const script = 'yes tr0ub4dor\\&3 | "$NODE" "$PM" redact | head -n 1';
    expect(execFileSync("bash", ["-c", script], { env, encoding: "utf8" })).toBe(
      "<pm:web/github/password>\n",
    );
  });
});

describeWith(["git"], "scan as a pre-commit hook", () => {
  test("keeps a secret out of the history", async () => {
    const { directory, token } = await homeWithSecret();
    const cwd = join(directory, "repo");
    const names = Object.fromEntries(
      ["AUTHOR", "COMMITTER"].flatMap((who) => [
        [`GIT_${who}_NAME`, "x"],
        [`GIT_${who}_EMAIL`, "x@example.com"],
      ]),
    );
    const env = { ...pmEnvironment({ home: directory, env: { PM_KEY: token } }), ...names };
    mkdirSync(cwd);
    execFileSync("git", ["init", "-q"], { cwd, env });
    const hook = join(cwd, ".git/hooks/pre-commit");
    writeFileSync(hook, `#!/bin/sh\nexec '${process.execPath}' '${PM}' scan --staged --no-input\n`);
    chmodSync(hook, 0o755);
    writeFileSync(join(cwd, "config"), `a\npassword=${SECRET}\n`);
    execFileSync("git", ["add", "."], { cwd, env });
    const refused = spawnSync("git", ["commit", "-qm", "x"], { cwd, env, encoding: "utf8" });
    expect(refused.status).not.toBe(0);
    expect(refused.stdout + refused.stderr).toContain("config:2: web/github/password");
    expect(refused.stdout + refused.stderr).not.toContain(SECRET);
    writeFileSync(join(cwd, "config"), "a\npassword=pm://web/github/password\n");
    execFileSync("git", ["add", "."], { cwd, env });
    expect(spawnSync("git", ["commit", "-qm", "x"], { cwd, env }).status).toBe(0);
  });
});
