/** Randomness for tests: the same on every run. */
import { createCipheriv, createHash } from "node:crypto";
import type { Random } from "../../src/core/random.ts";

const BLOCK_BYTES = 65_536;

/** An endless stream that depends on `seed` only: ChaCha20 over zeros. */
export function seededRandom(seed: string): Random {
  const key = createHash("sha256").update(seed).digest();
  const stream = createCipheriv("chacha20", key, new Uint8Array(16));
  let block = new Uint8Array(0);
  let used = 0;
  return (length) => {
    if (used + length > block.length) {
      block = Uint8Array.from(stream.update(new Uint8Array(Math.max(BLOCK_BYTES, length))));
      used = 0;
    }
    used += length;
    return block.slice(used - length, used);
  };
}

/** Answers draws of four bytes with these numbers, and throws when they are used up. */
export function scriptedRandom(values: Iterable<number>): Random & { readonly left: () => number } {
  const queue = [...values];
  const random = (length: number): Uint8Array => {
    const value = queue.shift();
    if (length !== 4 || value === undefined) throw new Error("an unexpected draw of randomness");
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value);
    return bytes;
  };
  return Object.assign(random, { left: () => queue.length });
}

/**
 * Pearson's statistic of `counts` against the uniform distribution, as standard deviations from what
 * it should be. Draws without bias stay below 5; the least bias worth the name is far above.
 */
export function unevenness(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const expected = total / counts.length;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const freedom = counts.length - 1;
  return (chiSquare - freedom) / Math.sqrt(2 * freedom);
}

/** How often each of `outcomes` is what `draw` gives. @throws where it gives something else. */
export function tally<T>(outcomes: readonly T[], draws: number, draw: () => T): readonly number[] {
  const counts = new Map(outcomes.map((outcome) => [outcome, 0]));
  for (let i = 0; i < draws; i++) {
    const outcome = draw();
    const count = counts.get(outcome);
    if (count === undefined) throw new Error(`an outcome that may not be: ${String(outcome)}`);
    counts.set(outcome, count + 1);
  }
  return [...counts.values()];
}
