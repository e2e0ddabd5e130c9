import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { toHex } from "../../../src/core/bytes.ts";
import { hmacSha256, sha256 } from "../../../src/core/crypto/sha256.ts";

test.each(Array.from({ length: 140 }, (_, length) => length))("SHA-256 of %i bytes", (length) => {
  const message = Uint8Array.from({ length }, (_, n) => n * 7);
  expect(toHex(sha256(message))).toBe(createHash("sha256").update(message).digest("hex"));
});

test("SHA-256 and HMAC are those of OpenSSL", () => {
  const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
  fc.assert(
    fc.property(bytes(64), bytes(1000), (key, message) => {
      expect(toHex(sha256(message))).toBe(createHash("sha256").update(message).digest("hex"));
      expect(toHex(hmacSha256(key, message))).toBe(createHmac("sha256", key).update(message).digest("hex"));
    }),
  );
});

test("a key longer than a block is refused", () => {
  expect(() => hmacSha256(new Uint8Array(65), new Uint8Array(0))).toThrow(RangeError);
});
