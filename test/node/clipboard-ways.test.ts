import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { toBase64, utf8 } from "../../src/core/bytes.ts";
import { hasCode } from "../../src/core/errors.ts";
import { clip } from "../../src/cli/clip.ts";
import { createContext } from "../../src/cli/context.ts";
import { toGlobals } from "../../src/cli/globals.ts";
import { clear } from "../../src/node/clipboard/clear.ts";
import { copyToClipboard } from "../../src/node/clipboard/copy.ts";
import { clearOrder } from "../../src/node/clipboard/order.ts";
import { MAX_OSC52_BYTES, multiplexerOf, osc52, sendToTerminal } from "../../src/node/clipboard/osc52.ts";
import { clipboardWays } from "../../src/node/clipboard/ways.ts";
import { displayAddress } from "../../src/node/clipboard/x11-address.ts";
import { temporaryDirectory } from "../support/process.ts";
import { seededRandom } from "../support/random.ts";
import { createTestIo } from "../support/test-io.ts";
import { ON_WINDOWS, until } from "./fixtures/run.ts";

const LATE_MS = 600_000;
const ssh = { SSH_CONNECTION: "192.0.2.1 50000 192.0.2.2 22" };
const x = { DISPLAY: ":0" };
const wayland = { WAYLAND_DISPLAY: "wayland-0" };

/** A folder with programs, first in the path. */
let folder: string;
const inFolder = (name: string) => join(folder, name);
const contents = (name: string) =>
  existsSync(inFolder(name)) ? readFileSync(inFolder(name), "utf8") : undefined;
const path = () => [folder, process.env["PATH"] ?? ""].join(delimiter);

function program(name: string, script: string): void {
  writeFileSync(inFolder(name), `#!/bin/sh\ncd '${folder}'\n${script}\n`);
  chmodSync(inFolder(name), 0o755);
}

beforeEach(() => {
  folder = temporaryDirectory();
});

describe("the way to the clipboard", () => {
  test.each<[env: Record<string, string>, platform: NodeJS.Platform, ways: readonly string[]]>([
    [{}, "linux", []],
    [x, "linux", ["x11"]],
    [{ ...x, ...wayland }, "linux", ["wayland"]],
    [x, "freebsd", ["x11"]],
    [{ PM_CLIP_COMMAND: "copy", ...ssh, ...x }, "linux", ["command"]],
    [{ PM_CLIP_COMMAND: "", ...x }, "linux", ["x11"]],
    [ssh, "linux", ["terminal"]],
    [{ SSH_TTY: "/dev/pts/0" }, "linux", ["terminal"]],
    [{ ...ssh, DISPLAY: "localhost:10.0" }, "linux", ["x11", "terminal"]],
    [{}, "darwin", ["system"]],
    [ssh, "darwin", ["terminal"]],
    [{}, "win32", ["system"]],
    [ssh, "win32", ["system"]],
    [{}, "android", ["system"]],
    [{ WSL_DISTRO_NAME: "Debian", ...x, ...wayland }, "linux", ["system"]],
  ])("with %j on %s is %j", (env, platform, ways) => {
    expect(clipboardWays(env, platform)).toEqual(ways);
  });

  test("is none where nothing is set, and then nothing is copied", async () => {
    const copied = copyToClipboard({
      bytes: utf8("a"),
      clearAfterMs: LATE_MS,
      env: { SSH_TTY: "", TERM: "xterm" },
    });
    if (process.platform !== "linux") return void (await copied.catch(() => undefined));
    await expect(copied).rejects.toSatisfy((error) => hasCode(error, "unavailable"));
  });
});

describe("a display's name", () => {
  test.each<[name: string, at: object | undefined]>([
    [":0", { path: "/tmp/.X11-unix/X0" }],
    [":12.1", { path: "/tmp/.X11-unix/X12" }],
    ["unix:1", { path: "/tmp/.X11-unix/X1" }],
    ["unix/host:1", { path: "/tmp/.X11-unix/X1" }],
    ["localhost:10.0", { host: "localhost", port: 6010 }],
    ["[::1]:3", { host: "::1", port: 6003 }],
    ["tcp/example.org:2", { host: "example.org", port: 6002 }],
    ["tcp/:2", { host: "localhost", port: 6002 }],
    [":99999", undefined],
    ["0", undefined],
    ["", undefined],
  ])("%j leads to %j", (name, at) => {
    expect(displayAddress({ DISPLAY: name })?.at).toEqual(at);
  });
});

