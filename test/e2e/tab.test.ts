/** Tab in the real shells: names come from an unlocked agent, and what is inserted means exactly that name. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { onScreen, type Screen } from "../node/fixtures/pty.ts";
import { endAgentAfterTest, WITH_AGENT } from "../support/agent.ts";
import { describeWith } from "../support/describe-with.ts";
import { callHere, createHome, type Home } from "../support/home.ts";
import { PM, runPm } from "../support/process.ts";
import type { Shell } from "../support/shells.ts";

const COMPLETIONS = fileURLToPath(new URL("../../completions", import.meta.url));

/** Each begins differently, and each means something to a shell. */
const NAMES = ["web/my entry", `it's "$HOME"`, "ünï/cödé", "mail/mara@example.com", "a:b=c", "back\\slash"];
const valueOf = (name: string): string => `value-${NAMES.indexOf(name)}-`;

/** What is typed before Tab, in the spelling of each shell, and what is meant. */
const LINES: readonly (readonly [typed: string, name: string])[] = [
  ["pm get web", "web/my entry"],
  ["pm get web/my\\ e", "web/my entry"],
  [`pm get "web/m`, "web/my entry"],
  ["pm get 'web/my e", "web/my entry"],
  ["pm get it", `it's "$HOME"`],
  [`pm get "it's`, `it's "$HOME"`],
  ["pm get ün", "ünï/cödé"],
  ["pm get mail/mara@e", "mail/mara@example.com"],
  ["pm get a:b", "a:b=c"],
  ["pm get ba", "back\\slash"],
  ["pm get --vault ./data/vault.pm 'web/my entry' pass", "web/my entry"],
  ["pm get web/my\\ entry -f pass", "web/my entry"],
];

const START: Readonly<Record<Shell, readonly [argv: readonly string[], set: string]>> = {
  bash: [["bash", "--norc", "--noprofile", "-i"], `source ${COMPLETIONS}/pm.bash`],
  zsh: [["zsh", "-f", "-i"], `fpath=(${COMPLETIONS} $fpath); autoload -Uz compinit; compinit -u -D`],
  fish: [["fish", "--no-config", "-i"], `source ${COMPLETIONS}/pm.fish`],
};

async function homeWithNames(): Promise<Home> {
  const home = await createHome();
  endAgentAfterTest(home.directory);
  for (const name of NAMES) {
    writeFileSync(join(home.directory, "value"), valueOf(name));
    await callHere(["add", name, "password=@value"], home.directory);
  }
  mkdirSync(join(home.directory, "bin"));
  const pm = join(home.directory, "bin", "pm");
  writeFileSync(pm, `#!/bin/sh\nexec '${process.execPath}' '${PM}' "$@"\n`);
  chmodSync(pm, 0o755);
  return home;
}

async function startShell(shell: Shell, { directory }: Home): Promise<Screen> {
  const [argv, set] = START[shell];
  const screen = onScreen(argv, {
    PATH: `${join(directory, "bin")}:${process.env["PATH"] ?? ""}`,
    HOME: directory,
    PM_HOME: directory,
    TERM: "xterm",
    LC_ALL: "C.UTF-8",
    ...WITH_AGENT,
  });
  screen.type(`cd; ${set}; echo re""ady\r`);
  await screen.see("ready");
  return screen;
}

for (const shell of ["bash", "zsh", "fish"] as const) {
  describeWith(shell === "bash" ? [] : [shell], `Tab in ${shell}`, () => {
    test("completes names that have to be quoted", async () => {
      const home = await homeWithNames();
      expect(await home.pm(["unlock"], { env: WITH_AGENT })).toMatchObject({ exit: 0 });
      const screen = await startShell(shell, home);
      for (const [typed, name] of LINES) {
        screen.type(`${typed}\t\r`);
        await screen.see(valueOf(name));
      }
      screen.type("exit\r");
      await screen.end();
    }, 60_000);
  });
}

describe("names for a shell", () => {
  test("are told by an unlocked agent only, and without a word", async () => {
    const home = await homeWithNames();
    const complete = async (...args: readonly string[]) =>
      await runPm(["complete", ...args], { home: home.directory, env: WITH_AGENT });
    const nothing = { exit: 0, stderr: "" };
    const locked = await complete("entry");
    expect({ ...locked, stdout: locked.stdout.toString() }).toEqual({ ...nothing, stdout: "" });
    expect(existsSync(join(home.directory, "run"))).toBe(false);
    await home.pm(["unlock", "--only", "web/*", "--reads", "1"], { env: WITH_AGENT });
    expect((await complete("entry")).stdout.toString()).toBe("web/my entry\n");
    expect((await complete("entry", "--prefix", "x")).stdout.toString()).toBe("");
    expect((await complete("field", "--of", "web/my entry")).stdout.toString()).toBe("password\n");
    expect((await complete("field", "--of", "a:b=c")).stdout.toString()).toBe("");
    // None of this was a read.
    const status = await runPm(["status", "--json"], { home: home.directory, env: WITH_AGENT });
    expect(JSON.parse(status.stdout.toString())).toMatchObject({ agent: { readsLeft: 1 } });
  });
});
