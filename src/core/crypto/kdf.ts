import { PmError } from "../errors.ts";

/** Argon2id cost (RFC 9106 §3.1): memory in KiB, passes over it, lanes. */
export interface Argon2Params {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

/** The named costs; `docs/format.md` lists them. RFC 9106 §4 second recommendation is "constrained". */
export type KdfProfile = "constrained" | "interactive" | "strong" | "paranoid";
export type KdfProfiles = Readonly<Record<KdfProfile, Argon2Params>>;
export const KDF_PROFILES: KdfProfiles = {
  constrained: { memoryKiB: 65_536, passes: 3, lanes: 4 },
  interactive: { memoryKiB: 131_072, passes: 3, lanes: 4 },
  strong: { memoryKiB: 262_144, passes: 4, lanes: 4 },
  paranoid: { memoryKiB: 1_048_576, passes: 4, lanes: 4 },
};

export const DEFAULT_KDF_PROFILE: KdfProfile = "interactive";

/** What a slot of a file may ask of this machine before anything in it is authenticated. */
const MIN_MEMORY_KIB = 19_456;
const MAX_MEMORY_KIB = 1_048_576;
const MIN_PASSES = 2;
const MAX_PASSES = 64;
const MAX_LANES = 16;
/** RFC 9106 §3.1: at least 8 KiB for each lane. */
const MIN_KIB_PER_LANE = 8;
/** 8 GiB·passes for one slot, 16 for all the slots tried. */
const MAX_SLOT_WORK_KIB = 8_388_608;
export const MAX_FILE_WORK_KIB = 16_777_216;

/** Memory times passes, in KiB·passes. */
export function kdfWork(params: Argon2Params): number {
  return params.memoryKiB * params.passes;
}

/** Whether `params` ask for less memory or fewer passes than `other`. */
export function isBelow(params: Argon2Params, other: Argon2Params): boolean {
  return params.memoryKiB < other.memoryKiB || params.passes < other.passes;
}

/** Whether `params` are weaker than what pm gives a new slot: the cheapest of `profiles`. */
export function isBelowCreateFloor(params: Argon2Params, profiles: KdfProfiles = KDF_PROFILES): boolean {
  return isBelow(params, profiles.constrained);
}

/**
 * The profile that a slot of this cost should be wrapped at when its password is next at hand: where it
 * is below the floor, or below the profile that the user asks for. Never one that is less work.
 */
export function renewalProfile(
  params: Argon2Params,
  profiles: KdfProfiles,
  wanted: KdfProfile | undefined,
): KdfProfile | undefined {
  const target = wanted ?? DEFAULT_KDF_PROFILE;
  const isWeak =
    isBelowCreateFloor(params, profiles) || (wanted !== undefined && isBelow(params, profiles[wanted]));
  return isWeak && kdfWork(params) < kdfWork(profiles[target]) ? target : undefined;
}

/** @throws PmError "kdf-out-of-bounds" where the cost is outside what pm accepts from a file. */
export function requireKdfBounds(params: Argon2Params): void {
  const { memoryKiB, passes, lanes } = params;
  const fits =
    memoryKiB >= MIN_MEMORY_KIB &&
    memoryKiB <= MAX_MEMORY_KIB &&
    passes >= MIN_PASSES &&
    passes <= MAX_PASSES &&
    lanes >= 1 &&
    lanes <= MAX_LANES &&
    memoryKiB >= MIN_KIB_PER_LANE * lanes &&
    kdfWork(params) <= MAX_SLOT_WORK_KIB;
  if (!fits) throw kdfOutOfBounds(`m=${memoryKiB} KiB, t=${passes}, p=${lanes}`);
}

/** The refusal of a KDF cost, naming it. */
export function kdfOutOfBounds(what: string): PmError {
  return new PmError("kdf-out-of-bounds", `the vault asks for a key derivation outside the limits: ${what}`, {
    hint: "the file is damaged or hostile; restore a copy you trust",
  });
}

/** The refusal of a machine that can't give the memory, naming how much it is. */
export function kdfOutOfMemory({ memoryKiB }: Argon2Params, cause: unknown): PmError {
  const mebibytes = Math.ceil(memoryKiB / 1024);
  return new PmError(
    "no-memory",
    `not enough memory for this vault's key derivation (needs ${mebibytes} MiB)`,
    { hint: "free some memory, or use a machine with more", cause },
  );
}
