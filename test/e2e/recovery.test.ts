/** A recovery code stands wherever a password does: every source of the real process, and a real terminal. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PM, pmEnvironment, runPm, type RunOptions } from "../support/process.ts";
import { startPmOnPty } from "../support/pty.ts";

/** With stdout as text. */
async function call(
  args: readonly string[],
  options: RunOptions,
): Promise<{ exit: unknown; stdout: string }> {
  const { exit, stdout } = await runPm(args, options);
  return { exit, stdout: new TextDecoder().decode(stdout) };
}

const FORGOTTEN = "a password that is forgotten";
const NEW = "another good long sentence";

describe.skipIf(process.platform === "win32")("a recovery code opens the vault", () => {
  let home = "";
  let code = "";

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "pm-recovery-"));
    const init = ["init", "--kdf", "constrained", "--recovery", "--password-stdin"];
    const { stdout } = await call(init, { home, input: FORGOTTEN });
    code = stdout.trim();
    await call(["add", "web"], { home, env: { PM_PASSWORD: code }, input: "hunter2" });
    writeFileSync(join(home, "code.txt"), `${code}\n`);
    chmodSync(join(home, "code.txt"), 0o600);
  });

  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test("from standard input, with the rest left to the command", async () => {
    const { exit } = await call(["add", "piped", "--password-stdin"], { home, input: `${code}\nvalue` });
    expect(exit).toBe(0);
    const input = `${code.toLowerCase().replaceAll("-", " ")}\r\n`;
    expect((await call(["get", "piped", "--password-stdin"], { home, input })).stdout).toBe("value\n");
  });

  test("from a variable, a file, a program and a descriptor", async () => {
    const get = ["get", "web"];
    const results = [
      await call(get, { home, env: { PM_PASSWORD: code } }),
      await call([...get, "--password-file", "code.txt"], { home, cwd: home }),
      await call([...get, "--password-command", "cat code.txt"], { home, cwd: home }),
    ];
    for (const { stdout } of results) expect(stdout).toBe("hunter2\n");
    const script = '"$NODE" "$PM" get web --password-fd 3 3< <(printf "%s\\n" "$CODE")';
    const env = { ...pmEnvironment({ home }), NODE: process.execPath, PM, CODE: code };
    expect(spawnSync("bash", ["-c", script], { env, encoding: "utf8" }).stdout).toBe("hunter2\n");
  });

  test("typed at the prompt, unseen, after a typing mistake", async () => {
    const pm = startPmOnPty(["get", "web"], { home });
    await pm.see(/Master password: /);
    pm.type(`${code.slice(0, -1)}${code.endsWith("7") ? "8" : "7"}\r`);
    await pm.see(/the recovery code has a typing mistake; try again/);
    await pm.see(/Master password: /);
    pm.type(`${code}\r`);
    await pm.see(/hunter2/);
    expect(await pm.exit()).toBe(0);
    expect(pm.screen()).not.toContain(code.slice(5, 19));
  });

  test("and passwd then sets a new password in place of the forgotten one", async () => {
    const pm = startPmOnPty(["passwd", "--kdf", "constrained"], { home });
    await pm.see(/Master password: /);
    pm.type(`${code}\r`);
    await pm.see(/New master password: /);
    pm.type(`${NEW}\r`);
    await pm.see(/again: /);
    pm.type(`${NEW}\r`);
    expect(await pm.exit()).toBe(0);
    expect((await call(["get", "web"], { home, env: { PM_PASSWORD: NEW } })).stdout).toBe("hunter2\n");
    expect((await call(["get", "web"], { home, env: { PM_PASSWORD: FORGOTTEN } })).exit).toBe(5);
    expect((await call(["get", "web"], { home, env: { PM_PASSWORD: code } })).stdout).toBe("hunter2\n");
  });

  test("and a new one comes with its kit on the terminal, the code once", async () => {
    const pm = startPmOnPty(["key", "add", "recovery"], { home, env: { PM_PASSWORD: code } });
    await pm.see(/Emergency kit/);
    await pm.see(/█▀▀|▄▄▄▄▄/);
    const [fresh] = await pm.see(/PMR1(-[0-9A-Z]{4}){9}/);
    expect(await pm.exit()).toBe(0);
    expect(pm.screen().split(fresh)).toHaveLength(2);
    expect((await call(["get", "web"], { home, env: { PM_PASSWORD: fresh } })).stdout).toBe("hunter2\n");
  });
});
