/** stdout and stderr: exact in a pipe, harmless on a terminal. */
import { describe, expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../src/core/bytes.ts";
import type { ColorMode } from "../../src/cli/globals.ts";
import { createOut, type Out } from "../../src/cli/output.ts";
import { seededRandom } from "../support/random.ts";
import { createTestIo, type StreamName } from "../support/test-io.ts";

interface Call {
  readonly ttys?: readonly StreamName[];
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: ColorMode;
  readonly env?: Record<string, string>;
}

async function print(call: Call, work: (out: Out) => Promise<void>): Promise<{ out: string; err: string }> {
  const seen = createTestIo({ random: seededRandom("out"), ttys: new Set(call.ttys), env: call.env ?? {} });
  await work(createOut(seen.io, { ...call, quiet: call.quiet ?? false, color: () => call.color ?? "auto" }));
  return { out: fromUtf8(seen.stdout()) ?? "not UTF-8", err: seen.stderr() };
}

const HOSTILE = "a\u001b[31mb\u009b2Jc\u007f\u202ed\u2066e\u200ff\u0000";
const SPELLED = String.raw`a\x1b[31mb\x9b2Jc\x7f\u202ed\u2066e\u200ff\x00`;
const tty: Call = { ttys: ["stdout", "stderr"] };

describe("a line", () => {
  test("is as it is in a pipe", async () => {
    expect((await print({}, (out) => out.line(HOSTILE))).out).toBe(`${HOSTILE}\n`);
  });

  test("shows its control characters on a terminal", async () => {
    expect((await print(tty, (out) => out.line(`${HOSTILE}\n\t`))).out).toBe(`${SPELLED}\\x0a\\x09\n`);
  });

  test("may be many, in one write, and none", async () => {
    expect((await print(tty, (out) => out.lines(["a", "\u001bb"]))).out).toBe("a\n\\x1bb\n");
    expect((await print(tty, (out) => out.lines([]))).out).toBe("");
  });

  test.each(["é ü 中文 👩‍👩‍👧 ✓", "\u00a0", "~", " "])("keeps %j on a terminal", async (text) => {
    expect((await print(tty, (out) => out.line(text))).out).toBe(`${text}\n`);
  });
});

describe("a value", () => {
  test.each<[name: string, bytes: Uint8Array, newline: boolean, expected: Uint8Array]>([
    ["gets a newline", utf8("a"), true, utf8("a\n")],
    ["gets none where not asked", utf8("a"), false, utf8("a")],
    ["gets no second one", utf8("a\n"), true, utf8("a\n")],
    ["keeps its newlines", utf8("a\n\n"), true, utf8("a\n\n")],
    ["keeps every byte", Uint8Array.of(0, 255, 27, 128), true, Uint8Array.of(0, 255, 27, 128, 10)],
    ["may be empty", utf8(""), true, utf8("\n")],
  ])("%s in a pipe", async (_name, bytes, newline, expected) => {
    const seen = createTestIo({ random: seededRandom("out") });
    const before = bytes.slice();
    await createOut(seen.io, { quiet: false, color: () => "auto" }).value(bytes, newline);
    expect(seen.stdout()).toEqual(expected);
    expect(bytes).toEqual(before);
  });

  test("keeps tabs and newlines on a terminal, and nothing else that controls it", async () => {
    const { out } = await print(tty, (o) => o.value(utf8(`x\ty\nz\r${HOSTILE}`), true));
    expect(out).toBe(`x\ty\nz\\x0d${SPELLED}\n`);
  });

  test("that is not text is shown as far as it is, on a terminal", async () => {
    expect((await print(tty, (out) => out.value(Uint8Array.of(97, 255, 27), false))).out).toBe(
      "a\ufffd\\x1b",
    );
  });
});

test("JSON means the same on a terminal, and shows nothing but itself", async () => {
  const data = { v: 1, path: HOSTILE };
  const onTerminal = (await print(tty, (out) => out.json(data))).out;
  expect(onTerminal).toMatch(/^[\u0020-\u007e]+\n$/);
  expect(JSON.parse(onTerminal)).toEqual(data);
  expect(JSON.parse((await print({}, (out) => out.json(data))).out)).toEqual(data);
});

describe("stderr", () => {
  test.each<[name: string, call: Call, err: string]>([
    ["gets notices on a terminal", { ttys: ["stderr"] }, "done\\x1b\npm: warning: careful\\x1b\n"],
    ["gets only warnings elsewhere", { ttys: ["stdout"] }, "pm: warning: careful\\x1b\n"],
    ["gets notices where asked", { verbose: true }, "done\\x1b\npm: warning: careful\\x1b\n"],
    ["gets nothing with --quiet", { ttys: ["stderr"], quiet: true }, ""],
  ])("%s", async (_name, call, err) => {
    const printed = await print(call, async (out) => {
      await out.note("done\u001b");
      await out.warn("careful\u001b");
    });
    expect(printed).toEqual({ out: "", err });
  });
});

describe("colours", () => {
  const bold = async (out: Out): Promise<void> => out.line((await out.style()).bold("x\u001b[31my"));

  test.each<[name: string, call: Call, expected: string]>([
    ["are on at a terminal", tty, "\u001b[1mx\\x1b[31my\u001b[22m\n"],
    ["are off in a pipe", {}, "x\u001b[31my\n"],
    ["are off where asked", { ...tty, color: "never" }, "x\\x1b[31my\n"],
    ["are on where asked", { color: "always" }, "\u001b[1mx\\x1b[31my\u001b[22m\n"],
    ["are off on a dumb terminal", { ...tty, env: { TERM: "dumb" } }, "x\\x1b[31my\n"],
  ])("%s", async (_name, call, expected) => {
    expect((await print(call, bold)).out).toBe(expected);
  });

  test("do not let through an escape sequence that stands beside them", async () => {
    const { out } = await print(tty, async (o) => {
      const { red } = await o.style();
      await o.line(`${red("a")} \u001b[2J\ue000`);
    });
    expect(out).toBe("\u001b[31ma\u001b[39m \\x1b[2J\ue000\n");
  });

  test.each(["bold", "dim", "cyan", "green", "yellow", "red"] as const)("know %s", async (name) => {
    const { out } = await print(tty, async (o) => o.line((await o.style())[name]("x")));
    expect(out).toMatch(new RegExp(String.raw`^\u001b\[\d+mx\u001b\[\d+m\n$`));
  });
});
