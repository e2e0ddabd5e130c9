/** How a KDBX file stretches its key: which function, at what cost, and what pm is willing to pay. */
import { fromHex, toHex } from "../bytes.ts";
import { type Argon2Params, kdfWork } from "../crypto/kdf.ts";
import { PmError } from "../errors.ts";
import { damaged, unsupported } from "./byte-reader.ts";
import type { Argon2Kind, KdbxCrypto } from "./crypto.ts";
import { encodeVariantMap, parseVariantMap, type Variant, type WritableVariant } from "./variant-map.ts";

export type KdbxKdf =
  | { readonly kind: "aes"; readonly seed: Uint8Array; readonly rounds: bigint }
  | {
      readonly kind: Argon2Kind;
      readonly salt: Uint8Array;
      readonly params: Argon2Params;
      readonly secret?: Uint8Array;
      readonly data?: Uint8Array;
    };

/**
 * What a file may ask before anything in it is authenticated. KeePassXC sets the cost to up to five seconds
 * of the writer's machine; a fast one then asks for some 350 million rounds of AES, or 20 GiB·passes.
 */
const MAX_AES_ROUNDS = 500_000_000n;
const MAX_MEMORY_KIB = 1_048_576;
const MAX_WORK_KIB = 33_554_432;
const MAX_LANES = 256;
/** RFC 9106 §3.1. */
const MIN_KIB_PER_LANE = 8;
const MIN_SALT_BYTES = 8;
const MAX_SALT_BYTES = 1024;

const AES_KDBX3 = "c9d9f39a628a4460bf740d08c18a4fea";
const AES_KDBX4 = "7c02bb8279a74ac0927d114a00648238";
const ARGON2D = "ef636ddf8c29444b91f7a9a403e30a0c";
const ARGON2ID = "9e298b1956db4773b23dfc3ec6f0a1e6";
const ARGON2_VERSION = 0x13;

/** @throws PmError "corrupt", "unsupported-feature". The cost is not judged yet. */
export function parseKdf(bytes: Uint8Array): KdbxKdf {
  const map = parseVariantMap(bytes);
  const uuid = toHex(bytesOf(map, "$UUID"));
  if (uuid === AES_KDBX3 || uuid === AES_KDBX4) {
    return { kind: "aes", seed: bytesOf(map, "S"), rounds: u64Of(map, "R") };
  }
  if (uuid !== ARGON2D && uuid !== ARGON2ID) {
    throw unsupported("this key derivation", "choose Argon2 or AES-KDF in the settings of the database");
  }
  if (u32Of(map, "V") !== ARGON2_VERSION) {
    throw unsupported("an Argon2 before version 1.3", "save the database once more in KeePassXC");
  }
  return {
    kind: uuid === ARGON2D ? "argon2d" : "argon2id",
    salt: bytesOf(map, "S"),
    // Past 2^53 these are no longer exact, and far out of bounds.
    params: {
      memoryKiB: Number(u64Of(map, "M") / 1024n),
      passes: Number(u64Of(map, "I")),
      lanes: u32Of(map, "P"),
    },
    ...(map.has("K") ? { secret: bytesOf(map, "K") } : {}),
    ...(map.has("A") ? { data: bytesOf(map, "A") } : {}),
  };
}

/** @throws PmError "kdf-out-of-bounds": nothing was allocated or computed. */
export function requireBounds(kdf: KdbxKdf): void {
  if (kdf.kind === "aes") {
    if (kdf.seed.length !== 32) throw damaged("the seed of its key derivation");
    if (kdf.rounds < 1n || kdf.rounds > MAX_AES_ROUNDS) throw outOfBounds(`${kdf.rounds} rounds of AES`);
    return;
  }
  const { salt, params } = kdf;
  const { memoryKiB, passes, lanes } = params;
  if (salt.length < MIN_SALT_BYTES || salt.length > MAX_SALT_BYTES) {
    throw damaged("the salt of its key derivation");
  }
  const fits =
    lanes >= 1 &&
    lanes <= MAX_LANES &&
    passes >= 1 &&
    memoryKiB >= MIN_KIB_PER_LANE * lanes &&
    memoryKiB <= MAX_MEMORY_KIB &&
    kdfWork(params) <= MAX_WORK_KIB;
  if (!fits) throw outOfBounds(`m=${memoryKiB} KiB, t=${passes}, p=${lanes}`);
}

function outOfBounds(what: string): PmError {
  const message = `the KDBX file asks for a key derivation outside the limits: ${what}`;
  return new PmError("kdf-out-of-bounds", message, {
    hint: "if you trust it, lower the cost in the settings of the database",
  });
}

/** The key of 32 bytes that the composite key is stretched to. */
export async function transformKey(crypto: KdbxCrypto, key: Uint8Array, kdf: KdbxKdf): Promise<Uint8Array> {
  requireBounds(kdf);
  if (kdf.kind === "aes") return crypto.sha256(await crypto.aesKdf(key, kdf.seed, Number(kdf.rounds)));
  const { kind, params, ...input } = kdf;
  return crypto.argon2(kind, { password: key, ...input }, params);
}

/** Argon2id as a header of KDBX 4 has it. */
export function encodeArgon2id(salt: Uint8Array, { memoryKiB, passes, lanes }: Argon2Params): Uint8Array {
  return encodeVariantMap(
    new Map<string, WritableVariant>([
      ["$UUID", { type: "bytes", value: fromHex(ARGON2ID) as Uint8Array }],
      ["S", { type: "bytes", value: salt }],
      ["P", { type: "u32", value: lanes }],
      ["M", { type: "u64", value: BigInt(memoryKiB) * 1024n }],
      ["I", { type: "u64", value: BigInt(passes) }],
      ["V", { type: "u32", value: ARGON2_VERSION }],
    ]),
  );
}

type Parameters = ReadonlyMap<string, Variant>;

function bytesOf(map: Parameters, name: string): Uint8Array {
  const item = map.get(name);
  if (item?.type !== "bytes") throw missing(name);
  return item.value;
}

function u32Of(map: Parameters, name: string): number {
  const item = map.get(name);
  if (item?.type !== "u32") throw missing(name);
  return item.value;
}

function u64Of(map: Parameters, name: string): bigint {
  const item = map.get(name);
  if (item?.type !== "u64") throw missing(name);
  return item.value;
}

function missing(name: string): PmError {
  return damaged(`its key derivation has no ${name}`);
}
