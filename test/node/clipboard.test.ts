import fs from "node:fs";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { utf8 } from "../../src/core/bytes.ts";
import { hasCode } from "../../src/core/errors.ts";
import { copyToClipboard } from "../../src/node/clipboard.ts";
import { describeWith } from "../support/describe-with.ts";
import { type Display, startDisplay } from "./fixtures/display.ts";
import { ON_LINUX, until } from "./fixtures/run.ts";

const SOON_MS = 1000;
const LATE_MS = 600_000;

describeWith(["xvfb", "xclip"], "the clipboard", () => {
  let display: Display;

  beforeAll(async () => {
    display = await startDisplay();
  });
  afterEach(() => {
    for (const { pid } of clearers()) process.kill(pid);
  });
  afterAll(async () => {
    for (const { pid } of ours()) process.kill(pid);
    await display.stop();
  });

  function copy(text: string, clearAfterMs: number): Promise<void> {
    const env = {
      ...display.env,
      PM_PASSWORD: "canary-password",
      PM_KEY: "canary-key",
      OTHER: "canary-other",
    };
    return copyToClipboard({ bytes: utf8(text), clearAfterMs, env });
  }

  /** The processes on our display that pm has left behind. */
  function ours(): { pid: number; command: string; environment: string }[] {
    return fs
      .readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        try {
          const command = fs.readFileSync(`/proc/${name}/cmdline`, "utf8");
          const environment = fs.readFileSync(`/proc/${name}/environ`, "utf8");
          if (!environment.split("\0").includes(`DISPLAY=${display.env["DISPLAY"]}`)) return [];
          return [{ pid: Number(name), command, environment }];
        } catch {
          return [];
        }
      });
  }

  const clearers = () => ours().filter(({ command }) => command.includes("clear-clipboard"));

  test.each(["a secret", "two\nlines\n", "ü中😀", " spaces ", "x".repeat(4000)])(
    "takes %j exactly",
    async (text) => {
      await copy(text, LATE_MS);
      expect(await display.paste()).toBe(text);
    },
  );

  test("is not given a value that X11 would lose on the way", async () => {
    await display.copy("before");
    await expect(copy("x".repeat(4001), LATE_MS)).rejects.toSatisfy((error) => hasCode(error, "unavailable"));
    expect(await display.paste()).toBe("before");
  });

  test("is cleared soon after", async () => {
    await copy("a secret", SOON_MS);
    await until("an empty clipboard", async () => ((await display.paste()) === "" ? true : undefined));
    await until("the end of the clearer", () => (clearers().length === 0 ? true : undefined));
  });

  test("is left alone where it holds something else by then", async () => {
    await copy("a secret", SOON_MS);
    await display.copy("a secret\n");
    await until("the end of the clearer", () => (clearers().length === 0 ? true : undefined));
    expect(await display.paste()).toBe("a secret\n");
  });

  test("leaves no process behind that knows the value or pm's environment, but the one that serves it", async () => {
    await copy("canary-value", LATE_MS);
    // The program that held the clipboard before ends when it learns that it does not any more.
    const processes = await until("the end of the other program", () => {
      const all = ours();
      return all.some(({ command }) => command.includes("xclip")) ? undefined : all;
    });
    const names = processes.map(({ command }) => /xsel|clear-clipboard/.exec(command)?.[0]);
    expect(new Set(names)).toEqual(new Set(["clear-clipboard", "xsel"]));
    for (const { command, environment } of processes) {
      expect(command + environment).not.toContain("canary");
      expect(environment).not.toContain("PM_");
    }
  });

  test.each([
    ["NUL", utf8("a\0b")],
    ["other than UTF-8", Uint8Array.of(0x61, 0xff)],
  ])("is not given a value with bytes that are %s", async (_what, bytes) => {
    await display.copy("before");
    const copied = copyToClipboard({ bytes, clearAfterMs: SOON_MS, env: display.env });
    await expect(copied).rejects.toSatisfy((error) => hasCode(error, "usage"));
    expect(await display.paste()).toBe("before");
  });
});

test.skipIf(!ON_LINUX)("without a display there is no clipboard", async () => {
  const env = { PATH: process.env["PATH"] };
  const copied = copyToClipboard({ bytes: utf8("a"), clearAfterMs: SOON_MS, env });
  await expect(copied).rejects.toSatisfy((error) => hasCode(error, "unavailable"));
});
