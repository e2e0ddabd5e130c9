import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { utf8 } from "../../../src/core/bytes.ts";
import { fromBase32, toBase32 } from "../../../src/core/otp/base32.ts";
import { isSameButCounter, withCounter } from "../../../src/core/otp/counter.ts";
import { formatOtp, type OtpKey, parseOtp } from "../../../src/core/otp/otp-key.ts";
import { runs } from "../../support/properties.ts";

const HELLO = utf8("Hello!\u00de\u00ad");

describe("base32", () => {
  // RFC 4648 section 10.
  test.each([
    ["f", "MY======"],
    ["fo", "MZXQ===="],
    ["foo", "MZXW6==="],
    ["foob", "MZXW6YQ="],
    ["fooba", "MZXW6YTB"],
    ["foobar", "MZXW6YTBOI======"],
  ])("of %s is %s (RFC 4648)", (text, encoded) => {
    expect(fromBase32(encoded)).toEqual(utf8(text));
    expect(toBase32(utf8(text))).toBe(encoded.replace(/=+$/, ""));
  });

  test("reads what it writes, however people write it down", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), (bytes) => {
        const text = toBase32(bytes);
        expect(fromBase32(text)).toEqual(bytes);
        expect(fromBase32(text.toLowerCase().replaceAll(/.{4}/g, "$& -"))).toEqual(bytes);
      }),
      runs(100),
    );
  });

  test.each(["", "A", " = ", "ABC1", "ABC8", "AB=CD", "ÄB", "A_BC"])("%j is none", (text) => {
    expect(fromBase32(text)).toBeUndefined();
  });
});

describe("an otpauth URI", () => {
  test("is read with its defaults, and with all it says", () => {
    const secret = new Uint8Array(5).fill(0xff);
    expect(parseOtp("otpauth://totp/x?secret=77777777")).toEqual({
      kind: "totp",
      secret,
      algorithm: "SHA1",
      digits: 6,
      period: 30,
      account: "x",
    });
    const uri =
      " OTPAUTH://HOTP/Ex%20ample:a%40b?Issuer=Ex+ample&SECRET=7777-7777&algorithm=hmacsha512&digits=8&counter=7#x\n";
    expect(parseOtp(uri)).toEqual({
      kind: "hotp",
      secret,
      algorithm: "SHA512",
      digits: 8,
      counter: 7,
      account: "a@b",
      issuer: "Ex ample",
    });
  });

  test("that is written is read back as it was", () => {
    const shared = {
      secret: fc.uint8Array({ minLength: 1, maxLength: 64 }),
      algorithm: fc.constantFrom("SHA1", "SHA256", "SHA512"),
      account: fc.stringMatching(/^[^\s:][^:]{0,20}[^\s:]$/u),
      issuer: fc.stringMatching(/^[^\s:][^:]{0,20}[^\s:]$/u),
    };
    const digits = fc.integer({ min: 6, max: 8 });
    const period = fc.integer({ min: 1, max: 999_999_999 });
    const keys: fc.Arbitrary<OtpKey> = fc.oneof(
      fc.record({ kind: fc.constant("totp"), ...shared, digits, period }),
      fc.record({ kind: fc.constant("steam"), ...shared, digits: fc.constant(5), period }),
      fc.record({ kind: fc.constant("hotp"), ...shared, digits, counter: fc.nat() }),
    ) as fc.Arbitrary<OtpKey>;
    fc.assert(
      fc.property(keys, (key) => {
        expect(parseOtp(formatOtp(key))).toEqual(key);
      }),
      runs(200),
    );
  });

  test.each([
    ["otpauth://totp/x", "no secret"],
    ["otpauth://totp/x?secret=&digits=6", "no secret"],
    ["otpauth://totp/x#?secret=AAAA", "no secret"],
    ["otpauth://totp/x?secret=AAAA&secret=AAAA", "two parameters secret"],
    ["otpauth://hotp/x?secret=AAAA&counter=1&Counter=2", "two parameters counter"],
    ["otpauth://totp/x?secret=SECRET01", "not base32"],
    ["otpauth://totp/x?secret=AAAA&period=0", "period"],
    ["otpauth://totp/x?secret=AAAA&period=1e3", "period"],
    ["otpauth://totp/x?secret=AAAA&period=-30", "period"],
    ["otpauth://totp/x?secret=AAAA&period=", "period"],
    ["otpauth://totp/x?secret=AAAA&digits=5", "digits"],
    ["otpauth://totp/x?secret=AAAA&digits=11", "digits"],
    ["otpauth://totp/x?secret=AAAA&algorithm=MD5", "algorithm"],
    ["otpauth://hotp/x?secret=AAAA&counter=9007199254740991", "counter"],
    ["otpauth://yaotp/x?secret=AAAA", "another type"],
    ["otpauth://totp/%zz?secret=AAAA", "begins no escape"],
    ["otpauth-migration://offline?data=AAAA", "chosen"],
    ["https://totp/x?secret=AAAA", "another kind"],
    ["steam://", "neither"],
    ["SECRET01", "neither"],
    ["", "neither"],
    [`otpauth://totp/x?secret=${"A".repeat(5000)}`, "over 4096"],
  ])("%s is refused, and not repeated", (text, message) => {
    expect(() => parseOtp(text)).toThrow(message);
    expect(() => parseOtp(text)).not.toThrow(/SECRET|AAAA/);
    expect(() => parseOtp(text)).toThrow(expect.objectContaining({ code: "usage" }));
  });

  test("any text is read or refused", () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string().map((text) => `otpauth://hotp/${text}`),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          parseOtp(text);
        } catch (error) {
          expect(error).toMatchObject({ code: "usage" });
        }
      }),
      runs(300),
    );
  });
});

