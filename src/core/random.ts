/**
 * Randomness as a parameter: production passes the operating system's generator, vectors a fixed
 * stream. Everything drawn from it here is without bias.
 */

/** Returns `length` fresh random bytes that the caller owns. */
export type Random = (length: number) => Uint8Array;

const MAX_RANGE = 2 ** 32;

/**
 * A uniform integer in [0, bound), by rejection of the incomplete last range.
 * @throws RangeError where bound is not an integer from 1 to 2^32.
 */
export function randomInt(random: Random, bound: number): number {
  if (!Number.isInteger(bound) || bound < 1 || bound > MAX_RANGE) {
    throw new RangeError(`"bound" expected an integer from 1 to 2^32, got ${bound}`);
  }
  const limit = MAX_RANGE - (MAX_RANGE % bound);
  for (;;) {
    const bytes = random(4);
    const value = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
    if (value < limit) return value % bound;
  }
}

/**
 * A uniform element of `items`.
 * @throws RangeError where there is none.
 */
export function pick<T>(random: Random, items: readonly T[]): T {
  return items[randomInt(random, items.length)] as T;
}

/** A new array with the elements of `items` in a uniformly random order (Fisher–Yates). */
export function shuffle<T>(random: Random, items: readonly T[]): T[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = randomInt(random, i + 1);
    const swapped = shuffled[i] as T;
    shuffled[i] = shuffled[j] as T;
    shuffled[j] = swapped;
  }
  return shuffled;
}

/** A uniform integer in [0, bound) of any size, by rejection. @throws RangeError where bound is below 1. */
export function randomBigInt(random: Random, bound: bigint): bigint {
  if (bound < 1n) throw new RangeError('"bound" expected a positive integer');
  const bits = (bound - 1n).toString(2).length;
  for (;;) {
    let value = 0n;
    for (const byte of random(Math.ceil(bits / 8))) value = value * 256n + BigInt(byte);
    value = BigInt.asUintN(bits, value);
    if (value < bound) return value;
  }
}
