/** Byte strings: text, hex, base64 and base64url, joining, constant-time comparison, wiping. */

const encoder = new TextEncoder();
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

/** RFC 4648 §4 base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(binary);
}

/** The bytes of a canonical RFC 4648 §4 base64 text, or undefined where it is not one. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const binary = atob(text);
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  // Unused trailing bits must be zero: one value, one text.
  return btoa(binary) === text ? bytes : undefined;
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
