import { expect, onTestFinished, test } from "vitest";
import { describeWith } from "../support/describe-with.ts";
import { startDisplay } from "../node/fixtures/display.ts";
import { ON_WINDOWS, until } from "../node/fixtures/run.ts";
import { onScreen } from "../node/fixtures/pty.ts";
import { PM, pmEnvironment, runPm, temporaryDirectory } from "../support/process.ts";

test.skipIf(ON_WINDOWS)(
  "over SSH the value goes to the terminal, which is told to forget it when the time is over",
  { timeout: 30_000 },
  async () => {
    const home = temporaryDirectory();
    const env = { SSH_TTY: "/dev/pts/0", TERM: "xterm", PM: `${process.execPath} ${PM}` };
    // The shell of somebody who stays a while.
    const shell = ["sh", "-c", "$PM gen --pin 4 -c1; read line"];
    const screen = onScreen(shell, pmEnvironment({ home, env }));
    await screen.see("\x1b]52;c;");
    await screen.see("\x07");
    const [, base64 = ""] = /52;c;([\w+/=]*)/.exec(screen.text()) ?? [];
    expect(atob(base64)).toMatch(/^[0-9]{4}$/);
    await screen.see("\x1b]52;c;\x07");
    screen.type("\r");
    expect(await screen.end()).toBe(0);
    expect(screen.text()).toContain("sent to the terminal's clipboard by OSC 52");
    expect(screen.text()).not.toContain(atob(base64));
  },
);

describeWith(["xvfb", "xclip"], "a running agent", () => {
  test("keeps the time of a copied value, and clears it when it ends", { timeout: 30_000 }, async () => {
    const display = await startDisplay();
    onTestFinished(() => display.stop());
    const home = temporaryDirectory();
    const env = { ...display.env, PM_AGENT: "on" };
    const pm = (...args: readonly string[]) => runPm(args, { home, env });
    await pm("agent", "start");
    onTestFinished(async () => void (await pm("agent", "stop")));
    expect(await pm("gen", "--pin", "4", "-c600")).toMatchObject({ exit: 0 });
    const value = await display.paste();
    expect(value).toMatch(/^[0-9]{4}$/);
    expect(JSON.parse((await pm("agent", "status", "--json")).stdout.toString())).toMatchObject({ clips: 1 });
    await pm("agent", "stop");
    await until("an empty clipboard", async () => ((await display.paste()) === "" ? true : undefined));
  });
});
