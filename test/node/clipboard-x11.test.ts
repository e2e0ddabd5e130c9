import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { fromUtf8, utf8 } from "../../src/core/bytes.ts";
import { clear } from "../../src/node/clipboard/clear.ts";
import { clearOrder } from "../../src/node/clipboard/order.ts";
import { connectDisplay, type XConnection } from "../../src/node/clipboard/x11-connection.ts";
import {
  clearClipboard,
  type HeldClipboard,
  holdClipboard,
  readClipboard,
} from "../../src/node/clipboard/x11-selection.ts";
import { OPCODE, words } from "../../src/node/clipboard/x11-wire.ts";
import { describeWith } from "../support/describe-with.ts";
import { type Display, startDisplay } from "./fixtures/display.ts";

const TEXT_TARGETS = ["UTF8_STRING", "STRING", "text/plain;charset=utf-8", "text/plain"];
/** More than another program hands over at once. */
const LONG = `${"ü".repeat(500_000)}.`;
/** The longest value that a server takes in one request. */
const LONGEST = "ü".repeat(131_058);

let display: Display;

async function connect(): Promise<XConnection> {
  const x = await connectDisplay(display.env);
  onTestFinished(() => x[Symbol.dispose]());
  return x;
}

async function hold(text: string): Promise<HeldClipboard & { readonly x: XConnection }> {
  const x = await connect();
  return { ...(await holdClipboard(x, utf8(text))), x };
}

describeWith(["xvfb", "xclip"], "the selection of X11", () => {
  beforeAll(async () => {
    display = await startDisplay();
  });
  afterAll(() => display.stop());

  test.each(["a secret", "two\nlines\n", "ü中😀", " spaces ", "", LONGEST])(
    "gives other programs the value exactly, as whatever text they ask for: %#",
    async (text) => {
      await hold(text);
      for (const target of TEXT_TARGETS) expect((await display.paste(target)) === text).toBe(true);
      expect(fromUtf8(await readClipboard(await connect())) === text).toBe(true);
    },
  );

  test("is marked as secret beside the text, and says since when it is held", async () => {
    await hold("a secret");
    expect((await display.paste("TARGETS")).trim().split("\n")).toEqual([
      "TARGETS",
      "TIMESTAMP",
      ...TEXT_TARGETS,
      "x-kde-passwordManagerHint",
    ]);
    expect(await display.paste("x-kde-passwordManagerHint")).toBe("secret");
    expect(await display.paste("TIMESTAMP")).toMatch(/^\d+\n?$/);
    expect(await display.paste("SAVE_TARGETS")).toBe("");
  });

  test("is let go of when somebody else copies", async () => {
    const { lost } = await hold("a secret");
    await display.copy("something else");
    await lost;
  });

  test("is not let go of because another program says that it is lost", async () => {
    const { lost, x } = await hold("a secret");
    const other = await connect();
    const CLEAR = 29;
    const clipboard = await other.atom("CLIPBOARD");
    const event = words(CLEAR, 0, x.window, clipboard, 0, 0, 0, 0);
    other.send(OPCODE.sendEvent, 0, words(x.window, 0), event);
    // The server answers in order: what it passed on has come when this has.
    await Promise.all([other.time(), x.time()]);
    expect(await Promise.race([lost.then(() => "lost"), x.time().then(() => "held")])).toBe("held");
  });

  test("is read exactly, also where another program hands it over in pieces", async () => {
    const x = await connect();
    expect(await readClipboard(x)).toEqual(new Uint8Array());
    await display.copy(LONG);
    expect(fromUtf8(await readClipboard(x)) === LONG).toBe(true);
  });

  test.each([
    ["emptied", "a secret", ""],
    ["left", "a secret\n", "a secret\n"],
  ])("is %s where it holds %j when the time for a value is over", async (_what, held, left) => {
    await hold(held);
    await clear({ ...clearOrder(utf8("a secret"), 0), way: "readable" }, display.env);
    expect(await display.paste()).toBe(left);
  });

  test("is not cleared where somebody copies while it is looked at", async () => {
    const x = await connect();
    await hold("a secret");
    const other = await connect();
    let taken: Promise<HeldClipboard> | undefined;
    await clearClipboard(x, () => {
      taken = holdClipboard(other, utf8("something else"));
      return true;
    });
    await taken;
    expect(await display.paste()).toBe("something else");
  });
});
