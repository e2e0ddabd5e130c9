// Samples of the sweeps that test/soak/format.test.ts makes in full: nothing damaged is accepted, and the
// code is that of docs/format.md section 8.
import { describe, expect, test } from "vitest";
import { nobleBackend } from "../../../src/core/crypto/noble.ts";
import { nativeBackend } from "../../../src/node/crypto.ts";
import {
  bodyBit,
  each,
  every,
  FILE_BYTES,
  forgedHeaderBit,
  headerBit,
  withForgedSize,
  withSize,
  wrong,
} from "../../support/damage.ts";

describe.each([
  { crypto: nativeBackend, name: "native", sparse: 1 },
  { crypto: nobleBackend, name: "noble", sparse: 37 },
])("$name refuses", ({ crypto, sparse }) => {
  test("a bit of each header byte", async () => {
    const bytes = every(sparse, 0, 4096);
    expect(wrong(await each(bytes, (offset) => headerBit(crypto, offset, offset % 8)))).toEqual([]);
  });

  test("a bit of each header byte, the checksum made good", async () => {
    const bytes = every(sparse, 0, 4064);
    expect(wrong(await each(bytes, (offset) => forgedHeaderBit(crypto, offset, offset % 8)))).toEqual([]);
  });

  test("bits all over the body", async () => {
    const bytes = [...every(61 * sparse, 4096, FILE_BYTES), FILE_BYTES - 1];
    expect(wrong(await each(bytes, (offset) => bodyBit(crypto, offset, offset % 8)))).toEqual([]);
  });

  test("the file cut off at every length, and longer than it is", { timeout: 60_000 }, async () => {
    const sizes = [...every(sparse, 0, FILE_BYTES), ...every(7, FILE_BYTES + 1, FILE_BYTES + 200)];
    expect(wrong(await each(sizes, (size) => withSize(crypto, size)))).toEqual([]);
  });

  test("other lengths with the header made good", async () => {
    const chunkEnds = [0, 1, 2, 3, 4].map((chunk) => 4096 + 56 + chunk * 16_400);
    const sizes = [
      ...every(61 * sparse, 4168, FILE_BYTES),
      ...chunkEnds.flatMap((end) => every(sparse, Math.max(end - 20, 4168), end + 20)),
    ];
    const others = sizes.filter((size) => size !== FILE_BYTES);
    expect(wrong(await each(others, (size) => withForgedSize(crypto, size)))).toEqual([]);
  });
});
