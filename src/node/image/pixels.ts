/** Pictures as pixels, whatever they were read from. */

/** RGBA, a byte each, by rows. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** What to do with a picture that is too large. */
export const CUT_OUT = "cut out the part with the code";

const OPAQUE = 255;

/** A screen of 6016 by 3384, a telephone's picture of 24 megapixels. */
export const MAX_PIXELS = 25_000_000;

/**
 * In grey on white, at most `most` pixels on each side: squares of pixels become the mean of them, so that
 * noise gets less, too.
 */
export function shrunk({ width, height, data }: Pixels, most: number): Pixels {
  const size = Math.ceil(Math.max(width, height) / most);
  const small = { width: Math.floor(width / size), height: Math.floor(height / size) };
  const pixels = new Uint8Array(small.width * small.height * 4).fill(OPAQUE);
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      const grey = meanOf(data, { from: (y * width + x) * size, width, size });
      pixels.fill(grey, (y * small.width + x) * 4, (y * small.width + x) * 4 + 3);
    }
  }
  return { ...small, data: pixels };
}

function meanOf(
  data: Uint8Array,
  { from, width, size }: { readonly from: number; readonly width: number; readonly size: number },
): number {
  let sum = 0;
  for (let row = 0; row < size; row++) {
    const start = (from + row * width) * 4;
    for (let at = start; at < start + size * 4; at += 4) sum += greyOf(data, at);
  }
  return Math.round(sum / size ** 2);
}

/** Luma (Rec. 601), what is transparent on white. */
function greyOf(data: Uint8Array, at: number): number {
  const [red = 0, green = 0, blue = 0, alpha = 0] = [data[at], data[at + 1], data[at + 2], data[at + 3]];
  const grey = 0.299 * red + 0.587 * green + 0.114 * blue;
  return OPAQUE + ((grey - OPAQUE) * alpha) / OPAQUE;
}
