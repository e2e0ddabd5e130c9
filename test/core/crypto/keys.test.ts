import { describe, expect, test } from "vitest";
import { concat, fromHex, toHex, utf8 } from "../../../src/core/bytes.ts";
import { hkdfExpand, hkdfExtract, Key, LABEL, labelledHash } from "../../../src/core/crypto/keys.ts";
import { nobleBackend } from "../../../src/core/crypto/noble.ts";
import { nativeBackend } from "../../../src/node/crypto.ts";

const hex = (text: string): Uint8Array => fromHex(text) ?? new Uint8Array(0);

/** The inputs of RFC 5869 A.1 to A.3 under SHA-512, as published by Kullo (two implementations agreed). */
const PUBLISHED: readonly (readonly [ikm: string, salt: string, info: string, prk: string, okm: string])[] = [
  [
    "0b".repeat(22),
    "000102030405060708090a0b0c",
    "f0f1f2f3f4f5f6f7f8f9",
    "665799823737ded04a88e47e54a5890bb2c3d247c7a4254a8e61350723590a26c36238127d8661b88cf80ef802d57e2f7cebcf1e00e083848be19929c61b4237",
    "832390086cda71fb47625bb5ceb168e4c8e26a1a16ed34d9fc7fe92c1481579338da362cb8d9f925d7cb",
  ],
  [
    Array.from({ length: 0x50 }, (_, i) => i.toString(16).padStart(2, "0")).join(""),
    Array.from({ length: 0x50 }, (_, i) => (i + 0x60).toString(16)).join(""),
    Array.from({ length: 0x50 }, (_, i) => (i + 0xb0).toString(16)).join(""),
    "35672542907d4e142c00e84499e74e1de08be86535f924e022804ad775dde27ec86cd1e5b7d178c74489bdbeb30712beb82d4f97416c5a94ea81ebdf3e629e4a",
    "ce6c97192805b346e6161e821ed165673b84f400a2b514b2fe23d84cd189ddf1b695b48cbd1c8388441137b3ce28f16aa64ba33ba466b24df6cfcb021ecff235f6a2056ce3af1de44d572097a8505d9e7a93",
  ],
];

describe.each([nobleBackend, nativeBackend])("HKDF of $name", (crypto) => {
  test.each(PUBLISHED)("input %.8s…", (ikm, salt, info, prk, okm) => {
    const extracted = hkdfExtract(crypto, hex(salt), hex(ikm));
    expect(toHex(extracted)).toBe(prk);
    expect(toHex(hkdfExpand(crypto, extracted, hex(info), okm.length / 2))).toBe(okm);
  });

  test("expands to up to 255 blocks, and to none", () => {
    const prk = utf8("a pseudorandom key");
    const most = hkdfExpand(crypto, prk, utf8("info"), 16_320);
    for (const length of [0, 1, 63, 64, 65, 128]) {
      expect(hkdfExpand(crypto, prk, utf8("info"), length)).toEqual(most.slice(0, length));
    }
    expect(() => hkdfExpand(crypto, prk, utf8("info"), 16_321)).toThrow(RangeError);
  });

  test("a labelled hash is SHA-256 of label, zero, bytes", () => {
    const joined = concat(utf8("pm/v1/token"), Uint8Array.of(0), utf8("x"));
    expect(labelledHash(crypto, LABEL.token, utf8("x"))).toEqual(crypto.sha256(joined));
  });
});

test("each label names one purpose, and none begins another", () => {
  const labels = Object.values(LABEL).map((label) => new TextDecoder().decode(label));
  expect(new Set(labels).size).toBe(labels.length);
  for (const label of labels) expect(label).toMatch(/^pm\/v1\/[a-z-]+$/);
});

test("a key is zeroed when its scope ends", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  {
    using key = new Key(bytes);
    expect(key.bytes).toEqual(Uint8Array.of(1, 2, 3));
  }
  expect(bytes).toEqual(new Uint8Array(3));
});
