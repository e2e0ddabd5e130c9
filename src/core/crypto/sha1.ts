/**
 * SHA-1 (FIPS 180-4) and HMAC with it (RFC 2104), which nearly all one-time codes are made with: a code must
 * not cost the time to load a library. For nothing else: as a hash SHA-1 is broken.
 */
import { concat } from "../bytes.ts";

const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;
const ROUNDS = 80;

/** FIPS 180-4 §5.3.1 */
const INITIAL = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0] as const;
/** FIPS 180-4 §4.2.1, for twenty rounds each. */
const CONSTANTS = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6] as const;

/** SHA-1 of `message`; no part of it is kept. */
export function sha1(message: Uint8Array): Uint8Array {
  const padding = BLOCK_BYTES - ((message.length + 1 + LENGTH_BYTES) % BLOCK_BYTES || BLOCK_BYTES);
  const padded = concat(message, Uint8Array.of(0x80), new Uint8Array(padding + LENGTH_BYTES));
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, message.length * 8);
  const state = Uint32Array.from(INITIAL);
  for (let block = 0; block < padded.length; block += BLOCK_BYTES) compress(state, view, block);
  padded.fill(0);
  const digest = new DataView(new ArrayBuffer(20));
  for (const [n, word] of state.entries()) digest.setUint32(4 * n, word);
  return new Uint8Array(digest.buffer);
}

/** HMAC-SHA-1 under a key of any length. */
export function hmacSha1(key: Uint8Array, message: Uint8Array): Uint8Array {
  const short = key.length > BLOCK_BYTES ? sha1(key) : key;
  const pad = (mask: number): Uint8Array =>
    Uint8Array.from({ length: BLOCK_BYTES }, (_, n) => (short[n] ?? 0) ^ mask);
  return sha1(concat(pad(0x5c), sha1(concat(pad(0x36), message))));
}

/** FIPS 180-4 §6.1.2 */
function compress(state: Uint32Array, view: DataView, block: number): void {
  const words = schedule(view, block);
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (let n = 0; n < ROUNDS; n++) {
    const constant = CONSTANTS[Math.floor(n / 20)] as number;
    const t = (rotate(a, 5) + choose(n, b, c, d) + e + constant + (words[n] as number)) | 0;
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = t;
  }
  for (const [n, sum] of [a, b, c, d, e].entries()) state[n] = (state[n] as number) + sum;
}

/** FIPS 180-4 §4.1.1 */
function choose(round: number, b: number, c: number, d: number): number {
  if (round < 20) return (b & c) ^ (~b & d);
  return round >= 40 && round < 60 ? (b & c) ^ (b & d) ^ (c & d) : b ^ c ^ d;
}

function schedule(view: DataView, block: number): Uint32Array {
  const words = new Uint32Array(ROUNDS);
  const word = (n: number): number => words[n] as number;
  for (let n = 0; n < 16; n++) words[n] = view.getUint32(block + 4 * n);
  for (let n = 16; n < ROUNDS; n++)
    words[n] = rotate(word(n - 3) ^ word(n - 8) ^ word(n - 14) ^ word(n - 16), 1);
  return words;
}

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}
