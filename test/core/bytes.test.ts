import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  concat,
  equalBytes,
  fromBase64,
  fromBase64url,
  fromHex,
  fromUtf8,
  toBase64,
  toBase64url,
  toHex,
  utf8,
  wipe,
} from "../../src/core/bytes.ts";

const bytes = (): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength: 300 });

describe("utf8", () => {
  test("comes back unchanged, whatever the script", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => fromUtf8(utf8(text)) === text),
      { seed: 1 },
    );
  });

  test("keeps a byte order mark", () => {
    expect(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe("\u{feff}a");
  });

  test("is memory of its own, so that wiping it wipes nothing else", () => {
    const text = utf8("secret");
    expect(text.buffer.byteLength).toBe(text.length);
  });

  test.each([
    ["a lone continuation byte", [0x80]],
    ["an overlong slash", [0xc0, 0xaf]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
    ["beyond U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
    ["a cut sequence", [0xe2, 0x82]],
  ])("refuses %s", (_, malformed) => {
    expect(fromUtf8(Uint8Array.from(malformed))).toBeUndefined();
  });
});

describe("concat", () => {
  test("joins in order, into memory of its own", () => {
    const part = Uint8Array.of(1, 2);
    const joined = concat(part, new Uint8Array(0), Uint8Array.of(3));
    part.fill(0);
    expect(joined).toEqual(Uint8Array.of(1, 2, 3));
    expect(concat()).toEqual(new Uint8Array(0));
  });
});

describe("equalBytes", () => {
  test.each<[readonly number[], readonly number[], boolean]>([
    [[], [], true],
    [[1, 2, 3], [1, 2, 3], true],
    [[1, 2, 3], [1, 2], false],
    [[0, 2, 3], [1, 2, 3], false],
    [[1, 2, 3], [1, 2, 131], false],
    // Differences that would cancel out in a sum.
    [[1, 2], [2, 1], false],
  ])("%j and %j: %s", (a, b, expected) => {
    expect(equalBytes(Uint8Array.from(a), Uint8Array.from(b))).toBe(expected);
  });
});

describe("wipe", () => {
  test("zeroes every array and passes over undefined", () => {
    const first = Uint8Array.of(1, 2);
    const second = Uint8Array.of(3);
    wipe(first, undefined, second);
    expect([...first, ...second]).toEqual([0, 0, 0]);
  });

  test("zeroes what a view shows and nothing beside it", () => {
    const whole = Uint8Array.of(1, 2, 3, 4);
    wipe(whole.subarray(1, 3));
    expect(whole).toEqual(Uint8Array.of(1, 0, 0, 4));
  });
});

describe("hex", () => {
  test("is lowercase and read in either case", () => {
    expect(toHex(Uint8Array.of(0, 10, 255))).toBe("000aff");
    expect(fromHex("000AfF")).toEqual(Uint8Array.of(0, 10, 255));
    expect(fromHex("")).toEqual(new Uint8Array(0));
  });

  test.each(["0", "0g", "0x", " 00", "00\n", "０0"])("refuses %j", (text) => {
    expect(fromHex(text)).toBeUndefined();
  });

  test("comes back unchanged", () => {
    fc.assert(
      fc.property(bytes(), (data) => {
        expect(fromHex(toHex(data))).toEqual(data);
      }),
      { seed: 2 },
    );
  });
});

describe("base64", () => {
  // RFC 4648 §10
  test.each([
    ["", ""],
    ["f", "Zg=="],
    ["fo", "Zm8="],
    ["foo", "Zm9v"],
    ["foob", "Zm9vYg=="],
    ["fooba", "Zm9vYmE="],
    ["foobar", "Zm9vYmFy"],
  ])("%j is %j", (text, encoded) => {
    expect(toBase64(utf8(text))).toBe(encoded);
    expect(fromBase64(encoded)).toEqual(utf8(text));
    expect(toBase64url(utf8(text))).toBe(encoded.replaceAll("=", ""));
    expect(fromBase64url(encoded.replaceAll("=", ""))).toEqual(utf8(text));
  });

  test.each([
    ["a cut group", "Zg="],
    ["no padding", "Zg"],
    ["too much padding", "Zm8=Zg==="],
    ["padding alone", "===="],
    ["one character before padding", "Z==="],
    ["padding inside", "Zg==Zg=="],
    ["trailing bits that are not zero", "Zh=="],
    ["the other alphabet", "-_-_"],
    ["a newline", "Zm9v\n"],
    ["blanks", "Zm 9v   "],
  ])("refuses %s", (_, text) => {
    expect(fromBase64(text)).toBeUndefined();
  });

  test.each([
    ["padding", "Zg=="],
    ["a length that no bytes have", "Zm9vY"],
    ["trailing bits that are not zero", "Zh"],
    ["the other alphabet", "+/+/"],
    ["a newline", "Zm9v\n"],
  ])("base64url refuses %s", (_, text) => {
    expect(fromBase64url(text)).toBeUndefined();
  });

  test("the two alphabets differ in two characters", () => {
    const data = Uint8Array.of(0xfb, 0xff, 0xbf);
    expect(toBase64(data)).toBe("+/+/");
    expect(toBase64url(data)).toBe("-_-_");
    expect(fromBase64url("-_-_")).toEqual(data);
  });

  test("comes back unchanged", () => {
    fc.assert(
      fc.property(bytes(), (data) => {
        expect(fromBase64(toBase64(data))).toEqual(data);
        expect(fromBase64url(toBase64url(data))).toEqual(data);
      }),
      { seed: 3 },
    );
  });

  test("takes more bytes than a call takes arguments", () => {
    const data = Uint8Array.from({ length: 100_001 }, (_, i) => i % 251);
    expect(toBase64(data)).toBe(Buffer.from(data).toString("base64"));
    expect(fromBase64(toBase64(data))).toEqual(data);
  });
});
