import { describe, expect, test } from "vitest";
import { toHex, utf8 } from "../../src/core/bytes.ts";
import { MAX_SECRET_BYTES } from "../../src/node/secret-line.ts";
import { onScreen, type Screen } from "./fixtures/pty.ts";
import { ended, ON_LINUX, ON_WINDOWS, fixture, start } from "./fixtures/run.ts";

function ask(...kinds: readonly string[]): Screen {
  return onScreen([process.execPath, fixture("prompter"), ...kinds]);
}

/** The same with the terminal's modes printed before and after, and the status. */
function askBetweenModes(...kinds: readonly string[]): Screen {
  const prompter = [process.execPath, fixture("prompter"), ...kinds].join(" ");
  return onScreen([
    "sh",
    "-c",
    `echo "modes $(stty -g)"; ${prompter}; echo "status $?"; echo "modes $(stty -g)"`,
  ]);
}

function modes(screen: Screen): string[] {
  return Array.from(screen.text().matchAll(/modes (\S+)/g), ([, text = ""]) => text);
}

const hex = (text: string): string => toHex(utf8(text));

describe.skipIf(ON_WINDOWS)("a secret", () => {
  test("is read without echo, corrected by characters, and leaves the terminal as it was", async () => {
    const screen = askBetweenModes("secret");
    await screen.see("Secret: ");
    screen.type("hé\u007fü中\u007f\u007fello\r");
    await screen.see(`<${hex("hello")}>`);
    expect(await screen.end()).toBe(0);
    expect(screen.text()).toContain("Secret: \r\n<");
    const [before, after] = modes(screen);
    expect(after).toBe(before);
  });

  test.each([
    ["Ctrl-C", "abc\u0003"],
    ["Ctrl-D on an empty line", "\u0004"],
  ])("%s interrupts and leaves the terminal as it was", async (_what, keys) => {
    const screen = askBetweenModes("secret", "secret");
    await screen.see("Secret: ");
    screen.type(keys);
    await screen.see("<interrupted>");
    await screen.see("status 130");
    await screen.end();
    const [before, after] = modes(screen);
    expect(after).toBe(before);
    expect(screen.text()).not.toContain("abc");
  });

  test.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
    ["SIGHUP", 129],
  ])("%s ends the process with its status and leaves the terminal as it was", async (signal, status) => {
    const prompter = `${process.execPath} ${fixture("prompter")} secret`;
    const screen = onScreen([
      "sh",
      "-c",
      `echo "modes $(stty -g)"; sh -c 'echo $$ is it; exec ${prompter}'
      echo "status $?"; echo "modes $(stty -g)"`,
    ]);
    await screen.see("Secret: ");
    const [, pid] = /(\d+) is it/.exec(screen.text()) ?? [];
    process.kill(Number(pid), signal);
    // The shell itself goes on: only SIGINT from the keyboard would reach it too.
    await screen.see(`status ${status}`);
    await screen.end();
    const [before, after] = modes(screen);
    expect(after).toBe(before);
  });

  test("takes a paste of two lines for two questions", async () => {
    const screen = ask("secret", "secret");
    await screen.see("Secret: ");
    screen.type("\u001b[200~first\rsecond\r\u001b[201~");
    await screen.see(`<${hex("first")}>`);
    await screen.see(`<${hex("second")}>`);
    expect(await screen.end()).toBe(0);
  });

  test("that is too long is refused whole, and nothing of it reaches the shell", async () => {
    const screen = ask("secret", "secret");
    await screen.see("Secret: ");
    screen.type(`${"x".repeat(MAX_SECRET_BYTES + 1)}\r`);
    await screen.see("<limit>");
    expect(await screen.end()).toBe(1);
    expect(screen.text()).not.toContain("xx");
  });

  test("is asked at the terminal though stdin, stdout and stderr are elsewhere", async () => {
    const prompter = [process.execPath, fixture("prompter"), "secret"].join(" ");
    const screen = onScreen(["sh", "-c", `echo no | ${prompter} 2>&1 | tr a-z A-Z`]);
    await screen.see("Secret: ");
    screen.type("yes\r");
    await screen.see(`<${hex("yes").toUpperCase()}>`);
  });
});

