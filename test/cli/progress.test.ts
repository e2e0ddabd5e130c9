/** A sign of life where something takes long. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { withProgress } from "../../src/cli/progress.ts";
import { seededRandom } from "../support/random.ts";
import { createTestIo } from "../support/test-io.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function shownAfter(ms: number, call: { isTTY: boolean; quiet: boolean }): Promise<string> {
  const { io, stderr } = createTestIo({
    random: seededRandom("progress"),
    ttys: new Set(call.isTTY ? (["stderr"] as const) : []),
  });
  const work = (): Promise<string> => new Promise((resolve) => setTimeout(() => resolve("done"), ms));
  const running = withProgress(io, { label: "working", quiet: call.quiet }, work);
  await vi.advanceTimersByTimeAsync(ms);
  expect(await running).toBe("done");
  return stderr();
}

describe("work that takes long", () => {
  test("turns a wheel on a terminal, and leaves nothing of it", async () => {
    const shown = await shownAfter(800, { isTTY: true, quiet: false });
    expect(shown).toContain("working");
    // What a terminal shows in the end: whatever was written after the last erasure.
    expect(shown.split("\r\u001b[K").at(-1)).toBe("");
  });

  test.each([
    ["elsewhere", { isTTY: false, quiet: false }],
    ["with --quiet", { isTTY: true, quiet: true }],
  ])("shows nothing %s", async (_name, call) => {
    expect(await shownAfter(800, call)).toBe("");
  });
});

test("work that is quick shows nothing", async () => {
  expect(await shownAfter(400, { isTTY: true, quiet: false })).toBe("");
});

test("the wheel stops where the work fails", async () => {
  const { io, stderr } = createTestIo({ random: seededRandom("progress"), ttys: new Set(["stderr"]) });
  const work = (): Promise<never> =>
    new Promise((_resolve, reject) => setTimeout(() => reject(new Error("failed")), 700));
  const outcome = withProgress(io, { label: "working", quiet: false }, work).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(700);
  expect(await outcome).toEqual(new Error("failed"));
  const shown = stderr();
  await vi.advanceTimersByTimeAsync(1000);
  expect(stderr()).toBe(shown);
});
