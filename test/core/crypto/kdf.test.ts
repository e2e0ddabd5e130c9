import { describe, expect, test } from "vitest";
import {
  type Argon2Params,
  DEFAULT_KDF_PROFILE,
  isBelowCreateFloor,
  renewalProfile,
  KDF_PROFILES,
  kdfWork,
  MAX_FILE_WORK_KIB,
  requireKdfBounds,
} from "../../../src/core/crypto/kdf.ts";
import { verdict } from "../../support/vault-builder.ts";

const cost = (memoryKiB: number, passes: number, lanes: number): Argon2Params => ({
  memoryKiB,
  passes,
  lanes,
});

describe("what a file may ask for", () => {
  test.each([
    cost(19_456, 2, 1),
    cost(19_456, 64, 16),
    cost(131_072, 64, 4),
    cost(1_048_576, 8, 16),
    ...Object.values(KDF_PROFILES),
  ])("m=$memoryKiB t=$passes p=$lanes is accepted", (params) => {
    expect(verdict(() => requireKdfBounds(params))).toBe("ok");
  });

  test.each([
    cost(0, 2, 1),
    cost(19_455, 2, 1),
    cost(1_048_577, 2, 1),
    cost(2 ** 32 - 1, 2, 1),
    cost(19_456, 0, 1),
    cost(19_456, 1, 1),
    cost(19_456, 65, 1),
    cost(19_456, 2, 0),
    cost(19_456, 2, 17),
    cost(1_048_576, 9, 1),
    cost(131_073, 64, 1),
  ])("m=$memoryKiB t=$passes p=$lanes is out of bounds", (params) => {
    expect(verdict(() => requireKdfBounds(params))).toBe("kdf-out-of-bounds");
  });
});

describe("what a new slot gets", () => {
  test("no profile is below the floor, and four paranoid slots can still be tried", () => {
    for (const params of Object.values(KDF_PROFILES)) expect(isBelowCreateFloor(params)).toBe(false);
    expect(4 * kdfWork(KDF_PROFILES.paranoid)).toBeLessThanOrEqual(MAX_FILE_WORK_KIB);
  });

  test("the default is 128 MiB, 3 passes, 4 lanes", () => {
    expect(KDF_PROFILES[DEFAULT_KDF_PROFILE]).toEqual(cost(131_072, 3, 4));
  });

  test.each([cost(65_535, 3, 4), cost(65_536, 2, 4), cost(19_456, 2, 1)])(
    "m=$memoryKiB t=$passes is below the floor",
    (params) => {
      expect(isBelowCreateFloor(params)).toBe(true);
    },
  );
});

describe("a password slot is wrapped anew", () => {
  const { constrained, interactive, strong, paranoid } = KDF_PROFILES;
  const TABLE: readonly (readonly [
    Argon2Params,
    Parameters<typeof renewalProfile>[2],
    string | undefined,
  ])[] = [
    [cost(19_456, 2, 1), undefined, "interactive"],
    [cost(65_536, 2, 4), undefined, "interactive"],
    [cost(19_456, 2, 1), "paranoid", "paranoid"],
    [cost(19_456, 2, 1), "constrained", "constrained"],
    // Above the floor: what was chosen stays, unless the setting asks for more.
    [constrained, undefined, undefined],
    [constrained, "interactive", "interactive"],
    [interactive, "strong", "strong"],
    [strong, "strong", undefined],
    [paranoid, "interactive", undefined],
    // Few passes over much memory are more work than the profile.
    [cost(1_048_576, 2, 4), undefined, undefined],
    [cost(200_000, 8, 4), "strong", undefined],
  ];

  test.each(TABLE)("%o with the setting %s: %s", (params, wanted, profile) => {
    expect(renewalProfile(params, KDF_PROFILES, wanted)).toBe(profile);
  });

  test("never with a table in which it costs what all cost", () => {
    const cheap = cost(19_456, 2, 1);
    const table = { constrained: cheap, interactive: cheap, strong: cheap, paranoid: cheap };
    expect(renewalProfile(cheap, table, "paranoid")).toBeUndefined();
  });
});
