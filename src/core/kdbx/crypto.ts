/** What KDBX is made of: pm's back end, AES of WebCrypto, and the rest by noble, which is loaded for it alone. */
import { concat } from "../bytes.ts";
import type { Argon2Input, CryptoBackend } from "../crypto/backend.ts";
import type { Argon2Params } from "../crypto/kdf.ts";

export type Argon2Kind = "argon2d" | "argon2id";
export type Subtle = InstanceType<typeof SubtleCrypto>;

/** What noble gives for it. */
export interface KdbxPrimitives {
  sha512(...parts: readonly Uint8Array[]): Uint8Array;
  hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array;
  /** AES-256-CBC without a look at the padding: whole blocks in, whole blocks out. */
  decryptCbc(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array;
  /** `bytes` XOR the key stream of ChaCha20 (RFC 8439 §2.4) from block `counter` on. */
  chacha20(key: Uint8Array, nonce: Uint8Array, bytes: Uint8Array, counter: number): Uint8Array;
  /** The same of Salsa20 with 20 rounds and a nonce of 8 bytes. */
  salsa20(key: Uint8Array, nonce: Uint8Array, bytes: Uint8Array, counter: number): Uint8Array;
}

export interface KdbxCrypto extends KdbxPrimitives {
  sha256(...parts: readonly Uint8Array[]): Uint8Array;
  /** Argon2 version 1.3 (RFC 9106), 32 bytes out. */
  argon2(kind: Argon2Kind, input: Argon2Input, params: Argon2Params): Promise<Uint8Array>;
  /** Each 16-byte half of `key` encrypted `rounds` times with AES-256 under `seed`. */
  aesKdf(key: Uint8Array, seed: Uint8Array, rounds: number): Promise<Uint8Array>;
}

/** What WebCrypto encrypts at once: a few milliseconds, and other things get their turn. */
const CHUNK_BLOCKS = 262_144;
const BLOCK_BYTES = 16;

export async function kdbxCrypto(backend: CryptoBackend, subtle: Subtle): Promise<KdbxCrypto> {
  const { nobleKdbx } = await import("../crypto/noble.ts");
  return {
    ...nobleKdbx,
    sha256: backend.sha256,
    argon2: (kind, input, params) => backend[kind](input, params),
    async aesKdf(key, seed, rounds) {
      const aes = await subtle.importKey("raw", seed.slice(), "AES-CBC", false, ["encrypt"]);
      const halves = [key.slice(0, BLOCK_BYTES), key.slice(BLOCK_BYTES)];
      return concat(...(await Promise.all(halves.map((half) => repeated(subtle, aes, half, rounds)))));
    },
  };
}

/** One block encrypted `rounds` times: CBC over zeros, where each block is the encryption of the one before. */
async function repeated(
  subtle: Subtle,
  key: Parameters<Subtle["encrypt"]>[1],
  block: Uint8Array<ArrayBuffer>,
  rounds: number,
): Promise<Uint8Array> {
  const zeros = new Uint8Array(BLOCK_BYTES * Math.min(rounds, CHUNK_BLOCKS));
  let last = block;
  for (let left = rounds; left > 0; left -= CHUNK_BLOCKS) {
    const length = BLOCK_BYTES * Math.min(left, CHUNK_BLOCKS);
    const sealed = await subtle.encrypt({ name: "AES-CBC", iv: last }, key, zeros.subarray(0, length));
    // The padding makes one block more.
    last = new Uint8Array(sealed, length - BLOCK_BYTES, BLOCK_BYTES);
  }
  return last;
}