describe("what is sent to a terminal", () => {
  const base64 = toBase64(utf8("a secret"));

  test.each<[what: string, env: Record<string, string>, sequence: string]>([
    ["a plain one", { TERM: "xterm-256color" }, `\x1b]52;c;${base64}\x07`],
    [
      "tmux",
      { TMUX: "/tmp/tmux-0/default,1,0", TERM: "screen" },
      `\x1bPtmux;\x1b\x1b]52;c;${base64}\x07\x1b\\`,
    ],
    ["tmux on this side of SSH", { TERM: "tmux-256color" }, `\x1bPtmux;\x1b\x1b]52;c;${base64}\x07\x1b\\`],
    ["screen", { STY: "1.pts-0", TERM: "xterm" }, `\x1bP\x1b]52;c;${base64}\x07\x1b\\`],
    ["screen on this side of SSH", { TERM: "screen.xterm" }, `\x1bP\x1b]52;c;${base64}\x07\x1b\\`],
  ])("with %s in between is exactly this", (_what, env, sequence) => {
    expect(osc52(utf8("a secret"), multiplexerOf(env))).toBe(sequence);
  });

  test("to empty its clipboard holds no value", () => {
    expect(osc52(new Uint8Array(), undefined)).toBe("\x1b]52;c;\x07");
  });

  test("through screen is cut into pieces that screen keeps, which are the sequence again", () => {
    const sent = osc52(new Uint8Array(1000).fill(7), "screen");
    const pieces = sent.split("\x1b\\").slice(0, -1);
    expect(pieces.length).toBeGreaterThan(4);
    for (const piece of pieces) expect(piece.length).toBeLessThan(250);
    const whole = pieces.map((piece) => piece.replace("\x1bP", "")).join("");
    expect(whole).toBe(osc52(new Uint8Array(1000).fill(7), undefined));
  });

  test.each<[what: string, bytes: Uint8Array, env: Record<string, string>, message: RegExp]>([
    [
      "a value that is too long",
      new Uint8Array(MAX_OSC52_BYTES + 1),
      { TERM: "xterm" },
      /no more than 74994 bytes/,
    ],
    ["a terminal without a clipboard", utf8("a"), { TERM: "linux" }, /this terminal has no clipboard/],
    ["a terminal that is none", utf8("a"), { TERM: "dumb" }, /this terminal has no clipboard/],
  ])("is nothing for %s", async (_what, bytes, env, message) => {
    const error: unknown = await sendToTerminal(bytes, env).catch((thrown: unknown) => thrown);
    if (!hasCode(error, "unavailable")) throw error;
    expect(error.message).toMatch(message);
  });

  test.skipIf(ON_WINDOWS)("is nothing where tmux would keep it", async () => {
    program("tmux", 'echo "$*" > asked; echo off');
    const env = { TMUX: "/tmp/tmux-0/default,1,0", TMUX_PANE: "%3", PATH: path() };
    const error: unknown = await sendToTerminal(utf8("a"), env).catch((thrown: unknown) => thrown);
    if (!hasCode(error, "unavailable")) throw error;
    expect([error.message, error.hint]).toEqual([
      "tmux does not let the value through",
      "tmux set -g allow-passthrough on",
    ]);
    expect(contents("asked")).toBe("show-options -A -p -v -t %3 allow-passthrough\n");
  });

  test.skipIf(ON_WINDOWS)("comes next over SSH where the display can't be reached", async () => {
    const env = { ...ssh, DISPLAY: ":65000", TERM: "linux", PATH: path() };
    const copied = copyToClipboard({ bytes: utf8("a"), clearAfterMs: LATE_MS, env });
    await expect(copied).rejects.toThrow("this terminal has no clipboard");
  });
});

/** As commands reach it. */
async function clipWith(env: Record<string, string>, seconds: number): Promise<string> {
  const world = createTestIo({
    env: { PM_AGENT: "off", PATH: path(), ...env },
    cwd: folder,
    random: seededRandom("clip"),
    ttys: new Set(["stderr"] as const),
  });
  await using context = createContext(world.io, toGlobals({}, {}));
  await clip(context, utf8("ü a secret"), seconds);
  return world.stderr();
}

