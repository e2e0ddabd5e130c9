import type { Internals } from "../../src/cli/context.ts";
import { toHex } from "../../src/core/bytes.ts";
import type { KdfProfiles } from "../../src/core/crypto/kdf.ts";
import { nativeBackend } from "../../src/node/crypto.ts";

/** The least that the format allows. */
const CHEAPEST = { memoryKiB: 19_456, passes: 2, lanes: 1 };

/** For tests in this process that open vaults again and again. */
export const cheapProfiles: KdfProfiles = {
  constrained: CHEAPEST,
  interactive: CHEAPEST,
  strong: CHEAPEST,
  paranoid: CHEAPEST,
};

/** As cheap as can be with each profile above the one before it, and a floor above what the format allows. */
export const gradedProfiles: KdfProfiles = {
  constrained: { ...CHEAPEST, memoryKiB: 19_464 },
  interactive: { ...CHEAPEST, memoryKiB: 19_472 },
  strong: { ...CHEAPEST, memoryKiB: 19_480 },
  paranoid: { ...CHEAPEST, memoryKiB: 19_488 },
};

const derived = new Map<string, Promise<Uint8Array>>();

/**
 * For calls of `main`: what was derived once in this process is not derived again. Most of the time of
 * tests would go there.
 */
export const cheapInternals: Internals = {
  kdfProfiles: cheapProfiles,
  argon2id: async (input, params) => {
    const key = JSON.stringify([toHex(input.password), toHex(input.salt), params]);
    const bytes = derived.get(key) ?? nativeBackend.argon2id(input, params);
    derived.set(key, bytes);
    // The caller wipes what it gets.
    return (await bytes).slice();
  },
};
