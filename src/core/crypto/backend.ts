import type { Argon2Params } from "./kdf.ts";

/** Bytes of an AES-256 key, a GCM nonce and a GCM tag (SP 800-38D). */
export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

/** What Argon2 is run on. pm's format uses neither `secret` nor `data`; the RFC's test vector does. */
export interface Argon2Input {
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly secret?: Uint8Array;
  readonly data?: Uint8Array;
}

/**
 * The primitives that pm builds on. Two implementations give identical bytes: `noble.ts` here, which
 * runs everywhere, and the one of `node:crypto` in `src/node/crypto.ts`, which is faster.
 */
export interface CryptoBackend {
  readonly name: "noble" | "native";
  /** SHA-256 of the concatenation of `parts` (FIPS 180-4). */
  sha256(...parts: readonly Uint8Array[]): Uint8Array;
  /** HMAC-SHA-512 of the concatenation of `parts` (RFC 2104). */
  hmacSha512(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array;
  /**
   * Argon2id version 1.3 (RFC 9106), 32 bytes out. `params` must have passed the bounds of their format.
   * @throws PmError "no-memory" where the machine can't give the memory.
   */
  argon2id(input: Argon2Input, params: Argon2Params): Promise<Uint8Array>;
  /** The same of Argon2d, which pm's format does not use and that of KeePass does. */
  argon2d(input: Argon2Input, params: Argon2Params): Promise<Uint8Array>;
  /**
   * AES-256-GCM, no associated data: ciphertext ‖ 16-byte tag, written to `output` where it is given
   * (exactly 16 bytes longer than the plaintext), and returned.
   * @throws RangeError where the key is not 32 bytes or the nonce not 12.
   */
  seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, output?: Uint8Array): Uint8Array;
  /**
   * The plaintext in a buffer of its own, or undefined where the tag does not verify or the input is
   * under 16 bytes.
   */
  open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array<ArrayBuffer> | undefined;
}

/** Throws a RangeError unless the key is 32 bytes and the nonce 12: other lengths never reach a cipher. */
export function requireKeyAndNonce(key: Uint8Array, nonce: Uint8Array): void {
  if (key.length !== KEY_BYTES) throw new RangeError(`"key" expected 32 bytes, got ${key.length}`);
  if (nonce.length !== NONCE_BYTES) throw new RangeError(`"nonce" expected 12 bytes, got ${nonce.length}`);
}
