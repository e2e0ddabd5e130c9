/** The vectors of RFC 4226 appendix D and RFC 6238 appendix B, and those of KeePassXC for Steam. */
import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { utf8 } from "../../../src/core/bytes.ts";
import { hmacSha1, sha1 } from "../../../src/core/crypto/sha1.ts";
import { codeAt, windowAt } from "../../../src/core/otp/code.ts";
import { type OtpAlgorithm, parseOtp, type TimeKey } from "../../../src/core/otp/otp-key.ts";
import { runs } from "../../support/properties.ts";

const DIGITS = "1234567890";

test.each(
  [755224, 287082, 359152, 969429, 338314, 254676, 287922, 162583, 399871, 520489]
    .map(String)
    .entries()
    .toArray(),
)("HOTP of counter %i is %s (RFC 4226)", async (counter, code) => {
  const key = {
    kind: "hotp",
    secret: utf8(DIGITS.repeat(2)),
    algorithm: "SHA1",
    digits: 6,
    counter,
  } as const;
  expect(await codeAt(key, counter)).toBe(code);
});

const SECRETS: Readonly<Record<OtpAlgorithm, Uint8Array>> = {
  SHA1: utf8(DIGITS.repeat(2)),
  SHA256: utf8(DIGITS.repeat(4).slice(0, 32)),
  SHA512: utf8(DIGITS.repeat(7).slice(0, 64)),
};

test.each<[seconds: number, sha1: string, sha256: string, sha512: string]>([
  [59, "94287082", "46119246", "90693936"],
  [1111111109, "07081804", "68084774", "25091201"],
  [1111111111, "14050471", "67062674", "99943326"],
  [1234567890, "89005924", "91819424", "93441116"],
  [2000000000, "69279037", "90698825", "38618901"],
  [20000000000, "65353130", "77737706", "47863826"],
])("TOTP at %i s (RFC 6238)", async (seconds, ...codes) => {
  const algorithms = ["SHA1", "SHA256", "SHA512"] as const;
  const made = await Promise.all(
    algorithms.map(async (algorithm) => {
      const key: TimeKey = { kind: "totp", secret: SECRETS[algorithm], algorithm, digits: 8, period: 30 };
      return await codeAt(key, windowAt(key, seconds * 1000).counter);
    }),
  );
  expect(made).toEqual(codes);
});

test.each([
  [1511200518, "FR8RV"],
  [1511200714, "9P3VP"],
])("Steam at %i s", async (seconds, code) => {
  const key = parseOtp("otpauth://totp/a?secret=63BEDWCQZKTQWPESARIERL5DTTQFCJTK&encoder=steam"); // not-a-secret
  expect(await codeAt(key, Math.floor(seconds / 30))).toBe(code);
});

test("a window ends with its period", () => {
  expect(windowAt({ period: 30 }, 59_999)).toEqual({ counter: 1, ends: 60_000 });
  expect(windowAt({ period: 30 }, 60_000)).toEqual({ counter: 2, ends: 90_000 });
  expect(windowAt({ period: 1 }, 60_000)).toEqual({ counter: 60_000 / 1000, ends: 61_000 });
});

describe("SHA-1", () => {
  // FIPS 180-2 appendix A.
  test.each([
    ["abc", "a9993e364706816aba3e25717850c26c9cd0d89d"],
    ["abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"],
  ])("of %s is that of FIPS 180", (text, digest) => {
    expect(Buffer.from(sha1(utf8(text))).toString("hex")).toBe(digest);
  });

  test("and HMAC are those of node:crypto, for keys of any length", () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(bytes, bytes, (key, message) => {
        expect(Buffer.from(sha1(message))).toEqual(createHash("sha1").update(message).digest());
        const mac = createHmac("sha1", key).update(message).digest();
        expect(Buffer.from(hmacSha1(key, message))).toEqual(mac);
      }),
      runs(100),
    );
  });
});

test("a secret longer than a block is hashed first, with each algorithm", async () => {
  const secret = new Uint8Array(150).fill(7);
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(5n);
  for (const [algorithm, name] of [
    ["SHA1", "sha1"],
    ["SHA256", "sha256"],
    ["SHA512", "sha512"],
  ] as const) {
    const mac = createHmac(name, secret).update(counter).digest();
    const number = mac.readUInt32BE((mac.at(-1) ?? 0) & 15) & 0x7fffffff;
    const key = { kind: "hotp", secret, algorithm, digits: 8, counter: 5 } as const;
    expect(await codeAt(key, 5)).toBe(String(number % 1e8).padStart(8, "0"));
  }
});