describe.skipIf(ON_WINDOWS)("PM_CLIP_COMMAND", () => {
  test("gets the value exactly, and an empty one when the time is over", async () => {
    program("copy", 'cat > value; printf "%s," "$@" "$(wc -c < value)" >> calls; env > environment');
    const said = await clipWith(
      { PM_CLIP_COMMAND: "./copy 'to here' ${WHERE}", WHERE: "there", PM_KEY: "canary" },
      0.1,
    );
    expect(contents("value")).toBe("ü a secret");
    expect(contents("environment")).not.toMatch(/canary|a secret/);
    expect(said).toMatch(/copied by PM_CLIP_COMMAND; it is given an empty value in 0\.1 s/);
    await until("the second call", () =>
      contents("calls") === "to here,there,11,to here,there,0," ? true : undefined,
    );
    expect(contents("value")).toBe("");
  });

  test.each([
    ["fails", "false", "unavailable", /did not copy: it ended with exit status 1$/],
    ["is killed", "sh -c 'kill -9 $$'", "unavailable", /did not copy: it was ended by SIGKILL$/],
    ["is not there", "/nowhere/copy", "unavailable", /did not copy: it can't be started$/],
    ["is no command", "'copy", "usage", /^PM_CLIP_COMMAND can't be split/],
  ] as const)("that %s is said", async (_what, command, code, message) => {
    const error: unknown = await clipWith({ PM_CLIP_COMMAND: command }, 600).catch(
      (thrown: unknown) => thrown,
    );
    if (!hasCode(error, code)) throw error;
    expect(error.message).toMatch(message);
  });

  test("may leave its input unread", async () => {
    await clipWith({ PM_CLIP_COMMAND: "true" }, 0.1);
  });
});

/** As wl-copy and wl-paste behave; what they hold is a file. */
function programs({ help = "", keeps = "cat > held" } = {}): void {
  const copy = `echo "$* $TMPDIR" >> calls\ncase "$*" in\n--help) echo '${help}';;\n--clear) rm -f held;;\n*) ${keeps};;\nesac`;
  program("wl-copy", copy);
  program("wl-paste", 'test -e held || exit 1\ncat held\ntest "$1" = --no-newline || echo');
}

describe.skipIf(ON_WINDOWS)("a Wayland clipboard", () => {
  const copy = (text: string, clearAfterMs: number) => {
    const env = { PATH: path(), WAYLAND_DISPLAY: "wayland-0", XDG_RUNTIME_DIR: folder, TMPDIR: "/elsewhere" };
    return copyToClipboard({ bytes: utf8(text), clearAfterMs, env });
  };

  test.each([
    ["marks the value as sensitive where wl-copy can", "--sensitive  Hint", "--sensitive --type text/plain"],
    ["copies without a mark where it can't", "", "--type text/plain"],
  ])("%s, in memory, and is cleared", async (_what, help, call) => {
    programs({ help });
    expect(await copy(" ü a secret\n", 1)).toBe("wayland");
    expect(contents("calls")).toContain(`${call} ${folder}\n`);
    await until("an empty clipboard", () => (contents("held") === undefined ? true : undefined));
  });

  test.each([
    ["emptied where it holds the value", "a secret", undefined],
    ["left alone where it holds something else", "a secret\n", "a secret\n"],
  ])("is %s", async (_what, held, left) => {
    programs();
    writeFileSync(inFolder("held"), held);
    const env = { PATH: path(), WAYLAND_DISPLAY: "wayland-0" };
    await clear({ ...clearOrder(utf8("a secret"), 0), way: "readable" }, env);
    expect(contents("held")).toBe(left);
  });

  test.each([
    ["reports success and holds something else", { keeps: "tr a b > held" }, /did not take the value$/],
    ["fails", { keeps: "exit 3" }, /wl-copy did not copy: it ended with exit status 3$/],
  ])("that %s is said, and nothing stays copied", async (_what, behaviour, message) => {
    programs(behaviour);
    const error: unknown = await copy("a secret", LATE_MS).catch((thrown: unknown) => thrown);
    if (!hasCode(error, "unavailable")) throw error;
    expect(error.message).toMatch(message);
    expect(contents("held")).toBeUndefined();
  });
});
