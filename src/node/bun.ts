/** The standalone binary is pm on Bun; everything else is pm on Node. */

/** What pm uses of it (https://bun.com/docs/runtime/file-io). */
interface Bun {
  file(fd: number): { stream(): import("node:stream/web").ReadableStream<Uint8Array> };
}

/** Undefined on Node. */
export const bun: Bun | undefined = (globalThis as { readonly Bun?: Bun }).Bun;
