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
