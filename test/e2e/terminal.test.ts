/** A person at a real terminal: prompts, colours, trees, and nothing hostile that reaches the screen. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Edit } from "../../src/core/vault/edit.ts";
import { onScreen } from "../node/fixtures/pty.ts";
import { createHome, type Home, openHome, PASSWORD } from "../support/home.ts";
import { PM, pmEnvironment, runPm, temporaryDirectory } from "../support/process.ts";
import { type Pty, startPmOnPty } from "../support/pty.ts";

const ESCAPE = "\u001b";
/** Colours: what pm itself may write in the middle of text. */
const COLOUR = new RegExp(`${ESCAPE}\\[\\d+m`, "g");

function onTerminal(home: Home, args: readonly string[], env: Readonly<Record<string, string>> = {}): Pty {
  return startPmOnPty(args, { home: home.directory, env: { PM_KEY: home.token, ...env } });
}

function creation(path: string): Edit {
  return { kind: "create", path, type: "login", fields: [], tags: [], meta: {}, existing: "refuse" };
}

/** What a finished call has shown. */
async function screenOf(pm: Pty): Promise<string> {
  expect(await pm.exit()).toBe(0);
  return pm.screen();
}

/** A shell on a terminal with pm in it. */
function shellWith(home: string, script: string, env: Readonly<Record<string, string>> = {}) {
  const all = { ...pmEnvironment({ home, env }), NODE: process.execPath, PM };
  return onScreen(["bash", "-c", `pm() { "$NODE" "$PM" "$@"; }\n${script}`], all);
}

describe.skipIf(process.platform === "win32")("questions", () => {
  test("init shows the recovery code on the terminal and not on standard output", async () => {
    const home = temporaryDirectory();
    const shell = shellWith(home, `cd "$PM_HOME"; pm init --kdf constrained >out 2>err; echo "exit $?"`);
    await shell.see("New master password: ");
    shell.type(`${PASSWORD}\r`);
    await shell.see("again: ");
    shell.type(`${PASSWORD}\r`);
    await shell.see("Recovery code: PMR1-");
    await shell.see("Type group ");
    const code = /PMR1(?:-[0-9A-Z]{4}){9}/.exec(shell.text())?.[0] ?? "";
    const group = Number(/Type group (\d)/.exec(shell.text())?.[1]);
    shell.type(`${code.split("-")[group]}\r`);
    await shell.see("exit 0");
    expect(shell.text()).not.toContain(PASSWORD);
    for (const stream of ["out", "err"])
      expect(readFileSync(join(home, stream), "utf8")).not.toContain("PMR1");
  });

  test("init refuses two passwords that differ, and makes nothing", async () => {
    const home = temporaryDirectory();
    const pm = startPmOnPty(["init", "--kdf", "constrained"], { home });
    await pm.see(/New master password: /);
    pm.type(`${PASSWORD}\r`);
    await pm.see(/again: /);
    pm.type(`${PASSWORD}!\r`);
    await pm.see(/differ/);
    await pm.see(/New master password: /);
    pm.type("\u0003");
    expect(await pm.exit()).toBe(130);
    expect((await runPm(["status"], { home })).exit).toBe(3);
  });

  test("add asks for the secret without showing it", async () => {
    const home = await createHome();
    const pm = onTerminal(home, ["add", "web/github", "-u", "mara"]);
    await pm.see(/[Pp]assword[^\n]*: /);
    pm.type("p4ss ünï\r");
    await pm.see(/again|same/);
    pm.type("p4ss ünï\r");
    expect(await screenOf(pm)).not.toContain("p4ss");
    expect((await home.pm(["get", "web/github"])).stdout.toString()).toBe("p4ss ünï\n");
  });

  test("get takes the right password after a wrong one, and three wrong ones are 5", async () => {
    const home = await createHome();
    await home.pm(["add", "a"], { input: "value" });
    const pm = startPmOnPty(["get", "a"], { home: home.directory });
    await pm.see(/Master password: /);
    pm.type("wrong\r");
    await pm.see(/Master password: /);
    pm.type(`${PASSWORD}\r`);
    await pm.see(/\nvalue\r\n/);
    expect(await pm.exit()).toBe(0);
    const stubborn = startPmOnPty(["get", "a"], { home: home.directory });
    for (let tries = 0; tries < 3; tries++) {
      await stubborn.see(/Master password: /);
      stubborn.type("wrong\r");
    }
    await stubborn.see(/pm: error: wrong password or key\r\npm: hint: /);
    expect(await stubborn.exit()).toBe(5);
    expect(stubborn.screen()).not.toMatch(/wrong\r|value/);
  });

  test("Ctrl-C at a prompt is 130, and the terminal echoes as before", async () => {
    const home = await createHome();
    const script = `before=$(stty -g); trap : INT; pm get a; echo "exit $?"
      [ "$(stty -g)" = "$before" ] && echo restored; read -r line; echo "read <$line>"`;
    const shell = shellWith(home.directory, script);
    await shell.see("Master password: ");
    shell.type("half a pass");
    shell.type("\u0003");
    await shell.see("exit 130");
    await shell.see("restored");
    shell.type("typed\r");
    await shell.see("typed");
    await shell.see("read <typed>");
    expect(await shell.end()).toBe(0);
    expect(shell.text()).not.toContain("half");
  });

  test("rm asks: no leaves all as it was, yes moves it to the trash", async () => {
    const home = await createHome();
    await home.pm(["add", "a", "--no-secret"]);
    const refused = onTerminal(home, ["rm", "--purge", "a"]);
    await refused.see(/\?/);
    refused.type("n\r");
    expect(await refused.exit()).toBe(1);
    expect((await home.pm(["ls"])).stdout.toString()).toBe("a\n");
    const done = onTerminal(home, ["rm", "--purge", "a"]);
    await done.see(/\?/);
    done.type("y\r");
    expect(await done.exit()).toBe(0);
    expect((await home.pm(["ls"])).stdout.toString()).toBe("");
  });

  test("input and output in pipes leave the terminal to the questions", async () => {
    const home = await createHome();
    const script = `printf value | pm add piped && pm get piped | tr a-z A-Z; echo "exit $?"`;
    const shell = shellWith(home.directory, script);
    await shell.see("Master password: ");
    shell.type(`${PASSWORD}\r`);
    await shell.see("Master password: ");
    shell.type(`${PASSWORD}\r`);
    await shell.see("VALUE");
    await shell.see("exit 0");
  });
});

