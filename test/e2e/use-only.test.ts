/** A use-only entry of a vault that the agent holds open: used without a question, shown after one. */
import { expect, onTestFinished, test } from "vitest";
import { callHere, createHome, PASSWORD } from "../support/home.ts";
import { type Finished, runPm } from "../support/process.ts";
import { startPmOnPty } from "../support/pty.ts";

test.skipIf(process.platform === "win32")(
  "a call that finds the vault unlocked uses the secret, and proves the password to see it",
  async () => {
    const home = (await createHome()).directory;
    await callHere(["add", "web/x", "-u", "ada", "-g=24,no-symbols", "--use-only"], home);
    const secret = (await callHere(["get", "web/x"], home)).trim();
    const env = { PM_AGENT: "on" };
    const pm = (...args: readonly string[]): Promise<Finished> => runPm(args, { home, env });
    onTestFinished(async () => void (await pm("agent", "stop")));
    const unlocked = await runPm(["unlock"], { home, env: { ...env, PM_PASSWORD: PASSWORD } });
    expect(unlocked).toMatchObject({ exit: 0 });

    const [plain, refused, used] = await Promise.all([
      pm("get", "web/x", "username"),
      pm("get", "web/x"),
      pm("run", "--env", "X=pm://web/x/password", "--", "sh", "-c", "echo $#X ${#X}; echo $X"),
    ]);
    expect(plain.stdout.toString()).toBe("ada\n");
    expect(refused).toMatchObject({ exit: 4 });
    expect(refused.stdout.toString() + refused.stderr).not.toContain(secret);
    expect(used.stdout.toString()).toBe("0X 24\n<pm:web/x/password>\n");

    const asking = startPmOnPty(["get", "web/x"], { home, env });
    await asking.see(/Master password \("web\/x" is use-only\): /);
    asking.type("wrong\r");
    await asking.see(/try again/);
    asking.type(`${PASSWORD}\r`);
    await asking.see(new RegExp(secret));
    expect(await asking.exit()).toBe(0);

    // What one call has proven holds for no other.
    expect(await pm("get", "web/x")).toMatchObject({ exit: 4 });
  },
);
