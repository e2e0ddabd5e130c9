/** QR codes out of pictures, and pictures that are none, damaged or made to harm. */
import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readQrImage } from "../../src/node/image/qr-code.ts";
import { draw, interlacedPng, jpegOf, pngOf, rawPng } from "../support/pictures.ts";
import { temporaryDirectory } from "../support/process.ts";

const URI = "otpauth://totp/Example:mara%40example.com?secret=JBSWY3DPEHPK3PXP&issuer=Example&digits=8"; // not-a-secret

async function read(bytes: Uint8Array): Promise<string> {
  const folder = temporaryDirectory();
  writeFileSync(join(folder, "code"), bytes);
  return await readQrImage("code", folder);
}

describe("the code is found in", () => {
  test.each([
    ["a PNG", () => pngOf(draw(URI))],
    ["a PNG with a pixel for each module", () => pngOf(draw(URI, { scale: 1 }))],
    ["a PNG in passes", () => interlacedPng(draw(URI))],
    ["a PNG of 16 levels", () => pngOf(draw(URI, { dark: [64, 16, 32, 255], light: [224, 240, 208, 255] }))],
    ["a transparent PNG", () => pngOf(draw(URI, { light: [0, 0, 0, 0] }))],
    ["white on black", () => pngOf(draw(URI, { dark: [255, 255, 255, 255], light: [0, 0, 0, 255] }))],
    ["a screenshot", () => pngOf(draw(URI, { width: 960, height: 540, x: 600, y: 200, scale: 3 }))],
    [
      "a picture of a screen",
      () => jpegOf(draw(URI, { width: 500, height: 400, x: 100, y: 50, scale: 5, angle: 0.2 })),
    ],
  ])("%s", async (_, make) => {
    expect(await read(make())).toBe(URI);
  });

  test("text of any script", async () => {
    expect(await read(pngOf(draw("otpauth://totp/日本?secret=AAAA")))).toBe(
      "otpauth://totp/日本?secret=AAAA",
    );
  });
});

describe("is refused:", () => {
  const empty = { width: 300, height: 300, data: new Uint8Array(300 * 300 * 4).fill(255) };
  let png: Uint8Array;
  let jpeg: Uint8Array;
  beforeAll(() => {
    png = pngOf(draw(URI));
    jpeg = jpegOf(draw(URI));
  });

  const head = (bytes: Uint8Array, width: number, height: number): Uint8Array => {
    const changed = Buffer.from(bytes);
    changed.writeUInt32BE(width, 16);
    changed.writeUInt32BE(height, 20);
    return changed;
  };

  test.each<[string, () => Uint8Array, string, string]>([
    ["a picture without a code", () => pngOf(empty), "not-found", "no QR code"],
    [
      "a picture of one pixel",
      () => pngOf({ width: 1, height: 1, data: new Uint8Array(4) }),
      "not-found",
      "no QR code",
    ],
    ["half a code", () => pngOf(draw(URI, { width: 90, height: 90 })), "not-found", "no QR code"],
    ["a text", () => Buffer.from("otpauth://totp/x?secret=AAAA"), "usage", "neither a PNG nor a JPEG"],
    ["an empty file", () => new Uint8Array(0), "usage", "neither a PNG nor a JPEG"],
    ["a GIF", () => Buffer.from("GIF89a"), "usage", "neither a PNG nor a JPEG"],
    ["the beginning of a PNG", () => png.slice(0, 20), "usage", "a damaged PNG"],
    ["a PNG that is cut off", () => png.slice(0, png.length >> 1), "usage", "a damaged PNG"],
    ["a PNG without its end", () => png.slice(0, -12), "usage", "a damaged PNG"],
    ["a PNG whose sums are wrong", () => head(png, 16, 16), "usage", "a damaged PNG"],
    [
      "a PNG without data",
      () => rawPng({ width: 9, height: 9 }, new Uint8Array(0)),
      "usage",
      "a damaged PNG",
    ],
    [
      "a PNG with too little data",
      () => rawPng({ width: 99, height: 99 }, new Uint8Array(50)),
      "usage",
      "a damaged PNG",
    ],
    [
      "a PNG without pixels",
      () => rawPng({ width: 0, height: 9 }, new Uint8Array(9)),
      "usage",
      "a damaged PNG",
    ],
    ["a PNG of too many pixels", () => head(png, 65_535, 65_535), "limit", "more than 25000000"],
    [
      "a PNG of the most pixels there are",
      () => head(png, 0xffff_ffff, 0xffff_ffff),
      "limit",
      "more than 25000000",
    ],
    [
      "a PNG in passes that unpacks to a hundred times its pixels",
      () => rawPng({ width: 100, height: 100, interlaced: true }, new Uint8Array(1_000_000)),
      "usage",
      "a damaged PNG",
    ],
    ["the beginning of a JPEG", () => jpeg.slice(0, 4), "usage", "a damaged JPEG"],
    ["a JPEG that is cut off in its tables", () => jpeg.slice(0, 200), "usage", "a damaged JPEG"],
    ["a JPEG of too many pixels", () => jpegSize(jpeg, 65_500), "limit", "more than 25000000"],
  ])("%s", async (_, make, code, message) => {
    await expect(read(make())).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test("a file of 2 GB, before it is read", async () => {
    const folder = temporaryDirectory();
    writeFileSync(join(folder, "huge.png"), "");
    truncateSync(join(folder, "huge.png"), 2 ** 31);
    const started = performance.now();
    await expect(readQrImage("huge.png", folder)).rejects.toMatchObject({ code: "limit" });
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test("what is not there, and a folder", async () => {
    const folder = temporaryDirectory();
    mkdirSync(join(folder, "a"));
    await expect(readQrImage("none.png", folder)).rejects.toMatchObject({ code: "io" });
    await expect(readQrImage("a", folder)).rejects.toMatchObject({ code: "io" });
  });

  test("a PNG or JPEG with any byte changed is read, or refused in a line", async () => {
    const small = [pngOf(draw("otpauth://x", { scale: 1 })), jpegOf(draw("otpauth://x", { scale: 2 }))];
    for (const bytes of small) {
      for (let at = 2; at < bytes.length; at += Math.ceil(bytes.length / 12)) {
        const changed = bytes.slice();
        changed[at] = (changed[at] ?? 0) ^ 0x55;
        const outcome = await read(changed).catch((error: unknown) => error);
        if (typeof outcome !== "string") expect(outcome).toMatchObject({ name: "PmError" });
      }
    }
  });
});

/** Another height and width in its frame header (SOF0). */
function jpegSize(bytes: Uint8Array, side: number): Uint8Array {
  const changed = Buffer.from(bytes);
  const at = changed.indexOf(Buffer.from([0xff, 0xc0]));
  changed.writeUInt16BE(side, at + 5);
  changed.writeUInt16BE(side, at + 7);
  return changed;
}
