/** Pictures of QR codes, and files of them as other programs write them. */
import { crc32, deflateSync } from "node:zlib";
import jpeg from "jpeg-js";
import { PNG } from "pngjs";
import { encode } from "uqr";
import type { Pixels } from "../../src/node/image/pixels.ts";

export interface Drawing {
  /** Pixels of a module. */
  readonly scale?: number;
  /** Of the whole picture; as large as the code where they are missing. */
  readonly width?: number;
  readonly height?: number;
  /** Where the code stands in it. */
  readonly x?: number;
  readonly y?: number;
  /** Radians. */
  readonly angle?: number;
  readonly dark?: Colour;
  readonly light?: Colour;
}

type Colour = readonly [red: number, green: number, blue: number, alpha: number];

const BLACK: Colour = [0, 0, 0, 255];
const WHITE: Colour = [255, 255, 255, 255];

export function draw(text: string, drawing: Drawing = {}): Pixels {
  const { data: modules, size } = encode(text, { ecc: "M", border: 4 });
  const { scale = 4, x = 0, y = 0, angle = 0, dark = BLACK, light = WHITE } = drawing;
  const side = size * scale;
  const { width = side, height = side } = drawing;
  const data = new Uint8Array(width * height * 4);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [right, down] = [column - x - side / 2, row - y - side / 2];
      const across = Math.floor((cos * right + sin * down + side / 2) / scale);
      const along = Math.floor((cos * down - sin * right + side / 2) / scale);
      data.set(modules[along]?.[across] === true ? dark : light, (row * width + column) * 4);
    }
  }
  return { width, height, data };
}

export function pngOf(pixels: Pixels): Uint8Array {
  return PNG.sync.write({ ...pixels, data: Buffer.from(pixels.data) });
}

export function jpegOf(pixels: Pixels): Uint8Array {
  return jpeg.encode({ ...pixels, data: Buffer.from(pixels.data) }, 70).data;
}

export interface PngHead {
  readonly width: number;
  readonly height: number;
  readonly interlaced?: boolean;
}

/** A grey PNG, a byte for a pixel, whose head says what it likes of the bytes that are packed in it. */
export function rawPng({ width, height, interlaced = false }: PngHead, rows: Uint8Array): Uint8Array {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, interlaced ? 1 : 0], 8);
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A grey picture in seven passes (PNG section 8.2). */
export function interlacedPng({ width, height, data }: Pixels): Uint8Array {
  const passes = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ] as const;
  const rows: number[] = [];
  for (const [left, top, across, down] of passes.filter(([first]) => first < width)) {
    for (let y = top; y < height; y += down) {
      rows.push(0);
      for (let x = left; x < width; x += across) rows.push(data[(y * width + x) * 4] ?? 0);
    }
  }
  return rawPng({ width, height, interlaced: true }, Uint8Array.from(rows));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
