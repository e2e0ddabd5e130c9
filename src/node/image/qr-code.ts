/** The text of a QR code in a picture. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { wipe } from "../../core/bytes.ts";
import { PmError } from "../../core/errors.ts";
import { ioError } from "../io-error.ts";
import { readSecretFile } from "../secret-input.ts";
import { isJpeg, readJpeg } from "./jpeg.ts";
import { type Pixels, shrunk } from "./pixels.ts";
import { isPng, readPng } from "./png.ts";

const MAX_FILE_BYTES = 20 * 1024 * 1024;
/** Pixels on a side, in this order: most codes are found in a small picture, which costs the least. */
const SIDES = [1024, 2048, 4096];
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
  for (const side of SIDES) {
    const small = shrunk(pixels, side);
    try {
      return decodeQR(small, { format: "RGBA", effort: Infinity, timeLimit: LOOKING_MS });
    } catch {
      if (Math.max(pixels.width, pixels.height) <= side) break;
    } finally {
      wipe(small.data);
    }
  }
  throw new PmError("not-found", `there is no QR code in "${path}", or none that can be read`, {
    hint: "cut out the part with the code, or take the picture anew",
  });
}

/** Its size is looked at before anything is read. */
async function readFile(path: string, cwd: string): Promise<Uint8Array> {
  const { size } = await stat(resolve(cwd, path)).catch((error: unknown) => {
    throw ioError(error, `can't read ${path}`);
  });
  if (size > MAX_FILE_BYTES) {
    throw new PmError("limit", `"${path}" is ${size} bytes long, more than the limit of ${MAX_FILE_BYTES}`);
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
