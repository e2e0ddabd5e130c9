/** The real process: inherited descriptors, standard input, a real terminal. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { PM, pmEnvironment, runPm, temporaryDirectory } from "../support/process.ts";
import { startPmOnPty } from "../support/pty.ts";

const PASSWORD = "correct horse battery staple";
const INIT = ["init", "--kdf", "constrained"];

test.skipIf(process.platform === "win32")(
  "a shell gives passwords by descriptors, one line each",
  async () => {
    const home = temporaryDirectory();
    const script = `
      set -e
      pm() { "$NODE" "$PM" "$@"; }
      pm init --kdf constrained --password-fd 3 3< <(printf '%s\\n' "$OLD")
      printf hunter2 | PM_PASSWORD="$OLD" pm add github
      exec 4< <(printf '%s\\n%s\\n' "$OLD" "$OLD")
      pm get github --password-fd 4
      PM_PASSWORD_FD=4 pm get github
      printf '%s\\n' "$OLD" | pm passwd --kdf constrained --password-stdin --new-password-fd 5 5< <(echo "$NEW")
      printf '%s\\nvalue' "$NEW" | pm add second --password-stdin
      pm get second --password-command 'echo \${NEW}'
      pm get github </dev/null --password-fd 7 || echo "exit $?"
    `;
    const run = spawnSync("bash", ["-c", script], {
      env: { ...pmEnvironment({ home }), NODE: process.execPath, PM, OLD: PASSWORD, NEW: "another long one" },
      encoding: "utf8",
    });
    expect(run.stdout).toBe("hunter2\nhunter2\nvalue\nexit 2\n");
    expect(run.stderr).toMatch(/^pm: error: file descriptor 7 is not open[^\n]*\npm: hint: [^\n]*\n$/);
  },
  // Nine processes, one after the other.
  60_000,
);

test("a call without a terminal never waits for a password", async () => {
  const home = temporaryDirectory();
  expect((await runPm([...INIT], { home })).exit).toBe(4);
  expect((await runPm([...INIT, "--password-stdin"], { home, input: `${PASSWORD}\n` })).exit).toBe(0);
  const locked = await runPm(["ls"], { home });
  expect(locked.exit).toBe(4);
  expect(locked.stderr).toContain("PM_KEY");
});

describe.skipIf(process.platform === "win32")("at a terminal", () => {
  test("init asks twice, shows the code once, and has a group of it typed back before it writes", async () => {
    const home = temporaryDirectory();
    const pm = startPmOnPty([...INIT, "--kit", "kit.html"], { home, cwd: home });
    await pm.see(/New master password: /);
    pm.type(`${PASSWORD}\r`);
    await pm.see(/Strength: strong/);
    await pm.see(/again: /);
    pm.type(`${PASSWORD}\r`);
    const [, code = ""] = await pm.see(/Recovery code: (PMR1(?:-[0-9A-Z]{4}){9})/);
    const [, group] = await pm.see(/Type group (\d)/);
    expect(existsSync(join(home, "kit.html"))).toBe(false);
    pm.type(`${code.split("-")[Number(group)]?.toLowerCase()}\r`);
    expect(await pm.exit()).toBe(0);
    expect(pm.screen()).not.toContain(PASSWORD);
    expect(pm.screen().split(code)).toHaveLength(2);
    const page = readFileSync(join(home, "kit.html"), "utf8").replaceAll(/<\/?b>/g, "");
    expect(page).toContain(code.replaceAll("-", " "));
    // docs/format.md section 3: the id stands at offset 16.
    expect(page).toContain(readFileSync(join(home, "data/vault.pm")).toString("hex", 16, 32));
    expect((await runPm(["ls"], { home, env: { PM_PASSWORD: code } })).exit).toBe(0);
    expect((await runPm(["ls"], { home, env: { PM_PASSWORD: PASSWORD } })).exit).toBe(0);
  });

  test("a wrong password may be corrected, and the answer stays off the screen", async () => {
    const home = temporaryDirectory();
    await runPm([...INIT, "--password-stdin"], { home, input: PASSWORD });
    const pm = startPmOnPty(["key", "ls"], { home });
    await pm.see(/Master password: /);
    pm.type("wrong\r");
    await pm.see(/try again/);
    await pm.see(/Master password: /);
    pm.type(`${PASSWORD}\r`);
    await pm.see(/password {2}.*Argon2id 64 MiB/);
    expect(await pm.exit()).toBe(0);
    expect(pm.screen()).not.toMatch(/wrong\r|staple/);
  });

  test("Ctrl-C at the password ends with 130 and changes nothing", async () => {
    const home = temporaryDirectory();
    await runPm([...INIT, "--password-stdin"], { home, input: PASSWORD });
    const before = readFileSync(join(home, "data/vault.pm"));
    const pm = startPmOnPty(["passwd"], { home });
    await pm.see(/Master password: /);
    pm.type("\u0003");
    expect(await pm.exit()).toBe(130);
    expect(readFileSync(join(home, "data/vault.pm"))).toEqual(before);
  });

  test("--no-input never asks, also here", async () => {
    const home = temporaryDirectory();
    await runPm([...INIT, "--password-stdin"], { home, input: PASSWORD });
    const pm = startPmOnPty(["ls", "--no-input"], { home });
    await pm.see(/pm: error: the vault is locked/);
    expect(await pm.exit()).toBe(4);
  });

  test("a password file at a terminal makes init ask nothing", async () => {
    const home = temporaryDirectory();
    writeFileSync(join(home, "password"), `${PASSWORD}\n`);
    chmodSync(join(home, "password"), 0o600);
    const pm = startPmOnPty([...INIT, "--password-file", "password"], { home });
    await pm.see(/created the vault/);
    await pm.see(/pm key add recovery/);
    expect(await pm.exit()).toBe(0);
  });
});
