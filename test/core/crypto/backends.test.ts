import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concat, fromHex, toHex, utf8 } from "../../../src/core/bytes.ts";
import type { CryptoBackend } from "../../../src/core/crypto/backend.ts";
import { hkdfExpand, hkdfExtract } from "../../../src/core/crypto/keys.ts";
import { nobleBackend } from "../../../src/core/crypto/noble.ts";
import { nativeBackend } from "../../../src/node/crypto.ts";
import { runs } from "../../support/properties.ts";

interface Vectors<T> {
  readonly tests: readonly (T & {
    readonly tcId: number;
    readonly comment: string;
    readonly result: string;
  })[];
}

/** A file of test/vectors/crypto; its README says where each comes from. */
function vectors<T>(name: string): Vectors<T>["tests"] {
  const url = new URL(`../../vectors/crypto/${name}`, import.meta.url);
  return (JSON.parse(readFileSync(url, "utf8")) as Vectors<T>).tests;
}

function hex(text: string): Uint8Array {
  const bytes = fromHex(text);
  if (bytes === undefined) throw new Error(`not hexadecimal: ${text}`);
  return bytes;
}

const fixed = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);

type GcmCase = Readonly<Record<"key" | "iv" | "msg" | "ct" | "tag", string>>;
type HmacCase = Readonly<Record<"key" | "msg" | "tag", string>>;
type HkdfCase = Readonly<Record<"ikm" | "salt" | "info" | "okm", string>> & { readonly size: number };
interface Argon2Case {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
  readonly password: string;
  readonly salt: string;
  readonly secret?: string;
  readonly data?: string;
  readonly tag: string;
}

