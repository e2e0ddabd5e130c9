/** The package ships no types. */
declare module "pngjs" {
  export interface Pixels {
    readonly width: number;
    readonly height: number;
    /** RGBA, a byte each. */
    readonly data: Uint8Array;
  }

  /** The sums of chunks are checked unless told otherwise. */
  export const PNG: {
    readonly sync: { read(bytes: Uint8Array): Pixels; write(pixels: Pixels): Uint8Array };
  };
}
