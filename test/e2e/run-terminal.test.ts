/** `pm run` on a terminal: a command that can't tell that pm is there. */
import { beforeAll, afterAll, describe, expect, test } from "vitest";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onScreen, type Screen } from "../node/fixtures/pty.ts";
import { ON_LINUX } from "../node/fixtures/run.ts";
import { describeWith } from "../support/describe-with.ts";
import { createHome } from "../support/home.ts";
import { partPath } from "../support/parts.ts";
import { PM, pmEnvironment } from "../support/process.ts";

let directory = "";
let env: Record<string, string> = {};

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "pm-test-"));
  const home = await createHome(directory);
  await home.pm(["add", "ci/deploy", "-t", "api-key"], { input: "hunter2-secret" });
  const own = { PM_KEY: home.token, X: "pm://ci/deploy/key", NODE: process.execPath, PM };
  env = pmEnvironment({ home: directory, env: own });
});
afterAll(() => rmSync(directory, { recursive: true }));

function start(args: readonly string[]): Screen {
  return onScreen([process.execPath, PM, ...args], env);
}

/** Counts what the keyboard sends, and ends with 7 at "q". */
const COUNTING = `trap 'echo got INT' INT; trap 'echo got QUIT' QUIT; echo ready
  while :; do if read -t 0.05 -r key; then case $key in q) exit 7;; *) echo "key $key";; esac; fi; done`;

describe.runIf(ON_LINUX)("on a terminal", () => {
  test("a command sees it and its size, and secrets are not masked there", async () => {
    const screen = start(["run", "--", "sh", "-c", 'stty size; test -t 1 && test -t 2 && echo "$X"']);
    await screen.see("30 100");
    await screen.see("hunter2-secret");
    expect(await screen.end()).toBe(0);
  });

  test("with --mask always they are", async () => {
    const screen = start(["run", "--mask", "always", "--", "sh", "-c", 'echo "$X"; test -t 1 || echo pipe']);
    await screen.see("<pm:ci/deploy/key>");
    await screen.see("pipe");
    expect(await screen.end()).toBe(0);
    expect(screen.text()).not.toContain("hunter2");
  });

  test.each([
    ["all of it is the terminal", ["run", "--", "bash", "-c", COUNTING]],
    ["its output goes through pm", ["run", "--mask", "always", "--", "bash", "-c", COUNTING]],
  ])("the keyboard's signals reach the command once, and pm lives on: where %s", async (_, args) => {
    const screen = start(args);
    await screen.see("ready");
    screen.type("\u0003");
    await screen.see("got INT");
    screen.type("\u001c");
    await screen.see("got QUIT");
    screen.type("x\r");
    await screen.see("key x");
    screen.type("q\r");
    expect(await screen.end()).toBe(7);
    expect(screen.text().match(/got INT/g)).toHaveLength(1);
    expect(screen.text().match(/got QUIT/g)).toHaveLength(1);
  });

  test("Ctrl-Z and fg work as with any job of a shell", async () => {
    const screen = onScreen(["bash", "--norc", "--noprofile", "-i"], { ...env, PS1: "$ " });
    screen.type(`"$NODE" "$PM" run -- sh -c 'echo go$((1 + 1)); read -r line; echo "line $line"; exit 5'\r`);
    await screen.see("go2");
    screen.type("\u001a");
    await screen.see("Stopped");
    await screen.see("$ ");
    screen.type("fg\r");
    await screen.see("exit 5'");
    screen.type("typed\r");
    await screen.see("line typed");
    screen.type("echo status $?; exit\r");
    await screen.see("status 5");
    expect(await screen.end()).toBe(0);
  });
});

describeWith(["vim"], "a full-screen program", () => {
  test("keeps its colours, its size and its keys", async () => {
    const vim = [partPath("vim"), "-u", "NONE", "-N", "-c", "set laststatus=2 ruler"];
    const screen = start([
      "run",
      "--",
      ...vim,
      "-c",
      "hi StatusLine cterm=NONE ctermfg=1 ctermbg=4 | redraw!",
    ]);
    // The alternate screen, then colours in the line above the last one of thirty.
    await screen.see("\u001b[?1049h");
    await screen.see("\u001b[31m");
    expect(screen.text()).toContain("\u001b[29;1H");
    screen.type(":echo winwidth(0) $X\r");
    await screen.see("100 hunter2-secret");
    screen.type(":q!\r");
    expect(await screen.end()).toBe(0);
  });
});
