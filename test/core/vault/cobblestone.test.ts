import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equalBytes } from "../../../src/core/bytes.ts";
import { nobleBackend } from "../../../src/core/crypto/noble.ts";
import {
  bodyLengthOf,
  BodyReader,
  chunkCountOf,
  isPossibleBodyLength,
  plaintextLengthOf,
  sealBody,
} from "../../../src/core/vault/cobblestone.ts";
import { nativeBackend } from "../../../src/node/crypto.ts";
import { runs } from "../../support/properties.ts";
import { seededRandom } from "../../support/random.ts";
import { countingCalls, flipped, verdict } from "../../support/vault-builder.ts";

const CHUNK = 16_384;
const random = seededRandom("cobblestone");
const BINDING = { rootKey: random(32), headerHash: random(32) };
const SALT = random(24);

/** Lengths where something changes: none, one chunk, several, each a byte less and more. */
const EDGES = [0, 1, 2, 15, 16, 17, CHUNK - 1, CHUNK, CHUNK + 1, 4 * CHUNK - 1, 4 * CHUNK, 4 * CHUNK + 1];
/** More than the reader takes at a time. */
const LONG = 64 * CHUNK + 5;

function seal(plaintext: Uint8Array, crypto = nativeBackend): Uint8Array {
  const body = new Uint8Array(bodyLengthOf(plaintext.length));
  sealBody(crypto, BINDING, { salt: SALT, plaintext, body });
  return body;
}

function reader(body: Uint8Array, crypto = nativeBackend, binding = BINDING): BodyReader {
  const read = (offset: number, length: number): Uint8Array => {
    if (offset + length > body.length) throw new Error("read beyond the body");
    return body.subarray(offset, offset + length);
  };
  return new BodyReader(crypto, binding, { read, length: body.length });
}

describe("lengths", () => {
  test.each([
    [0, 72],
    [1, 73],
    [CHUNK - 1, 56 + CHUNK + 15],
    [CHUNK, 56 + CHUNK + 32],
    [65_536, 65_672],
  ])("%d bytes make a body of %d", (plaintext, body) => {
    expect(bodyLengthOf(plaintext)).toBe(body);
    expect(plaintextLengthOf(body)).toBe(plaintext);
  });

  test("a length is possible where some plaintext has it, and only there", () => {
    const possible = new Set<number>();
    for (let length = 0; length < 3 * CHUNK; length++) possible.add(bodyLengthOf(length));
    for (let body = 0; body < bodyLengthOf(3 * CHUNK - 1); body++) {
      expect(isPossibleBodyLength(body)).toBe(possible.has(body));
    }
  });

  test("the last chunk is strictly shorter, and so there is always one more than full ones", () => {
    for (const length of EDGES) {
      expect(chunkCountOf(bodyLengthOf(length))).toBe(Math.floor(length / CHUNK) + 1);
    }
  });
});

describe("a sealed body", () => {
  test.each([...EDGES, LONG])("of %d bytes comes back", (length) => {
    const plaintext = random(length);
    const body = seal(plaintext);
    using opened = reader(body);
    expect(opened.plaintextLength).toBe(length);
    expect(equalBytes(opened.readAll(), plaintext)).toBe(true);
  });

  test.each(EDGES)("of %d bytes is the same from both back ends", (length) => {
    const plaintext = random(length);
    const body = seal(plaintext);
    expect(equalBytes(seal(plaintext, nobleBackend), body)).toBe(true);
    using opened = reader(body, nobleBackend);
    expect(equalBytes(opened.readAll(), plaintext)).toBe(true);
  });

  test("of any length comes back", () => {
    const lengths = fc.oneof(
      fc.integer({ min: 0, max: 40 }),
      fc
        .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: -1, max: 1 }))
        .map(([n, d]) => Math.max(0, n * CHUNK + d)),
      fc.integer({ min: 0, max: 100_000 }),
    );
    fc.assert(
      fc.property(lengths, (length) => {
        const plaintext = random(length);
        using opened = reader(seal(plaintext));
        expect(equalBytes(opened.readAll(), plaintext)).toBe(true);
      }),
      runs(30),
    );
  });

  test("is bound to the root key and to every bit of the header", () => {
    const body = seal(random(100));
    const others = [
      { ...BINDING, rootKey: flipped(BINDING.rootKey, 31, 0) },
      { ...BINDING, headerHash: flipped(BINDING.headerHash, 0, 7) },
    ];
    for (const binding of others) {
      expect(verdict(() => reader(body, nativeBackend, binding))).toBe("body-commitment");
    }
  });
});

describe("a selective read", () => {
  const plaintext = random(5 * CHUNK + 1234);
  const body = seal(plaintext);

  test("gives what the whole gives, and opens just the chunks that hold it", () => {
    fc.assert(
      fc.property(fc.nat(plaintext.length), fc.nat(3 * CHUNK), (offset, wanted) => {
        const length = Math.min(wanted, plaintext.length - offset);
        const crypto = countingCalls(nativeBackend);
        using opened = reader(body, crypto);
        expect(crypto.calls.open).toBe(0);
        expect(equalBytes(opened.read(offset, length), plaintext.slice(offset, offset + length))).toBe(true);
        const last = Math.floor(Math.max(offset, offset + length - 1) / CHUNK);
        expect(crypto.calls.open).toBe(last - Math.floor(offset / CHUNK) + 1);
      }),
      runs(200),
    );
  });

  test("of neighbours gives the same, and opens a chunk once until it is told to forget", () => {
    const chunks: Uint8Array[] = [];
    const open: typeof nativeBackend.open = (...call) => {
      const chunk = nativeBackend.open(...call);
      if (chunk !== undefined) chunks.push(chunk);
      return chunk;
    };
    const opened = reader(body, { ...nativeBackend, open });
    for (let offset = 0; offset + 1000 <= plaintext.length; offset += 1000) {
      expect(equalBytes(opened.readNext(offset, 1000), plaintext.slice(offset, offset + 1000))).toBe(true);
    }
    // Six chunks, and two more times for each of the five parts that two of them share.
    expect(chunks.length).toBeLessThanOrEqual(6 + 2 * 5);
    expect(chunks.filter(({ length }) => length > 0).length).toBe(1);
    opened.forget();
    // Wiped and given back.
    expect(chunks.filter(({ length }) => length > 0)).toEqual([]);
    expect(opened.readNext(5 * CHUNK + 7, 10)).toEqual(plaintext.slice(5 * CHUNK + 7, 5 * CHUNK + 17));
    opened[Symbol.dispose]();
    expect(chunks.filter(({ length }) => length > 0)).toEqual([]);
  });

  test("does not see damage elsewhere; reading all does", () => {
    using opened = reader(flipped(body, 56 + 3 * 16_400 + 5, 0));
    expect(equalBytes(opened.read(0, 3 * CHUNK), plaintext.slice(0, 3 * CHUNK))).toBe(true);
    expect(opened.read(4 * CHUNK, 10)).toEqual(plaintext.slice(4 * CHUNK, 4 * CHUNK + 10));
    expect(verdict(() => opened.read(3 * CHUNK, 1))).toBe("body-corrupt");
    expect(verdict(() => opened.readAll())).toBe("body-corrupt");
  });

  test("says which chunk is damaged", () => {
    using opened = reader(flipped(body, 56 + 3 * 16_400 + 5, 0));
    expect(() => opened.readAll()).toThrow("the vault's body is damaged in chunk 3 of 6");
  });
});
