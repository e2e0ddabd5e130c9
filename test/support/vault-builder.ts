/** Vaults for tests, built below the level of sessions, so that they may also break the rules. */
import { createHash } from "node:crypto";
import { concat, toHex, utf8 } from "../../src/core/bytes.ts";
import type { CryptoBackend } from "../../src/core/crypto/backend.ts";
import type { Argon2Params } from "../../src/core/crypto/kdf.ts";
import { hasCode, PmError } from "../../src/core/errors.ts";
import type { Random } from "../../src/core/random.ts";
import { type BodyReader, bodyLengthOf, sealBody } from "../../src/core/vault/cobblestone.ts";
import { bytesSource, openBody, readHeader, type SealParts } from "../../src/core/vault/format.ts";
import { KIND, type Kind } from "../../src/core/vault/header.ts";
import { buildHeader } from "../../src/core/vault/header-builder.ts";
import {
  buildPlaintext,
  type Extent,
  readWholeContent,
  type WholeContent,
} from "../../src/core/vault/layout.ts";
import {
  type NewSlotParts,
  type SlotSecrets,
  unwrapRootKey,
  wrapRootKey,
} from "../../src/core/vault/slot.ts";
import { nativeBackend } from "../../src/node/crypto.ts";

/** The cheapest Argon2id that a reader accepts. */
export const CHEAP_KDF: Argon2Params = { memoryKiB: 19_456, passes: 2, lanes: 1 };

export const KEY_FILE_SECRET: Uint8Array = Uint8Array.from({ length: 32 }, (_, index) => index);

/** The stream of docs/format.md section 10: whole blocks of SHA-256(label ‖ counter as two bytes). */
export function vectorRandom(label = "pm-test-rng"): Random {
  let counter = 0;
  return (length) => {
    const blocks: Uint8Array[] = [];
    for (let made = 0; made < length; made += 32, counter++) {
      blocks.push(sha256(concat(utf8(label), Uint8Array.of(counter >> 8, counter & 255))));
    }
    return concat(...blocks).slice(0, length);
  };
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(bytes).digest());
}

export interface VaultSlot {
  readonly slot: NewSlotParts;
  readonly secrets: SlotSecrets;
}

/** Opens without a KDF, and so within a fraction of a millisecond. */
export const KEY_FILE_SLOT: VaultSlot = { slot: { type: 2 }, secrets: { keyFile: KEY_FILE_SECRET } };

/** A sealed file and everything that went into it. */
export interface TestVault extends SealParts {
  readonly file: Uint8Array;
}

export interface VaultPlan {
  /** Seeds ids, salts and the root key. */
  readonly label: string;
  readonly kind?: Kind;
  readonly slots?: readonly VaultSlot[];
  /** A function of the slots where the content names them. */
  readonly plaintext: Uint8Array<ArrayBuffer> | ((slots: readonly Uint8Array[]) => Uint8Array<ArrayBuffer>);
  /** Changes the header after the slots are made and before the body is; the checksum is made good. */
  readonly header?: (bytes: Uint8Array) => void;
  readonly crypto?: CryptoBackend;
}

/** Seals a file. Draws in the order of docs/format.md section 10: vault id, root key, slots, salt. */
export async function sealVault(plan: VaultPlan): Promise<TestVault> {
  const { kind = KIND.vault, slots: specs = [KEY_FILE_SLOT], crypto = nativeBackend } = plan;
  const random = vectorRandom(plan.label);
  const vaultId = random(16);
  const rootKey = random(32);
  const slots: Uint8Array[] = [];
  for (const spec of specs) {
    slots.push(await wrapRootKey({ crypto, random }, { kind, vaultId }, { rootKey, ...spec }));
  }
  const plaintext = typeof plan.plaintext === "function" ? plan.plaintext(slots) : plan.plaintext;
  const header = buildHeader(crypto, { kind, vaultId, bodyLength: bodyLengthOf(plaintext.length), slots });
  plan.header?.(header);
  fixChecksum(header);
  return {
    kind,
    vaultId,
    rootKey,
    slots,
    plaintext,
    file: sealUnder(crypto, header, { random, rootKey, plaintext }),
  };
}

/** Any header, and the body that belongs to it: what only a writer can make. */
export function sealUnder(
  crypto: CryptoBackend,
  header: Uint8Array,
  { random, rootKey, plaintext }: { random: Random; rootKey: Uint8Array; plaintext: Uint8Array },
): Uint8Array {
  const body = new Uint8Array(bodyLengthOf(plaintext.length));
  sealBody(crypto, { rootKey, headerHash: sha256(header) }, { salt: random(24), plaintext, body });
  return concat(header, body);
}

