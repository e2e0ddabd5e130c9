/** The text of a QR code in a picture. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { wipe } from "../../core/bytes.ts";
import { PmError } from "../../core/errors.ts";
import { ioError } from "../io-error.ts";
import { readSecretFile } from "../secret-input.ts";
import { isJpeg, readJpeg } from "./jpeg.ts";
import { CUT_OUT, type Pixels, shrunk } from "./pixels.ts";
import { isPng, readPng } from "./png.ts";

const MAX_FILE_BYTES = 20 * 1024 * 1024;
/** Pixels on a side. Each picture is made of the one before, and the smallest is looked at first: it costs the least. */
const SIDES = [4096, 2048, 1024];
const LOOKING_MS = 2000;

/**
 * @throws PmError "io" where it can't be read, "limit" where it is too large, "usage" where it is no picture,
 * "not-found" where there is no code in it
 */
export async function readQrImage(path: string, cwd: string): Promise<string> {
  const bytes = await readFile(path, cwd);
  const pixels = await pixelsOf(bytes, path);
  wipe(bytes);
  const { decodeQR } = await import("qr/decode.js");
  for (const picture of picturesOf(pixels)) {
    try {
      return decodeQR(picture, { format: "RGBA", effort: Infinity, timeLimit: LOOKING_MS });
    } catch {
      // A larger one shows more.
    }
  }
  throw new PmError("not-found", `there is no QR code in "${path}", or none that can be read`, {
    hint: `${CUT_OUT}, or take the picture anew`,
  });
}

/** The smallest first. */
function picturesOf(pixels: Pixels): readonly Pixels[] {
  const pictures: Pixels[] = [];
  for (const side of SIDES) {
    const last = pictures[0] ?? pixels;
    if (pictures.length === 0 || Math.max(last.width, last.height) > side)
      pictures.unshift(shrunk(last, side));
  }
  return pictures;
}

/** Its size is looked at before anything is read. */
async function readFile(path: string, cwd: string): Promise<Uint8Array> {
  const { size } = await stat(resolve(cwd, path)).catch((error: unknown) => {
    throw ioError(error, `can't read ${path}`);
  });
  if (size > MAX_FILE_BYTES) {
    throw new PmError("limit", `"${path}" is ${size} bytes long, more than the limit of ${MAX_FILE_BYTES}`, {
      hint: CUT_OUT,
    });
  }
  return (await readSecretFile(path, { cwd, limit: MAX_FILE_BYTES })).bytes;
}

async function pixelsOf(bytes: Uint8Array, path: string): Promise<Pixels> {
  if (isPng(bytes)) return await readPng(bytes, path);
  if (isJpeg(bytes)) return await readJpeg(bytes, path);
  throw new PmError("usage", `"${path}" is neither a PNG nor a JPEG image`, {
    hint: "a screenshot as PNG can be read",
  });
}
