import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { toHex } from "../../../src/core/bytes.ts";
import { hmacSha1, sha1 } from "../../../src/core/crypto/sha1.ts";

test.each(Array.from({ length: 140 }, (_, length) => length))("SHA-1 of %i bytes", (length) => {
  const message = Uint8Array.from({ length }, (_, n) => n * 7);
  expect(toHex(sha1(message))).toBe(createHash("sha1").update(message).digest("hex"));
});

test("SHA-1 and HMAC are those of OpenSSL, under keys of any length", () => {
  const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
  fc.assert(
    fc.property(bytes(200), bytes(1000), (key, message) => {
      expect(toHex(sha1(message))).toBe(createHash("sha1").update(message).digest("hex"));
      expect(toHex(hmacSha1(key, message))).toBe(createHmac("sha1", key).update(message).digest("hex"));
    }),
  );
});