/** The same vault with another plaintext under the same salt: bytes differ only where the plaintexts do. */
export function reseal(vault: TestVault, plaintext: Uint8Array<ArrayBuffer>): TestVault {
  const random: Random = () => vault.file.slice(4096, 4120);
  const { kind, vaultId, slots, rootKey } = vault;
  const bodyLength = bodyLengthOf(plaintext.length);
  const header = buildHeader(nativeBackend, { kind, vaultId, bodyLength, slots });
  return { ...vault, plaintext, file: sealUnder(nativeBackend, header, { random, rootKey, plaintext }) };
}

/** A copy of `file` with `bytes` at `offset`. */
export function patched(file: Uint8Array, offset: number, bytes: Uint8Array | readonly number[]): Uint8Array {
  const copy = file.slice();
  copy.set(bytes, offset);
  return copy;
}

/** A copy of `file` with one bit changed. */
export function flipped(file: Uint8Array, offset: number, bit: number): Uint8Array {
  return patched(file, offset, [(file[offset] ?? 0) ^ (1 << bit)]);
}

/** Recomputes the header's checksum in place, as an attacker would. */
export function fixChecksum(file: Uint8Array): Uint8Array {
  file.set(sha256(file.subarray(0, 4064)), 4064);
  return file;
}

/** Opens the body, by the secrets, as a reader does. The caller disposes of it. */
async function openFile(crypto: CryptoBackend, file: Uint8Array, secrets: SlotSecrets): Promise<BodyReader> {
  const source = bytesSource(file);
  const header = readHeader(crypto, source);
  const { rootKey } = await unwrapRootKey(crypto, header, secrets);
  return openBody(crypto, source, { header, rootKey: rootKey.bytes });
}

/** The whole content of a sealed file, its records not yet looked at. */
export function contentOf(vault: Pick<TestVault, "file" | "rootKey">): WholeContent {
  const source = bytesSource(vault.file);
  const header = readHeader(nativeBackend, source);
  using body = openBody(nativeBackend, source, { header, rootKey: vault.rootKey });
  return readWholeContent(body);
}

/** The whole plaintext of a file, every chunk of it verified. */
export async function readBody(
  crypto: CryptoBackend,
  file: Uint8Array,
  secrets: SlotSecrets,
): Promise<Uint8Array> {
  using body = await openFile(crypto, file, secrets);
  return body.readAll();
}

/** The code that `run` is refused with, or "ok". Anything thrown but a PmError is a fault, and thrown on. */
export function verdict(run: () => unknown): string {
  try {
    run();
    return "ok";
  } catch (error) {
    if (error instanceof PmError) return error.code;
    throw error;
  }
}

/** {@link verdict} of something that takes its time. */
export async function verdictOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return "ok";
  } catch (error) {
    if (error instanceof PmError) return error.code;
    throw error;
  }
}

/** The PmError of this code that `run` throws. */
export function refused(run: () => unknown, code: PmError["code"]): PmError {
  try {
    run();
  } catch (error) {
    if (hasCode(error, code)) return error;
    throw error;
  }
  throw new Error(`was not refused with ${code}`);
}

/** A back end that computes each Argon2id once: the same inputs stand in many vectors. */
export function rememberingArgon2(crypto: CryptoBackend): CryptoBackend {
  const known = new Map<string, Promise<Uint8Array>>();
  return {
    ...crypto,
    async argon2id(input, params) {
      const parts = [input.password, input.salt, input.secret, input.data].map((part) => part && toHex(part));
      const key = JSON.stringify([parts, params]);
      const result = known.get(key) ?? crypto.argon2id(input, params);
      known.set(key, result);
      return (await result).slice();
    },
  };
}

/** A back end that counts how often each of its ciphers is used. */
export function countingCalls(crypto: CryptoBackend): CryptoBackend & { readonly calls: CallCounts } {
  const calls: CallCounts = { open: 0, seal: 0, argon2id: 0 };
  const counted: CryptoBackend = {
    ...crypto,
    open: (...args) => (calls.open++, crypto.open(...args)),
    seal: (...args) => (calls.seal++, crypto.seal(...args)),
    argon2id: (...args) => (calls.argon2id++, crypto.argon2id(...args)),
  };
  return { ...counted, calls };
}

export interface CallCounts {
  open: number;
  seal: number;
  argon2id: number;
}

/** The plaintext of records and of the index that `indexOf` makes of where they stand. */
export function plaintextOf(
  records: readonly Uint8Array[],
  indexOf: (extents: readonly Extent[]) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  let end = 0;
  const extents = records.map(({ length }) => ({ offset: (end += length) - length, length }));
  return buildPlaintext(indexOf(extents), records);
}
