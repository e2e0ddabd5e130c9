import type { KdfProfiles } from "../../src/core/crypto/kdf.ts";

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