describe.skipIf(process.platform === "win32")("picking", () => {
  test("draws on the terminal and prints the path alone, also among 10,000 entries", async () => {
    const home = await createHome();
    const paths = Array.from({ length: 10_000 }, (_, n) => `host-${n % 97}/user-${n}`);
    using session = await openHome(home);
    await session.edit([...paths, "web/github"].map((path) => creation(path)));
    const env = { PM_KEY: home.token };
    const script = `stty -g; name=$(pm pick host); echo "<$name> $?"; stty -g; x=$(pm pick); echo "<$x> $?"; stty -g`;
    const shell = shellWith(home.directory, script, env);
    await shell.see("host-");
    const started = performance.now();
    shell.type("\u0015gthb");
    await shell.see("web/github");
    const waited = performance.now() - started;
    shell.type("\r");
    await shell.see("<web/github> 0");
    await shell.see("host-");
    shell.type("\u0003");
    await shell.see("<> 130");
    await shell.end();
    const modes = shell.text().match(/^[0-9a-f:]{40,}/gm) ?? [];
    expect(new Set(modes).size).toBe(1);
    // Five keys; a person sees no wait below a tenth of a second each.
    expect(waited).toBeLessThan(1500);
  });
});

describe.skipIf(process.platform === "win32")("the screen", () => {
  test("ls is a tree, in colour unless NO_COLOR or --color say no", async () => {
    const home = await createHome();
    for (const name of ["web/github", "web/gitlab", "wifi"]) await home.pm(["add", name, "--no-secret"]);
    const colourful = await screenOf(onTerminal(home, ["ls"]));
    expect(colourful).toMatch(COLOUR);
    const tree = "web/\r\n├── github\r\n└── gitlab\r\nwifi\r\n";
    expect(colourful.replaceAll(COLOUR, "")).toBe(tree);
    expect(await screenOf(onTerminal(home, ["ls"], { NO_COLOR: "1" }))).toBe(tree);
    expect(await screenOf(onTerminal(home, ["ls", "--color", "never"]))).toBe(tree);
    const dumb = shellWith(home.directory, "TERM=dumb pm ls", { PM_KEY: home.token });
    await dumb.see("wifi\r\n");
    expect(dumb.text()).toBe(tree);
    const piped = await home.pm(["ls", "--color", "always"]);
    expect(piped.stdout.toString().replaceAll(COLOUR, "")).toBe("web/github\nweb/gitlab\nwifi\n");
  });

  test("no escape sequence of a value, a field, a tag or a file name gets there raw", async () => {
    const home = await createHome();
    const hostile = `${ESCAPE}]0;title\u0007${ESCAPE}[2J\u009b31m\u202e\r\b`;
    await home.pm(["add", "web/evil", `-u`, `u${hostile}`, "--url", `https://x/${hostile}`], {
      input: hostile,
    });
    await home.pm(["set", "web/evil", `note=${hostile}\nline`]);
    const calls = [
      ["get", "web/evil"],
      ["get", "web/evil", "username"],
      ["get", "web/evil", "-f", "username", "-f", "url"],
      ["get", "web/evil", "--json"],
      ["show", "web/evil"],
      ["show", "web/evil", "--reveal"],
      ["show", "web/evil", "--reveal", "--json"],
      ["ls"],
      ["ls", "-l"],
      ["ls", "--json"],
      ["ls", "--format", "{path} {username} {hosts}"],
      ["find", "evil"],
      ["status"],
    ];
    for (const call of calls) {
      const shown = (await screenOf(onTerminal(home, [...call, "--color", "never"]))).replaceAll(
        "\r\n",
        "\n",
      );
      expect({ call, hostile: /[\p{Cc}\u202e]/u.exec(shown.replaceAll("\n", ""))?.index }).toEqual({
        call,
        hostile: undefined,
      });
    }
    const refused = onTerminal(home, ["get", `no such ${hostile}`, "--color", "never"]);
    expect(await refused.exit()).toBe(2);
    const absent = onTerminal(home, ["--vault", `missing${ESCAPE}[2J`, "ls"]);
    expect(await absent.exit()).toBe(3);
    for (const pm of [refused, absent]) expect(pm.screen()).not.toContain(ESCAPE);
    expect((await home.pm(["get", "web/evil", "-n"])).stdout.toString()).toBe(hostile);
  });

  test("bytes that are no text can't do anything there", async () => {
    const home = await createHome();
    writeFileSync(join(home.directory, "binary"), Uint8Array.of(0, 255, 27, 91, 50, 74));
    await home.pm(["add", "binary", "password=@binary"]);
    expect(await screenOf(onTerminal(home, ["get", "binary"]))).toMatch(/^[^\p{Cc}]*\r\n$/u);
    expect((await home.pm(["get", "binary", "-n"])).stdout.length).toBe(6);
  });
});
