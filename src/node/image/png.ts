/** PNG files as pixels. What is in the file's head is checked before anything is unpacked. */
import { inflateSync } from "node:zlib";
import { PmError } from "../../core/errors.ts";
import { CUT_OUT, MAX_PIXELS, type Pixels } from "./pixels.ts";

/** PNG (W3C) section 5.2; behind it stands IHDR. */
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const HEADER_BYTES = 33;
const IDAT = 0x49444154;
/** Of a chunk: length, type and checksum. */
const AROUND_CHUNK_BYTES = 12;
/** By colour type (PNG section 11.2.1): grey, colour, palette, and the first two with alpha. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, at) => bytes[at] === byte);
}

/** @throws PmError "limit" where it is too large, "usage" where it is damaged */
export async function readPng(bytes: Uint8Array, name: string): Promise<Pixels> {
  if (bytes.length < HEADER_BYTES) throw damaged(name);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  if (width * height === 0) throw damaged(name);
  const bits = (CHANNELS[view.getUint8(25)] ?? 0) * view.getUint8(24);
  // Of more than a byte for each channel only so many pixels as take the same room.
  const most = MAX_PIXELS / Math.max(1, bits / 32);
  if (width * height > most) {
    throw new PmError("limit", `"${name}" is ${width} by ${height} pixels, more than ${most} in all`, {
      hint: CUT_OUT,
    });
  }
  const { PNG } = await import("pngjs");
  try {
    // pngjs unpacks whatever there is in an interlaced picture, and makes up what is missing in others.
    requireComplete(bytes, { width, height, bits });
    return PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  } catch (error) {
    throw damaged(name, error);
  }
}

/** @throws RangeError where there is more or less of it than the head says */
function requireComplete(bytes: Uint8Array, { width, height, bits }: Head): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const data: Uint8Array[] = [];
  for (let at = SIGNATURE.length; at + AROUND_CHUNK_BYTES <= bytes.length;) {
    const length = view.getUint32(at);
    if (view.getUint32(at + 4) === IDAT) data.push(bytes.subarray(at + 8, at + 8 + length));
    at += length + AROUND_CHUNK_BYTES;
  }
  // Each row begins with a byte for its filter, and in passes there are more rows, each of at least a pixel.
  const least = height * Math.ceil((width * bits) / 8 + 1);
  const isInterlaced = view.getUint8(28) !== 0;
  const maxOutputLength = isInterlaced ? least + 2 * width * height : least;
  const unpacked = inflateSync(Buffer.concat(data), { maxOutputLength });
  if (unpacked.length < (isInterlaced ? (width * height * bits) / 8 : least)) {
    throw new RangeError("pixels are missing");
  }
}

interface Head {
  readonly width: number;
  readonly height: number;
  /** Of a pixel. */
  readonly bits: number;
}

function damaged(name: string, cause?: unknown): PmError {
  return new PmError("usage", `"${name}" is a damaged PNG image`, { hint: "save it anew", cause });
}
