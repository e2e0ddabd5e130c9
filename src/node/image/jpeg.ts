/** JPEG files as pixels. */
import { PmError } from "../../core/errors.ts";
import { CUT_OUT, MAX_PIXELS, type Pixels } from "./pixels.ts";

const MAX_MEMORY_MB = 512;

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/** @throws PmError "usage" where it is damaged or too large */
export async function readJpeg(bytes: Uint8Array, name: string): Promise<Pixels> {
  const { decode } = await import("jpeg-js");
  try {
    return decode(bytes, {
      useTArray: true,
      tolerantDecoding: false,
      maxResolutionInMP: MAX_PIXELS / 1e6,
      maxMemoryUsageInMB: MAX_MEMORY_MB,
    });
  } catch (error) {
    const isLarge = error instanceof Error && /^max(Resolution|Memory)/.test(error.message);
    const what = isLarge ? `has more than ${MAX_PIXELS} pixels` : "is a damaged JPEG image";
    throw new PmError(isLarge ? "limit" : "usage", `"${name}" ${what}`, {
      hint: isLarge ? CUT_OUT : "save it anew",
      cause: error,
    });
  }
}
