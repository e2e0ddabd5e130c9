/**
 * SHA-256 (FIPS 180-4) and HMAC (RFC 2104) of short texts, for calls that need nothing else of cryptography:
 * loading a whole library would cost them more time than all the rest.
 */
import { concat } from "../bytes.ts";

const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;
const ROUNDS = 64;

/** The first 32 bits of the fractional parts of a root of the first primes (FIPS 180-4 §4.2.2, §5.3.3). */
function fractions(count: number, root: (prime: number) => number): Uint32Array {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return Uint32Array.from(primes, (prime) => (root(prime) % 1) * 2 ** 32);
}

const CONSTANTS = fractions(ROUNDS, Math.cbrt);
const INITIAL = fractions(8, Math.sqrt);

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