describe.skipIf(ON_WINDOWS)("a question", () => {
  test.each([
    ["y\r", "true"],
    ["n\r", "false"],
    ["\r", "false"],
  ])("answered by %j is %s", async (keys, answer) => {
    const screen = ask("confirm");
    await screen.see("Sure?");
    screen.type(keys);
    await screen.see(`<${answer}>`);
    expect(await screen.end()).toBe(0);
  });

  test("with choices gives the one that was moved to", async () => {
    const screen = ask("select");
    await screen.see("three");
    screen.type("\u001b[B\r");
    await screen.see("<two");
    expect(await screen.end()).toBe(0);
  });

  test("with choices gives nothing after Esc", async () => {
    const screen = ask("select");
    await screen.see("three");
    screen.type("\u001b");
    await screen.see("<undefined>");
    expect(await screen.end()).toBe(0);
  });

  test.each(["confirm", "select", "search"])(
    "of kind %s is interrupted by Ctrl-C, the cursor shown again",
    async (kind) => {
      const screen = askBetweenModes(kind);
      await screen.see("?");
      await screen.see("\u001b[");
      screen.type("\u0003");
      await screen.see("<interrupted>");
      await screen.see("status 130");
      await screen.end();
      expect(screen.text().lastIndexOf("\u001b[?25h")).toBeGreaterThan(
        screen.text().lastIndexOf("\u001b[?25l"),
      );
      const [before, after] = modes(screen);
      expect(after).toBe(before);
    },
  );

  test("is ended by SIGTERM with its status, the terminal as it was", async () => {
    const prompter = `${process.execPath} ${fixture("prompter")} select`;
    const screen = onScreen([
      "sh",
      "-c",
      `echo "modes $(stty -g)"; sh -c 'echo $$ is it; exec ${prompter}'
      echo "status $?"; echo "modes $(stty -g)"`,
    ]);
    await screen.see("three");
    const [, pid] = /(\d+) is it/.exec(screen.text()) ?? [];
    process.kill(Number(pid), "SIGTERM");
    await screen.see("status 143");
    await screen.end();
    const [before, after] = modes(screen);
    expect(after).toBe(before);
  });

  test("with a search takes what is typed, and leaves nothing of the list on the screen", async () => {
    const screen = ask("search");
    await screen.see(String.raw`t\u{1b}[2Jw`);
    await screen.see("No results");
    screen.type("\u0015t");
    await screen.see(String.raw`two\u{202e}`);
    screen.type("wen");
    await screen.see("twenty");
    await screen.see(String.raw`twenty\u{9b}2J`);
    screen.type("\r");
    await screen.see("<twenty>");
    expect(await screen.end()).toBe(0);
    for (const hostile of ["\u001b[2J", "\u202e", "\u009b"]) expect(screen.text()).not.toContain(hostile);
  });

  test("with a search gives nothing after Esc", async () => {
    const screen = ask("search");
    await screen.see("No results");
    screen.type("\u001b");
    await screen.see("<undefined>");
    expect(await screen.end()).toBe(0);
  });

  test("never lets others' text steer the terminal", async () => {
    const screen = ask("confirm", "select", "print");
    await screen.see("Sure?");
    screen.type("\r");
    await screen.see("Which?");
    await screen.see("three");
    screen.type("\r");
    await screen.see(String.raw`code\u{1b}[2J\u{202e}`);
    await screen.end();
    expect(screen.text()).toContain(String.raw`two\u{1b}[2J`);
    expect(screen.text()).not.toContain("\u001b[2J");
  });
});

test.skipIf(!ON_LINUX)("without a controlling terminal there is none", async () => {
  const { stdout } = await ended(
    start(["setsid", "-w", process.execPath, fixture("prompter"), "any", "secret"]),
  );
  expect(stdout).toBe("<no terminal>\n<undefined>\n");
});
