/**
 * SHA-256 (FIPS 180-4) and HMAC (RFC 2104) of short texts, for calls that need nothing else of cryptography:
 * loading a whole library would cost them more time than all the rest.
 */
import { concat } from "../bytes.ts";

const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;
const ROUNDS = 64;

/** FIPS 180-4 §4.2.2. As numbers, for working them out took each call three quarters of a millisecond. */
const CONSTANTS = Uint32Array.of(
  0x428a2f98,
  0x71374491,
  0xb5c0fbcf,
  0xe9b5dba5,
  0x3956c25b,
  0x59f111f1,
  0x923f82a4,
  0xab1c5ed5,
  0xd807aa98,
  0x12835b01,
  0x243185be,
  0x550c7dc3,
  0x72be5d74,
  0x80deb1fe,
  0x9bdc06a7,
  0xc19bf174,
  0xe49b69c1,
  0xefbe4786,
  0x0fc19dc6,
  0x240ca1cc,
  0x2de92c6f,
  0x4a7484aa,
  0x5cb0a9dc,
  0x76f988da,
  0x983e5152,
  0xa831c66d,
  0xb00327c8,
  0xbf597fc7,
  0xc6e00bf3,
  0xd5a79147,
  0x06ca6351,
  0x14292967,
  0x27b70a85,
  0x2e1b2138,
  0x4d2c6dfc,
  0x53380d13,
  0x650a7354,
  0x766a0abb,
  0x81c2c92e,
  0x92722c85,
  0xa2bfe8a1,
  0xa81a664b,
  0xc24b8b70,
  0xc76c51a3,
  0xd192e819,
  0xd6990624,
  0xf40e3585,
  0x106aa070,
  0x19a4c116,
  0x1e376c08,
  0x2748774c,
  0x34b0bcb5,
  0x391c0cb3,
  0x4ed8aa4a,
  0x5b9cca4f,
  0x682e6ff3,
  0x748f82ee,
  0x78a5636f,
  0x84c87814,
  0x8cc70208,
  0x90befffa,
  0xa4506ceb,
  0xbef9a3f7,
  0xc67178f2,
);
/** FIPS 180-4 §5.3.3. */
const INITIAL = Uint32Array.of(
  0x6a09e667,
  0xbb67ae85,
  0x3c6ef372,
  0xa54ff53a,
  0x510e527f,
  0x9b05688c,
  0x1f83d9ab,
  0x5be0cd19,
);

/** SHA-256 of `message`; no part of it is kept. */
export function sha256(message: Uint8Array): Uint8Array {
  const padding = BLOCK_BYTES - ((message.length + 1 + LENGTH_BYTES) % BLOCK_BYTES || BLOCK_BYTES);
  const padded = concat(message, Uint8Array.of(0x80), new Uint8Array(padding + LENGTH_BYTES));
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, message.length * 8);
  const state = INITIAL.slice();
  for (let block = 0; block < padded.length; block += BLOCK_BYTES) compress(state, view, block);
  const digest = new DataView(new ArrayBuffer(32));
  for (const [n, word] of state.entries()) digest.setUint32(4 * n, word);
  return new Uint8Array(digest.buffer);
}

/** HMAC-SHA-256. @throws RangeError where the key is longer than a block */
export function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  if (key.length > BLOCK_BYTES) throw new RangeError(`"key" expected at most 64 bytes, got ${key.length}`);
  const pad = (mask: number): Uint8Array =>
    Uint8Array.from({ length: BLOCK_BYTES }, (_, n) => (key[n] ?? 0) ^ mask);
  return sha256(concat(pad(0x5c), sha256(concat(pad(0x36), message))));
}

/** FIPS 180-4 §6.2.2. In plain steps: it runs a few times, too few for the compiler to help. */
function compress(state: Uint32Array, view: DataView, block: number): void {
  const words = schedule(view, block);
  const word = (n: number): number => state[n] as number;
  let [a, b, c, d] = [word(0), word(1), word(2), word(3)];
  let [e, f, g, h] = [word(4), word(5), word(6), word(7)];
  for (let n = 0; n < ROUNDS; n++) {
    const one = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t = (h + one + ((e & f) ^ (~e & g)) + (CONSTANTS[n] as number) + (words[n] as number)) | 0;
    const zero = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const u = (zero + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t) | 0;
    d = c;
    c = b;
    b = a;
    a = (t + u) | 0;
  }
  const sums = [a, b, c, d, e, f, g, h];
  for (let n = 0; n < sums.length; n++) state[n] = word(n) + (sums[n] as number);
}

function schedule(view: DataView, block: number): Uint32Array {
  const words = new Uint32Array(ROUNDS);
  const word = (n: number): number => words[n] as number;
  for (let n = 0; n < 16; n++) words[n] = view.getUint32(block + 4 * n);
  for (let n = 16; n < ROUNDS; n++) {
    const late = rotate(word(n - 2), 17) ^ rotate(word(n - 2), 19) ^ (word(n - 2) >>> 10);
    const early = rotate(word(n - 15), 7) ^ rotate(word(n - 15), 18) ^ (word(n - 15) >>> 3);
    words[n] = late + word(n - 7) + early + word(n - 16);
  }
  return words;
}

function rotate(x: number, by: number): number {
  return (x >>> by) | (x << (32 - by));
}
