import fs from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../src/core/bytes.ts";
import { hasCode } from "../../src/core/errors.ts";
import { clearIfHeld } from "../../src/node/clipboard/clear.ts";
import { copyToClipboard, type CopyOptions } from "../../src/node/clipboard/copy.ts";
import type { ClearOrder } from "../../src/node/clipboard/order.ts";
import { clearSystem, copyToSystem, readSystem } from "../../src/node/clipboard/system.ts";
import { connectDisplay } from "../../src/node/clipboard/x11-connection.ts";
import { OPCODE, words } from "../../src/node/clipboard/x11-wire.ts";
import { isHeldByPm } from "../../src/node/clipboard/x11-selection.ts";
import { describeWith } from "../support/describe-with.ts";
import { authorityFile, type Display, startDisplay } from "./fixtures/display.ts";
import { until } from "./fixtures/run.ts";

const SOON_MS = 700;
const LATE_MS = 600_000;

let display: Display;

/** The processes on a display that pm has left behind. */
function processes(of = display): { pid: number; command: string; environment: string }[] {
  return fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = fs.readFileSync(`/proc/${name}/cmdline`, "utf8");
        const environment = fs.readFileSync(`/proc/${name}/environ`, "utf8");
        if (!environment.split("\0").includes(`DISPLAY=${of.env["DISPLAY"]}`)) return [];
        return [{ pid: Number(name), command, environment }];
      } catch {
        return [];
      }
    });
}

const owners = (of = display) => processes(of).filter(({ command }) => command.includes("x11-owner"));
const noOwner = (of = display) =>
  until("the end of the process that held the value", () => (owners(of).length === 0 ? true : undefined));

function copy(text: string, options: Partial<CopyOptions> = {}): Promise<string> {
  return copyToClipboard({ bytes: utf8(text), clearAfterMs: LATE_MS, env: display.env, ...options });
}

function authority(cookie: Uint8Array): string {
  const path = join(display.env["HOME"] ?? "", "other-authority");
  fs.writeFileSync(path, authorityFile(cookie));
  return path;
}

