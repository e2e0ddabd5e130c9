/** Byte strings: text, hex, base64 and base64url, joining, constant-time comparison, wiping. */

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8 bytes of `text`, in memory of their own (never a shared pool), so that they can be wiped. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Whether `text` is more than `limit` bytes of UTF-8; encoded only where its length leaves that open. */
export function isLongerThan(text: string, limit: number): boolean {
  if (text.length * 3 <= limit) return false;
  return text.length > limit || encoder.encode(text).length > limit;
}

/** The text of `bytes`, or undefined where they are not well-formed UTF-8. A BOM is kept. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** One new array holding `parts` one after the other. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return joined(parts);
}

/** The same of any number: a call takes only so many arguments. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/**
 * Whether `a` and `b` hold the same bytes. The time depends on the lengths only, not on where they
 * differ; the lengths are public wherever this is used.
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

/** A loop: a callback for each byte of a header or of megabytes of padding would be the slowest step of a read. */
export function isZero(bytes: Uint8Array, from = 0): boolean {
  for (let i = from; i < bytes.length; i++) if (bytes[i] !== 0) return false;
  return true;
}

/** Overwrites `bytes` with zeros. Best effort: the garbage collector may have copied them. */
export function wipe(...arrays: readonly (Uint8Array | undefined)[]): void {
  for (const bytes of arrays) bytes?.fill(0);
}

/**
 * Wipes `bytes` and frees the memory under them now; every view of it is empty afterwards. For large
 * buffers of one owner: the garbage collector would keep several of them side by side.
 */
export function release(bytes: Uint8Array<ArrayBuffer>): void {
  bytes.fill(0);
  bytes.buffer.transfer(0);
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Lowercase hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte] as string;
  return text;
}

/** The bytes of a hexadecimal text, or undefined where it is not one. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

const DIGITS = utf8("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
const PAD = 0x3d;

/** RFC 4648 §4 base64 with padding. By tables: an attachment has megabytes, of which btoa makes seconds. */
export function toBase64(bytes: Uint8Array): string {
  const text = new Uint8Array(4 * Math.ceil(bytes.length / 3)).fill(PAD);
  const digit = (bits: number): number => DIGITS[bits & 63] as number;
  for (let i = 0, at = 0; i < bytes.length; i += 3, at += 4) {
    const a = bytes[i] ?? 0;
    const b = bytes[i + 1] ?? 0;
    const c = bytes[i + 2] ?? 0;
    text[at] = digit(a >> 2);
    text[at + 1] = digit((a << 4) | (b >> 4));
    if (i + 1 < bytes.length) text[at + 2] = digit((b << 2) | (c >> 6));
    if (i + 2 < bytes.length) text[at + 3] = digit(c);
  }
  return decoder.decode(text);
}

const NO_DIGIT = 64;
const VALUES = new Uint8Array(128).fill(NO_DIGIT);
DIGITS.forEach((code, value) => (VALUES[code] = value));

/** The bytes of a canonical RFC 4648 §4 base64 text, or undefined where it is not one. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const pads = text.endsWith("==") ? 2 : Number(text.endsWith("="));
  const digits = text.length - pads;
  const bytes = new Uint8Array((digits * 3) >> 2);
  let [wrong, last, at] = [0, 0, 0];
  const value = (i: number): number => (i < digits ? (VALUES[text.charCodeAt(i)] ?? NO_DIGIT) : 0);
  for (let i = 0; i < digits; i += 4) {
    const a = value(i);
    const b = value(i + 1);
    const c = value(i + 2);
    const d = value(i + 3);
    wrong |= a | b | c | d;
    // What lies behind the end is not stored.
    bytes[at++] = (a << 2) | (b >> 4);
    bytes[at++] = (b << 4) | (c >> 2);
    bytes[at++] = (c << 6) | d;
    last = pads === 2 ? b : c;
  }
  // Unused trailing bits must be zero: one value, one text.
  const unused = pads === 0 ? 0 : last & (pads === 1 ? 3 : 15);
  return (wrong & NO_DIGIT) === 0 && unused === 0 ? bytes : undefined;
}

/** RFC 4648 §5 base64url without padding. */
export function toBase64url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The bytes of a canonical, unpadded RFC 4648 §5 text, or undefined where it is not one. */
export function fromBase64url(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return undefined;
  const padded = text
    .replaceAll("-", "+")
    .replaceAll("_", "/")
    .padEnd(Math.ceil(text.length / 4) * 4, "=");
  return fromBase64(padded);
}
