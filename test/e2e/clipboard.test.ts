import { expect, test } from "vitest";
import { ON_WINDOWS } from "../node/fixtures/run.ts";
import { onScreen } from "../node/fixtures/pty.ts";
import { PM, pmEnvironment, temporaryDirectory } from "../support/process.ts";

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