describeWith(["xvfb", "xclip"], "the clipboard of X11", () => {
  beforeAll(async () => {
    display = await startDisplay();
  });
  afterEach(() => {
    for (const { pid } of owners()) process.kill(pid);
  });
  afterAll(async () => {
    for (const { pid } of processes()) process.kill(pid);
    await display.stop();
  });

  test("holds no value that is longer than a request of its server", async () => {
    await display.copy("before");
    await expect(copy("a".repeat(262_117))).rejects.toMatchObject({
      code: "unavailable",
      message: "the X11 clipboard can't be used: the display takes no more than 262116 bytes",
    });
    expect(await display.paste()).toBe("before");
  });

  test("is cleared soon after, by the process that holds the value, which ends", async () => {
    expect(await copy("a secret", { clearAfterMs: SOON_MS })).toBe("x11");
    expect(await display.paste()).toBe("a secret");
    await noOwner();
    expect(await display.paste()).toBe("");
  });

  test.each([1, 2, 3])("leaves nobody without an answer when it is cleared: %i", async () => {
    await copy("a secret", { clearAfterMs: 150 });
    using x = await connectDisplay(display.env);
    const [selection, target] = [await x.atom("CLIPBOARD"), await x.atom("UTF8_STRING")];
    const ask = words(x.window, selection, target, target, await x.time());
    for (let property = target; property === target;) {
      const told = x.next((event) => (event.kind === "selection-notify" ? event : undefined));
      x.send(OPCODE.convertSelection, 0, ask);
      ({ property } = await told);
    }
    await noOwner();
  });

  test("is cleared where a clipboard manager has taken over what was copied", async () => {
    await copy("a secret", { clearAfterMs: SOON_MS });
    await display.copy("a secret");
    using x = await connectDisplay(display.env);
    await until("the other's hold", async () => ((await isHeldByPm(x)) ? undefined : true));
    await noOwner();
    expect(await display.paste()).toBe("");
  });

  test("is kept for the time of the last copy, where the same value is copied again", async () => {
    await copy("a secret", { clearAfterMs: LATE_MS });
    await copy("a secret", { clearAfterMs: LATE_MS });
    await until("the end of the first", () => (owners().length === 1 ? true : undefined));
    expect(await display.paste()).toBe("a secret");
  });

  test("is held by one process at most, which knows nothing of pm", async () => {
    const canaries = { PM_PASSWORD: "canary-password", PM_KEY: "canary-key", OTHER: "canary-other" };
    await copy("first");
    await copy("canary-value", { env: { ...display.env, ...canaries } });
    expect(await display.paste()).toBe("canary-value");
    const [owner, ...others] = await until("the end of the first", () =>
      owners().length === 1 ? processes() : undefined,
    );
    expect(others).toEqual([]);
    expect(`${owner?.command}${owner?.environment}`).not.toMatch(/canary|PM_/);
    await display.copy("something else");
    await noOwner();
  });

  test("is cleared by who keeps the time anyway, who gets no value", async () => {
    const taken: { order: ClearOrder; env: Readonly<Record<string, string>> }[] = [];
    await copy("a secret", {
      schedule: async (order, env) => {
        taken.push({ order, env });
        return true;
      },
    });
    const [{ order, env } = expect.fail("nothing was asked for")] = taken;
    expect(order.afterMs).toBe(LATE_MS);
    expect(JSON.stringify(taken)).not.toMatch(/a secret|YSBzZWNyZXQ/);
    await clearIfHeld(order, env);
    await noOwner();
    expect(await display.paste()).toBe("");
  });

  test("is not held any more where who wanted it copied fails on the way", async () => {
    const schedule = async (): Promise<boolean> => {
      throw new Error("no");
    };
    await expect(copy("a secret", { schedule })).rejects.toThrow("no");
    await noOwner();
    expect(await display.paste()).toBe("");
  });

  test("takes its process with it when the server is killed", async () => {
    const other = await startDisplay();
    await copy("a secret", { env: other.env });
    expect(owners(other)).toHaveLength(1);
    await other.stop();
    await noOwner(other);
  });

  test.each<[what: string, env: () => Record<string, string>]>([
    ["no server", () => ({ ...display.env, DISPLAY: ":65000" })],
    ["no such host", () => ({ ...display.env, DISPLAY: "tcp/localhost:59000" })],
    ["a display that is none", () => ({ ...display.env, DISPLAY: "here" })],
    ["another cookie", () => ({ ...display.env, XAUTHORITY: authority(new Uint8Array(16)) })],
    ["no cookie", () => ({ ...display.env, XAUTHORITY: "/nowhere" })],
  ])("is unavailable with %s, and no process stays", async (_what, env) => {
    await expect(copy("a secret", { env: env() })).rejects.toSatisfy((error) =>
      hasCode(error, "unavailable"),
    );
    await noOwner();
  });

  test.each([
    ["NUL", utf8("a\0b")],
    ["other than UTF-8", Uint8Array.of(0x61, 0xff)],
  ])("is not given a value with bytes that are %s", async (_what, bytes) => {
    await display.copy("before");
    await expect(copy("", { bytes })).rejects.toSatisfy((error) => hasCode(error, "usage"));
    expect(await display.paste()).toBe("before");
  });

  // Elsewhere than on macOS, Windows and Android clipboardy runs xsel: a system's clipboard like another.
  test("reached through clipboardy is read back and emptied", async () => {
    const env = { ...display.env, DISPLAY: display.env["DISPLAY"] ?? "" };
    await copyToSystem("ü a secret\n", env);
    expect(fromUtf8(await readSystem(env))).toBe("ü a secret\n");
    await clearSystem(env);
    await until("an empty clipboard", async () => ((await display.paste()) === "" ? true : undefined));
  });
});
