import { closeSync, openSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { beforeEach, describe, expect, test } from "vitest";
import { concat, toBase64, utf8 } from "../../src/core/bytes.ts";
import { hasCode } from "../../src/core/errors.ts";
import { copyToClipboard } from "../../src/node/clipboard/copy.ts";
import { OwnerInput } from "../../src/node/clipboard/owner-input.ts";
import {
  clearTerminal,
  MAX_OSC52_BYTES,
  multiplexerOf,
  osc52,
  sendToTerminal,
} from "../../src/node/clipboard/osc52.ts";
import { clipboardWays } from "../../src/node/clipboard/ways.ts";
import { displayAddress, findCookie } from "../../src/node/clipboard/x11-address.ts";
import { type ProgramFolder, programFolder } from "./fixtures/program-folder.ts";
import { ON_WINDOWS } from "./fixtures/run.ts";

const LATE_MS = 600_000;
const ssh = { SSH_CONNECTION: "192.0.2.1 50000 192.0.2.2 22" };
const x = { DISPLAY: ":0" };
const wayland = { WAYLAND_DISPLAY: "wayland-0" };

let here: ProgramFolder;
beforeEach(() => {
  here = programFolder();
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

  test.skipIf(ON_WINDOWS)("through clipboardy is not there where clipboardy finds none", async () => {
    const env = { WSL_DISTRO_NAME: "Debian", PATH: here.path };
    const copied = copyToClipboard({ bytes: utf8("a"), clearAfterMs: LATE_MS, env });
    if (process.platform === "linux") await expect(copied).rejects.toThrow("there is no clipboard");
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
    [":99999", { path: "/tmp/.X11-unix/X99999" }],
    ["localhost:59536", undefined],
    ["0", undefined],
    ["", undefined],
  ])("%j leads to %j", (name, at) => {
    expect(displayAddress({ DISPLAY: name })?.at).toEqual(at);
  });
});

describe("the cookie for a display", () => {
  const entry = (family: number, address: Uint8Array, data: number): Uint8Array =>
    concat(
      Uint8Array.of(family >> 8, family & 0xff, 0, address.length),
      address,
      utf8("\0\x010\0\x12MIT-MAGIC-COOKIE-1\0\x01"),
      Uint8Array.of(data),
    );

  test.each<[remote: string | undefined, cookie: number | undefined]>([
    [undefined, 1],
    ["127.0.0.1", 1],
    ["::1", 1],
    ["::ffff:127.0.0.1", 1],
    ["192.0.2.1", 2],
    ["::ffff:192.0.2.1", 2],
    ["192.0.2.2", undefined],
    ["2001:db8::1", undefined],
    ["::ffff:1", undefined],
  ])("of a server at %s is one for that server", (remote, cookie) => {
    const XAUTHORITY = join(here.folder, "authority");
    const [local, there] = [entry(256, utf8(hostname()), 1), entry(0, Uint8Array.of(192, 0, 2, 1), 2)];
    writeFileSync(XAUTHORITY, concat(local, there, local.subarray(0, 9)));
    expect(findCookie({ XAUTHORITY }, "0", remote)?.data[0]).toBe(cookie);
    expect(findCookie({ XAUTHORITY }, "1", remote)).toBeUndefined();
  });
});

describe("what the process that holds a value is told", () => {
  const value = utf8("9\n\nü");

  test.each([1, 2, 3, 100])("is read exactly in pieces of %i bytes", async (size) => {
    const told = concat(utf8("5\n"), value, utf8("600\n"));
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < told.length; at += size) yield told.slice(at, at + size);
    }
    const input = new OwnerInput(pieces());
    expect(await input.take(Number(await input.line()))).toEqual(value);
    expect([await input.line(), await input.line()]).toEqual(["600", ""]);
  });

  test("is nothing where it is cut off", async () => {
    const told = Readable.from([utf8("abc")]);
    await expect(new OwnerInput(told).take(4)).rejects.toThrow("cut off");
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

  test("when the time is over empties its clipboard, where it is still there", () => {
    const file = join(here.folder, "terminal");
    const terminal = openSync(file, "w");
    clearTerminal(terminal, "tmux");
    closeSync(terminal);
    expect(here.contents("terminal")).toBe(osc52(new Uint8Array(), "tmux"));
    expect(() => clearTerminal(terminal, undefined)).not.toThrow();
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
    here.program("tmux", 'echo "$*" > asked; echo off');
    const env = { TMUX: "/tmp/tmux-0/default,1,0", TMUX_PANE: "%3", PATH: here.path };
    const error: unknown = await sendToTerminal(utf8("a"), env).catch((thrown: unknown) => thrown);
    if (!hasCode(error, "unavailable")) throw error;
    expect([error.message, error.hint]).toEqual([
      "tmux does not let the value through",
      "tmux set -g allow-passthrough on",
    ]);
    expect(here.contents("asked")).toBe("show-options -A -p -v -t %3 allow-passthrough\n");
  });

  test.skipIf(ON_WINDOWS)("asks tmux whether it passes on, and tells it nothing of pm's", async () => {
    here.program("tmux", "env > environment; echo off");
    const canaries = { PM_PASSWORD: "canary", PM_KEY: "canary", OTHER: "canary" };
    const env = { ...canaries, TMUX: "/tmp/tmux-0/default,1,0", PATH: here.path };
    await expect(sendToTerminal(utf8("a"), env)).rejects.toThrow("tmux does not let");
    expect(here.contents("environment")).toContain("TMUX=/tmp/tmux-0/default,1,0\n");
    expect(here.contents("environment")).not.toContain("canary");
  });

  test.skipIf(ON_WINDOWS)("comes next over SSH where the display can't be reached", async () => {
    const env = { ...ssh, DISPLAY: ":65000", TERM: "linux", PATH: here.path };
    const copied = copyToClipboard({ bytes: utf8("a"), clearAfterMs: LATE_MS, env });
    await expect(copied).rejects.toThrow("this terminal has no clipboard");
  });
});