describe("a counter", () => {
  test.each([
    ["otpauth://hotp/x?counter=9&secret=A", "otpauth://hotp/x?counter=10&secret=A"],
    ["otpauth://hotp/x?secret=A&Counter=0#c", "otpauth://hotp/x?secret=A&Counter=10#c"],
    ["otpauth://hotp/counter=1?secret=A#counter=1", "otpauth://hotp/counter=1?secret=A&counter=10#counter=1"],
    ["otpauth://hotp/x?secret=A\n", "otpauth://hotp/x?secret=A&counter=10"],
  ])("of %j is replaced, and nothing else", (before, after) => {
    expect(withCounter(before, 10)).toBe(after);
    expect(isSameButCounter(before, after)).toBe(true);
  });

  test("is all that may differ", () => {
    const uri = "otpauth://hotp/x?secret=A&counter=1";
    expect(isSameButCounter(uri, uri.replace("=A", "=B"))).toBe(false);
    expect(isSameButCounter(uri.replace("hotp", "totp"), uri.replace("hotp", "totp"))).toBe(false);
    expect(isSameButCounter("counter=1", "counter=2")).toBe(false);
  });

  test("is found again in every URI that is read", () => {
    const parts = fc.constantFrom(
      "counter=",
      "Counter=3",
      "counter=07",
      "secret=AAAA",
      "%63ounter=4",
      "x",
      "#",
      "&",
      "?",
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 6 }), (words) => {
        const uri = `otpauth://hotp/x?secret=AAAA&${words.join("&")}`;
        let key: OtpKey;
        try {
          key = parseOtp(uri);
        } catch {
          return;
        }
        if (key.kind === "hotp") expect(parseOtp(withCounter(uri, 77))).toEqual({ ...key, counter: 77 });
      }),
      runs(300),
    );
  });
});

test("eight bytes of a label are not taken for a secret", () => {
  expect(parseOtp(`otpauth://totp/secret=AAAA?secret=${toBase32(HELLO)}`).secret).toEqual(HELLO);
});
