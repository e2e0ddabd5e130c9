/** Base32 (RFC 4648 section 6), as secrets of one-time codes are written. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BITS = 5;

/** Without padding: authenticators don't write it. */
export function toBase32(bytes: Uint8Array): string {
  let text = "";
  let [pending, bits] = [0, 0];
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    for (bits += 8; bits >= BITS; bits -= BITS) text += ALPHABET[(pending >>> (bits - BITS)) & 31];
    pending &= 31;
  }
  return bits === 0 ? text : text + ALPHABET[(pending << (BITS - bits)) & 31];
}

/**
 * The bytes of a text that people copy off a page: lower case, spaces, dashes and missing padding are fine, and bits
 * that fill no byte are dropped, as authenticators do. Undefined where it is not one, or holds no byte.
 */
export function fromBase32(text: string): Uint8Array | undefined {
  const letters = text.toUpperCase().replaceAll(/[\s-]/gu, "").replace(/=+$/u, "");
  const bytes = new Uint8Array(Math.floor((letters.length * BITS) / 8));
  let [pending, bits, at] = [0, 0, 0];
  for (const letter of letters) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return undefined;
    pending = ((pending << BITS) | value) & 0xfff;
    bits += BITS;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = pending >>> bits;
  }
  return bytes.length === 0 ? undefined : bytes;
}
