/** How what a program prints gets through a filter: whole, in order, no faster than it is taken. */
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { concat, fromUtf8 } from "../../src/core/bytes.ts";
import { type Filter, type Sink, startPump } from "../../src/node/pump.ts";
import { until } from "./fixtures/run.ts";

const NOTHING = new Uint8Array(0);
const asItIs: Filter = { push: (bytes) => bytes, idle: () => NOTHING, end: () => NOTHING };

/** Holds the last byte back. */
function holding(): Filter {
  let held: Uint8Array = NOTHING;
  const release = (): Uint8Array => {
    const bytes = held;
    held = NOTHING;
    return bytes;
  };
  return {
    push: (chunk) => {
      const joined = concat(held, chunk);
      held = joined.slice(-1);
      return joined.slice(0, -1);
    },
    idle: release,
    end: release,
  };
}

function recorder(): Sink & { readonly written: string[]; letGo: (() => void) | undefined; isSlow: boolean } {
  const sink = {
    written: [] as string[],
    letGo: undefined as (() => void) | undefined,
    isSlow: false,
    write: async (bytes: Uint8Array) => {
      if (sink.isSlow) await new Promise<void>((resolve) => (sink.letGo = resolve));
      sink.written.push(fromUtf8(bytes) ?? "");
      return true;
    },
  };
  return sink;
}

test("what is held back is passed on when nothing more comes for a while", async () => {
  const [source, sink] = [new PassThrough(), recorder()];
  const pump = startPump(source, holding(), sink);
  source.write("Password: ");
  await until("the prompt", () => (sink.written.join("") === "Password: " ? true : undefined));
  source.write("ok");
  await pump.finish();
  expect(sink.written.join("")).toBe("Password: ok");
});

test("nothing is read while what was read is not taken", async () => {
  const [source, sink] = [new PassThrough({ highWaterMark: 4 }), recorder()];
  sink.isSlow = true;
  const pump = startPump(source, asItIs, sink);
  source.write("one");
  await until("the first write", () => sink.letGo);
  const isTaken = source.write("two three four");
  expect(isTaken).toBe(false);
  expect(sink.written).toEqual([]);
  sink.isSlow = false;
  sink.letGo?.();
  await pump.finish();
  expect(sink.written.join("")).toBe("onetwo three four");
});

test("a sink that takes nothing any more closes the source", async () => {
  const source = new PassThrough();
  const pump = startPump(source, asItIs, { write: async () => false });
  source.write("x");
  await until("the end of the source", () => source.destroyed || undefined);
  await pump.finish();
});
