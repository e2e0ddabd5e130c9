import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concat, equalBytes, utf8 } from "../../../src/core/bytes.ts";
import { bytesSource, openBody, readHeader } from "../../../src/core/vault/format.ts";
import {
  buildPlaintext,
  type Content,
  paddedLength,
  parseLayout,
  readContent,
  readWholeContent,
} from "../../../src/core/vault/layout.ts";
import { nativeBackend } from "../../../src/node/crypto.ts";
import { runs } from "../../support/properties.ts";
import { countingCalls, reseal, sealVault, verdict } from "../../support/vault-builder.ts";

const KIB = 1024;
const padmeLengths = fc.oneof(
  fc.integer({ min: 0, max: 200_000 }),
  fc.integer({ min: 16, max: 30 }).chain((e) => fc.integer({ min: 2 ** e - 2, max: 2 ** e + 2 })),
  fc.integer({ min: 0, max: 2 ** 29 }),
);

describe("padding", () => {
  // The formula of the paper, which uses bit masks instead of steps.
  const padme = (length: number): number => {
    const e = Math.floor(Math.log2(length));
    const mask = 2 ** (e - (Math.floor(Math.log2(e)) + 1)) - 1;
    return length % (mask + 1) === 0 ? length : length + (mask + 1) - (length % (mask + 1));
  };

  test.each([
    [0, 65_536],
    [65_536, 65_536],
    [65_537, 67_584],
    [70_000, 71_680],
    [100_000, 100_352],
    [1_000_000, 1_015_808],
    [536_870_912, 536_870_912],
  ])("of %d bytes is to %d", (length, padded) => {
    expect(paddedLength(length)).toBe(padded);
  });

  test("is Padmé above 64 KiB", () => {
    fc.assert(
      fc.property(padmeLengths, (length) => {
        expect(paddedLength(length)).toBe(length <= 65_536 ? 65_536 : padme(length));
      }),
      runs(500),
    );
  });

  test("never shortens, never shrinks as the content grows, and costs under 3.2 % above 64 KiB", () => {
    fc.assert(
      fc.property(padmeLengths, fc.nat(5000), (length, more) => {
        const padded = paddedLength(length);
        expect(padded).toBeGreaterThanOrEqual(length);
        expect(paddedLength(length + more)).toBeGreaterThanOrEqual(padded);
        expect(paddedLength(padded)).toBe(padded);
        if (length > 65_536) expect(padded / length).toBeLessThan(1.032);
      }),
      runs(500),
    );
  });
});

describe("a plaintext", () => {
  test("holds lengths, index, records and zeros", () => {
    const plaintext = buildPlaintext(utf8("INDEX"), [utf8("one"), utf8("three")]);
    expect(plaintext.length).toBe(65_536);
    expect(plaintext.slice(0, 16)).toEqual(Uint8Array.of(0, 0, 0, 5, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 8));
    expect(plaintext.slice(16, 29)).toEqual(utf8("INDEXonethree"));
    expect(plaintext.subarray(29).every((byte) => byte === 0)).toBe(true);
    expect(parseLayout(plaintext, plaintext.length)).toEqual({ indexLength: 5, recordsLength: 8 });
  });

  test("says the same of itself, whatever it holds", () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.array(fc.nat(60_000), { maxLength: 4 }), (index, records) => {
        const plaintext = buildPlaintext(
          new Uint8Array(index),
          records.map((length) => new Uint8Array(length)),
        );
        const recordsLength = records.reduce((sum, length) => sum + length, 0);
        expect(parseLayout(plaintext, plaintext.length)).toEqual({ indexLength: index, recordsLength });
        expect(verdict(() => parseLayout(plaintext, plaintext.length + 1))).toBe("layout-invalid");
      }),
      runs(50),
    );
  });

  test("of any 16 bytes is read or refused, and nothing else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), fc.nat(200_000), (prefix, length) => {
        expect(["ok", "layout-invalid"]).toContain(verdict(() => parseLayout(prefix, length)));
      }),
      runs(500),
    );
  });
});

describe("reading", async () => {
  const index = new Uint8Array(20_000).fill(1);
  const records = [10_000, 1, 40_000, 1_048_577].map((length, n) => new Uint8Array(length).fill(n + 2));
  const vault = await sealVault({ label: "layout", plaintext: buildPlaintext(index, records) });
  const ends = records.map((_, n) => records.slice(0, n).reduce((sum, { length }) => sum + length, 0));
  const extent = (n: number): { offset: number; length: number } => ({
    offset: ends[n] ?? 0,
    length: records[n]?.length ?? 0,
  });

  const crypto = countingCalls(nativeBackend);
  const source = bytesSource(vault.file);
  const body = openBody(crypto, source, { header: readHeader(crypto, source), rootKey: vault.rootKey });
  const selective = readContent(body);
  const whole = readWholeContent(body);

  test.each<[string, Content]>([
    ["what is needed", selective],
    ["everything", whole],
  ])("%s gives index and records", (_name, content) => {
    expect(equalBytes(content.index, index)).toBe(true);
    for (const n of [0, 1, 2]) {
      expect(equalBytes(content.record(extent(n)), records[n] ?? index)).toBe(true);
    }
  });

  test.each<[string, Content]>([
    ["what is needed", selective],
    ["everything", whole],
  ])("%s stays within the records, and within 1 MiB", (_name, content) => {
    const { recordsLength } = content.layout;
    const outside = [
      { offset: recordsLength, length: 1 },
      { offset: recordsLength - 1, length: 2 },
      { offset: 0, length: 0 },
      { offset: -1, length: 1 },
      { offset: Number.MAX_SAFE_INTEGER, length: 1 },
      extent(3),
    ];
    for (const wrong of outside) expect(verdict(() => content.record(wrong))).toBe("index-invalid");
    const last = { offset: recordsLength - 1024 * KIB, length: 1024 * KIB };
    expect(equalBytes(content.record(last), new Uint8Array(1024 * KIB).fill(5))).toBe(true);
  });

  test("decrypts one chunk for a record within one", () => {
    const before = crypto.calls.open;
    selective.record(extent(1));
    expect(crypto.calls.open - before).toBe(1);
  });

  test("takes neighbouring records in one piece", () => {
    const both = concat(...records.slice(0, 2));
    expect(equalBytes(whole.records({ offset: 0, length: 10_001 }), both)).toBe(true);
    const beyond = { offset: 0, length: whole.layout.recordsLength + 1 };
    expect(verdict(() => whole.records(beyond))).toBe("index-invalid");
  });

  test("finds a bit in the padding where everything is read", () => {
    const plaintext = vault.plaintext.slice();
    plaintext[plaintext.length - 1] = 1;
    const { file } = reseal(vault, plaintext);
    const spoilt = bytesSource(file);
    using opened = openBody(crypto, spoilt, { header: readHeader(crypto, spoilt), rootKey: vault.rootKey });
    expect(verdict(() => readContent(opened))).toBe("ok");
    expect(verdict(() => readWholeContent(opened))).toBe("padding-not-zero");
  });

  test("leaves nothing behind once it is released", () => {
    const content = readWholeContent(body);
    content.release();
    expect(content.index.length).toBe(0);
  });
});
