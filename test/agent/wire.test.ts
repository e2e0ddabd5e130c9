import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRequest } from "../../src/agent/requests.ts";
import { bytes } from "../../src/agent/shape.ts";
import {
  encodeMessage,
  MAX_GREETING_BYTES,
  MAX_LINE_BYTES,
  MAX_MESSAGE_CHARS,
  MessageReader,
} from "../../src/agent/wire.ts";
import { utf8 } from "../../src/core/bytes.ts";
import type { Json } from "../../src/core/vault/json.ts";
import { MAX_FIELDS, MAX_VALUE_BYTES } from "../../src/core/vault/model.ts";

const CANARY = "hunter2-canary";

function trusted(): MessageReader {
  const reader = new MessageReader();
  reader.maxLineBytes = MAX_LINE_BYTES;
  return reader;
}

function readAll(reader: MessageReader, text: string, pieceBytes = 65_536): Json[] {
  const all = utf8(text);
  const messages: Json[] = [];
  for (let at = 0; at < all.length; at += pieceBytes) {
    messages.push(...reader.read(all.slice(at, at + pieceBytes)));
  }
  return messages;
}

/** What is said of `text`, which is never a part of it. */
function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    const { code, message, hint } = error as { code: string; message: string; hint: string };
    expect(JSON.stringify({ message, hint })).not.toContain(CANARY);
    return code;
  }
  return "taken";
}

describe("a message", () => {
  test("arrives as it was sent, however it is cut", () => {
    const sent = fc.array(fc.record({ id: fc.nat(), text: fc.string({ unit: "binary" }) }), { maxLength: 4 });
    fc.assert(
      fc.property(sent, fc.integer({ min: 1, max: 40 }), (messages, pieceBytes) => {
        const text = messages.map((message) => encodeMessage(message)).join("");
        expect(readAll(trusted(), text, pieceBytes)).toEqual(messages);
      }),
    );
  });

  test.each(["a", '"', "\\", "\u0001", "é", "€", "😀", "\ud800"])(
    "of many %j goes in lines of at most 1 MiB",
    (unit) => {
      const message = { id: 1, text: unit.repeat(400_000) };
      const lines = encodeMessage(message);
      expect(Math.max(...lines.split("\n").map((line) => utf8(line).length))).toBeLessThan(MAX_LINE_BYTES);
      expect(readAll(trusted(), lines)).toEqual([message]);
    },
  );

  test("may be the largest entry there can be", () => {
    const longest = JSON.stringify("\u0001".repeat(MAX_VALUE_BYTES)).length;
    expect(MAX_MESSAGE_CHARS).toBeGreaterThan(MAX_FIELDS * (longest + 1000));
  });

  test("has bytes in it as bytes", () => {
    const [message] = readAll(trusted(), encodeMessage({ secret: Uint8Array.of(0, 255, 10) }));
    expect(bytes((message as { secret: Json }).secret)).toEqual(Uint8Array.of(0, 255, 10));
  });
});

describe("a line is refused without an echo", () => {
  const part = (number: number, of: number, text = ""): string =>
    `${JSON.stringify({ part: number, of, text })}\n`;

  test.each<[what: string, text: string]>([
    ["that is no JSON", `${CANARY}\n`],
    ["that is no text", "\ud800\n"],
    ["that is too long, before its end has come", CANARY.repeat(80_000)],
    ["that is a part out of order", part(1, 2)],
    ["that repeats a part", part(0, 3) + part(0, 3)],
    ["of more parts than there may be", part(0, 513)],
    ["of a part that is too long", part(0, 2, "a".repeat(262_145))],
    ["that comes between parts", `${part(0, 2)}{"id":1}\n`],
    ["that is whole, of parts", part(0, 1, part(0, 2).trim())],
    ["of parts that are no JSON", part(0, 2, CANARY) + part(1, 2, CANARY)],
    ["of a part that is no number", `{"part":"0","of":2,"text":"${CANARY}"}\n`],
  ])("%s", (_what, text) => {
    const text2 = text === "\ud800\n" ? undefined : text;
    const run = () =>
      text2 === undefined ? trusted().read(Uint8Array.of(0xff, 0x0a)) : readAll(trusted(), text2);
    expect(refusal(run)).toBe("usage");
  });

  test("longer than 4 KiB before the proof", () => {
    expect(refusal(() => readAll(new MessageReader(), "x".repeat(MAX_GREETING_BYTES + 1), 100))).toBe(
      "usage",
    );
  });

  test("and memory is not filled before", () => {
    const reader = trusted();
    const taken = Array.from({ length: 160 }, () =>
      refusal(() => reader.read(new Uint8Array(65_536).fill(0x61))),
    );
    expect(taken.indexOf("usage")).toBe(MAX_LINE_BYTES / 65_536);
  });
});

describe("a request", () => {
  const OPTIONS = { command: "get", lockTimeoutMs: 1, breakLock: false };

  test.each<[kind: string, request: object]>([
    ["hello", { protocol: 1, pid: 1, nonce: "" }],
    ["quit", {}],
    ["state", { vault: "/a" }],
    ["lock", {}],
    ["lock", { vault: "/a" }],
    ["complete", { vault: "/a", prefix: "w" }],
    ["call", { vault: "/a", method: "resolve", args: ["a", null], options: OPTIONS }],
    ["unlock", { vault: "/a", credentials: {}, limits: { only: ["ci/*"], reads: 3 } }],
    ["clip", { order: { key: "", fingerprint: "", afterMs: 1 }, env: { DISPLAY: ":0" } }],
  ])("%s is read", (kind, request) => {
    expect(parseRequest({ id: 3, kind, ...request })).toEqual({
      id: 3,
      request: { kind, ...request },
    });
  });

  test.each<[what: string, message: unknown]>([
    ["without an id", { kind: "quit" }],
    ["with an id that is no count", { id: -1, kind: "quit" }],
    ["of no kind", { id: 1, kind: CANARY }],
    ["of an inherited kind", { id: 1, kind: "constructor" }],
    ["with a vault that is no text", { id: 1, kind: "state", vault: [CANARY] }],
    [
      "with a password that is no bytes",
      { id: 1, kind: "unlock", vault: "/a", credentials: { password: CANARY }, limits: {} },
    ],
    [
      "with arguments that are no list",
      { id: 1, kind: "call", vault: "/a", method: "m", args: CANARY, options: OPTIONS },
    ],
    ["that is a list", [CANARY]],
    ["that is null", null],
  ])("%s is refused without an echo", (_what, message) => {
    expect(refusal(() => parseRequest(message as Json))).toBe("usage");
  });

  test("of any JSON is read or refused, and nothing else happens", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(["usage", "taken"]).toContain(refusal(() => parseRequest(value as Json)));
      }),
    );
  });
});
