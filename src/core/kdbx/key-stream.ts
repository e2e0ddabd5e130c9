/** The second cipher of KDBX: it masks protected values inside the document, one after the other. */
import { fromHex } from "../bytes.ts";
import { unsupported } from "./byte-reader.ts";
import type { KdbxCrypto } from "./crypto.ts";

/** Masks or unmasks: a new array, `bytes` XOR the next bytes of the stream. */
export type KeyStream = (bytes: Uint8Array) => Uint8Array;

export const CHACHA20_STREAM = 3;
const SALSA20_STREAM = 2;
const NO_STREAM = 0;
const SALSA20_NONCE = fromHex("e830094b97205d2a") as Uint8Array;
const BLOCK_BYTES = 64;

/** @throws PmError "unsupported-feature". */
export function keyStream(crypto: KdbxCrypto, id: number, secret: Uint8Array): KeyStream {
  if (id === NO_STREAM) return (bytes) => bytes.slice();
  if (id === SALSA20_STREAM) {
    const key = crypto.sha256(secret);
    return continuous((bytes, counter) => crypto.salsa20(key, SALSA20_NONCE, bytes, counter));
  }
  if (id === CHACHA20_STREAM) {
    const material = crypto.sha512(secret);
    const [key, nonce] = [material.subarray(0, 32), material.subarray(32, 44)];
    return continuous((bytes, counter) => crypto.chacha20(key, nonce, bytes, counter));
  }
  throw unsupported("this protection of values", "save the database once more in KeePassXC or KeePass 2");
}

/** Values begin anywhere in a block; the cipher only at the start of one. */
function continuous(xor: (bytes: Uint8Array, counter: number) => Uint8Array): KeyStream {
  let position = 0;
  return (bytes) => {
    const skip = position % BLOCK_BYTES;
    const padded = new Uint8Array(skip + bytes.length);
    padded.set(bytes, skip);
    const result = xor(padded, Math.floor(position / BLOCK_BYTES));
    position += bytes.length;
    return result.subarray(skip);
  };
}
