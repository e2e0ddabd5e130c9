// Every single-bit change, every length. With `npm run test:soak` only: it takes minutes.
import { describe, expect, test } from "vitest";
import { nativeBackend } from "../../src/node/crypto.ts";
import {
  bodyBit,
  each,
  every,
  FILE_BYTES,
  forgedHeaderBit,
  headerBit,
  tally,
  withForgedSize,
  withSize,
  wrong,
} from "../support/damage.ts";

const BITS = [0, 1, 2, 3, 4, 5, 6, 7];
const bitsOf = (from: number, to: number): readonly (readonly [offset: number, bit: number])[] =>
  every(1, from, to).flatMap((offset) => BITS.map((bit) => [offset, bit] as const));

describe("nothing damaged is accepted", () => {
  test("32,768 bits of the header", async () => {
    const findings = await each(bitsOf(0, 4096), ([offset, bit]) => headerBit(nativeBackend, offset, bit));
    expect(findings.length).toBe(32_768);
    expect(wrong(findings)).toEqual([]);
  });

  test("32,512 bits of the header, the checksum made good", async () => {
    const bits = bitsOf(0, 4064);
    const findings = await each(bits, ([offset, bit]) => forgedHeaderBit(nativeBackend, offset, bit));
    expect(findings.length).toBe(32_512);
    expect(wrong(findings)).toEqual([]);
    expect(tally(findings)).toMatchObject({ "reserved-not-zero": 29_113, auth: 771, "slot-corrupt": 384 });
  });

  test("525,376 bits of the body", async () => {
    const bits = bitsOf(4096, FILE_BYTES);
    const findings = await each(bits, ([offset, bit]) => bodyBit(nativeBackend, offset, bit));
    expect(wrong(findings)).toEqual([]);
    expect(tally(findings)).toEqual({ "body-commitment": 448, "body-corrupt": 524_928 });
  });

  test("69,768 lengths that are too short, and many that are too long", async () => {
    const sizes = [...every(1, 0, FILE_BYTES), ...every(1, FILE_BYTES + 1, FILE_BYTES + 20_000)];
    expect(wrong(await each(sizes, (size) => withSize(nativeBackend, size)))).toEqual([]);
  });

  test("every other length with the header made good", async () => {
    const sizes = every(1, 4168, FILE_BYTES + 20_000).filter((size) => size !== FILE_BYTES);
    expect(wrong(await each(sizes, (size) => withForgedSize(nativeBackend, size)))).toEqual([]);
  });
});