describe.each<[string, CryptoBackend]>([
  ["noble", nobleBackend],
  ["native", nativeBackend],
])("%s", (name, crypto) => {
  test("says its name", () => {
    expect(crypto.name).toBe(name);
  });

  test.each(vectors<Argon2Case>("argon2id.json"))("Argon2id $tcId: $comment", async (vector) => {
    const { memoryKiB, passes, lanes, secret, data } = vector;
    const input = {
      password: hex(vector.password),
      salt: hex(vector.salt),
      ...(secret === undefined ? {} : { secret: hex(secret) }),
      ...(data === undefined ? {} : { data: hex(data) }),
    };
    expect(toHex(await crypto.argon2id(input, { memoryKiB, passes, lanes }))).toBe(vector.tag);
  });

  test("Argon2d of RFC 9106 section 5.1, and without secret and data", async () => {
    const params = { memoryKiB: 32, passes: 3, lanes: 4 };
    const input = { password: filled(32, 1), salt: filled(16, 2) };
    const full = { ...input, secret: filled(8, 3), data: filled(12, 4) };
    expect(toHex(await crypto.argon2d(full, params))).toBe(
      "512b391b6f1162975371d30919734294f868e3be3984f3c1a13a4db9fabe4acb",
    );
    const other = crypto.name === "noble" ? nativeBackend : nobleBackend;
    expect(await crypto.argon2d(input, params)).toEqual(await other.argon2d(input, params));
  });

  test.each(vectors<GcmCase>("aes-256-gcm.json"))("AES-256-GCM $tcId $result $comment", (vector) => {
    const [key, nonce, plaintext] = [hex(vector.key), hex(vector.iv), hex(vector.msg)];
    const sealed = hex(vector.ct + vector.tag);
    const valid = vector.result === "valid";
    expect(crypto.open(key, nonce, sealed)).toEqual(valid ? plaintext : undefined);
    if (valid) expect(crypto.seal(key, nonce, plaintext)).toEqual(sealed);
    else expect(crypto.seal(key, nonce, plaintext)).not.toEqual(sealed);
  });

  test.each(vectors<HmacCase>("hmac-sha512.json"))("HMAC-SHA-512 $tcId $result $comment", (vector) => {
    const tag = toHex(crypto.hmacSha512(hex(vector.key), hex(vector.msg)));
    if (vector.result === "valid") expect(tag).toBe(vector.tag);
    else expect(tag).not.toBe(vector.tag);
  });

  test.each(vectors<HkdfCase>("hkdf-sha512.json"))("HKDF-SHA-512 $tcId $result $comment", (vector) => {
    const derive = (): Uint8Array =>
      hkdfExpand(
        crypto,
        hkdfExtract(crypto, hex(vector.salt), hex(vector.ikm)),
        hex(vector.info),
        vector.size,
      );
    if (vector.result === "valid") expect(toHex(derive())).toBe(vector.okm);
    else expect(derive).toThrow(RangeError);
  });

  test("SHA-256 of FIPS 180-4", () => {
    const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect(toHex(crypto.sha256(utf8("abc")))).toBe(abc);
    expect(toHex(crypto.sha256(utf8("a"), utf8(""), utf8("bc")))).toBe(abc);
    expect(toHex(crypto.sha256())).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  test("hashes and macs join their parts", () => {
    const parts = [utf8("one"), utf8(""), utf8("two"), filled(300, 7)];
    expect(crypto.sha256(...parts)).toEqual(crypto.sha256(concat(...parts)));
    expect(crypto.hmacSha512(utf8("k"), ...parts)).toEqual(crypto.hmacSha512(utf8("k"), concat(...parts)));
  });

  test.each([0, 16, 24, 31, 33, 64])("a key of %d bytes reaches no cipher", (length) => {
    expect(() => crypto.seal(filled(length, 1), filled(12, 2), utf8("x"))).toThrow(RangeError);
    expect(() => crypto.open(filled(length, 1), filled(12, 2), filled(32, 3))).toThrow(RangeError);
  });

  test.each([0, 8, 11, 13, 16])("a nonce of %d bytes reaches no cipher", (length) => {
    expect(() => crypto.seal(filled(32, 1), filled(length, 2), utf8("x"))).toThrow(RangeError);
    expect(() => crypto.open(filled(32, 1), filled(length, 2), filled(32, 3))).toThrow(RangeError);
  });

  test("anything shorter than a tag does not open, and never as a shorter tag", () => {
    const [key, nonce] = [filled(32, 1), filled(12, 2)];
    const sealed = crypto.seal(key, nonce, new Uint8Array(0));
    expect(sealed.length).toBe(16);
    expect(crypto.open(key, nonce, sealed)).toEqual(new Uint8Array(0));
    for (let length = 0; length < 16; length++) {
      expect(crypto.open(key, nonce, sealed.subarray(0, length))).toBeUndefined();
    }
  });

  test("inputs are left as they were, and results are memory of their own", () => {
    const [key, nonce, plaintext] = [filled(32, 1), filled(12, 2), filled(40, 3)];
    const sealed = crypto.seal(key, nonce, plaintext);
    const opened = crypto.open(key, nonce, sealed);
    opened?.fill(9);
    crypto.sha256(plaintext).fill(9);
    expect([key, nonce, plaintext]).toEqual([filled(32, 1), filled(12, 2), filled(40, 3)]);
    expect(crypto.open(key, nonce, sealed)).toEqual(plaintext);
  });

  test("seals into the bytes that it is given", () => {
    const [key, nonce, plaintext] = [filled(32, 1), filled(12, 2), filled(40, 3)];
    const output = new Uint8Array(70).subarray(7, 63);
    expect(crypto.seal(key, nonce, plaintext, output)).toBe(output);
    expect(output).toEqual(crypto.seal(key, nonce, plaintext));
  });
});

describe("both back ends", () => {
  test("seal to the same bytes and open each other's", () => {
    fc.assert(
      fc.property(fixed(32), fixed(12), fc.uint8Array({ maxLength: 300 }), (key, nonce, plaintext) => {
        const sealed = nobleBackend.seal(key, nonce, plaintext);
        expect(nativeBackend.seal(key, nonce, plaintext)).toEqual(sealed);
        expect(nativeBackend.open(key, nonce, sealed)).toEqual(plaintext);
        expect(nobleBackend.open(key, nonce, sealed)).toEqual(plaintext);
      }),
      runs(100),
    );
  });

  test("hash and mac to the same bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (key, message) => {
        expect(nativeBackend.sha256(message)).toEqual(nobleBackend.sha256(message));
        expect(nativeBackend.hmacSha512(key, message)).toEqual(nobleBackend.hmacSha512(key, message));
      }),
      runs(100),
    );
  });

  test("derive the same keys, whatever the password's length", async () => {
    const params = fc.record({
      memoryKiB: fc.integer({ min: 64, max: 256 }),
      passes: fc.integer({ min: 1, max: 4 }),
      lanes: fc.integer({ min: 1, max: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fixed(32), params, async (password, salt, cost) => {
        const input = { password, salt };
        expect(await nativeBackend.argon2id(input, cost)).toEqual(await nobleBackend.argon2id(input, cost));
      }),
      runs(20),
    );
  });

  test.each([nativeBackend, nobleBackend])(
    "$name: Argon2id that asks for more memory than there is says so, with the number",
    async (backend) => {
      const input = { password: filled(8, 1), salt: filled(16, 2) };
      const cost = { memoryKiB: 2 ** 31, passes: 2, lanes: 1 };
      await expect(backend.argon2id(input, cost)).rejects.toMatchObject({
        code: "no-memory",
        message: "not enough memory for this vault's key derivation (needs 2097152 MiB)",
      });
    },
  );
});
