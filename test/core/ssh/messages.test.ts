/** What any client may send to the ssh-agent, and any entry may hold as a key. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concat, toBase64, toHex, utf8 } from "../../../src/core/bytes.ts";
import { PmError } from "../../../src/core/errors.ts";
import {
  createFrames,
  identitiesAnswer,
  MAX_MESSAGE_BYTES,
  parseAgentRequest,
} from "../../../src/core/ssh/agent-messages.ts";
import { derOf } from "../../../src/core/ssh/der.ts";
import {
  parsePrivateParts,
  parsePublicLine,
  parseSealedKey,
  unarmour,
} from "../../../src/core/ssh/openssh-key.ts";
import { createWireReader, wireNumber, wireString, wireUint32 } from "../../../src/core/ssh/wire.ts";
import { runs } from "../../support/properties.ts";

function isRefusal(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    return error instanceof PmError;
  }
}

describe("bytes of anybody", () => {
  const READERS: readonly (readonly [string, (bytes: Uint8Array) => unknown])[] = [
    ["a request", parseAgentRequest],
    ["a private key", parseSealedKey],
    ["a private part", (bytes) => derOf(parsePrivateParts(bytes))],
    ["frames", (bytes) => createFrames().push(bytes)],
    ["a public key", (bytes) => parsePublicLine(`ssh-rsa ${toBase64(bytes)}`)],
    ["an armour", (bytes) => unarmour(`-----BEGIN OPENSSH PRIVATE KEY-----${toBase64(bytes)}`)], // not-a-secret
  ];
  const magic = utf8("openssh-key-v1\0");
  const check = wireUint32(7);
  const types = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa", "sk-ssh-ed25519@openssh.com"];
  const strings = fc.array(fc.uint8Array({ maxLength: 70 }).map((bytes) => wireString(bytes)));
  const likely = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    strings.map((parts) => concat(Uint8Array.of(13), ...parts)),
    strings.map((parts) => concat(magic, ...parts)),
    fc
      .tuple(fc.constantFrom(...types), strings)
      .map(([type, parts]) => concat(check, check, wireString(type), ...parts)),
  );

  test.each(READERS)("as %s are read or refused, and nothing else", (_what, read) => {
    fc.assert(
      fc.property(likely, (bytes) => isRefusal(() => read(bytes))),
      runs(300),
    );
  });
});

describe("frames", () => {
  test("are found however they are cut", () => {
    const messages = fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 8 });
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 20 }), (sent, step) => {
        const stream = concat(...sent.map((message) => wireString(message)));
        const frames = createFrames();
        const found: Uint8Array[] = [];
        for (let at = 0; at < stream.length; at += step) {
          found.push(...frames.push(stream.subarray(at, at + step)));
        }
        expect(found.map(toHex)).toEqual(sent.map(toHex));
      }),
      runs(100),
    );
  });

  test.each([0, MAX_MESSAGE_BYTES + 1, 0xffff_ffff])("of %i bytes are refused before they come", (length) => {
    expect(() => createFrames().push(wireUint32(length))).toThrow(`of ${length} bytes`);
  });
});

describe("numbers", () => {
  test.each([
    ["", "00000000"],
    ["00", "00000000"],
    ["01", "0000000101"],
    ["80", "000000020080"],
    ["0000ff", "0000000200ff"],
  ])("of the bytes %s are written as %s", (digits, expected) => {
    expect(toHex(wireNumber(Uint8Array.from(Buffer.from(digits, "hex"))))).toBe(expected);
  });

  test("come back as they were", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
        const first = bytes.findIndex((byte) => byte !== 0);
        if (first < 0) return;
        const read = createWireReader(wireNumber(bytes)).positive(40);
        expect(toHex(read)).toBe(toHex(bytes.subarray(first)));
      }),
      runs(100),
    );
  });

  test.each([
    ["that are negative", "0000000180"],
    ["of nothing", "00000000"],
    ["with zeros in front", "00000003000001"],
    ["that are too long", `00000005${"11".repeat(5)}`],
  ])("%s are refused", (_what, digits) => {
    const reader = createWireReader(Uint8Array.from(Buffer.from(digits, "hex")));
    expect(() => reader.positive(4)).toThrow("not what SSH writes");
  });
});

test("an RSA key whose numbers do not belong together is refused", () => {
  const [n, e, d, inverse] = [77, 3, 7, 8].map((value) => Uint8Array.of(value));
  const numbers = { n, e, d, inverse } as Record<"n" | "e" | "d" | "inverse", Uint8Array>;
  const key = { kind: "rsa", ...numbers, p: Uint8Array.of(7), q: Uint8Array.of(11) } as const;
  expect(derOf(key).type).toBe("pkcs1");
  expect(() => derOf({ ...key, q: Uint8Array.of(13) })).toThrow("damaged");
  expect(() => derOf({ ...key, p: Uint8Array.of(1), q: Uint8Array.of(77) })).toThrow("damaged");
});

test("more keys than a message has room for are left out", () => {
  const many = Array.from({ length: 400 }, () => ({ blob: new Uint8Array(1000), comment: "a" }));
  const answer = identitiesAnswer(many);
  expect(answer.length).toBeLessThanOrEqual(MAX_MESSAGE_BYTES + 4);
  expect(createWireReader(answer.subarray(5)).uint32()).toBe(259);
});
