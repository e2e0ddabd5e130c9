/** What has to be cleared later, and how it is told apart from what was copied meanwhile. */
import { createHmac, randomBytes } from "node:crypto";
import { equalBytes, fromBase64, toBase64 } from "../../core/bytes.ts";

const KEY_BYTES = 32;

/**
 * Enough to recognise a value, not to tell it. It is JSON as it stands, and goes with the environment that leads
 * to the clipboard.
 */
export interface ClearOrder {
  /** Base64. A key of this order alone: equal values give different fingerprints. */
  readonly key: string;
  /** Base64: HMAC-SHA-256 of the value. */
  readonly fingerprint: string;
  readonly afterMs: number;
}

export function clearOrder(bytes: Uint8Array, afterMs: number): ClearOrder {
  const key = randomBytes(KEY_BYTES);
  return { key: toBase64(key), fingerprint: toBase64(hmac(key, bytes)), afterMs };
}

/** @returns whether `bytes` are the value that the order is about */
export function matchesOrder({ key, fingerprint }: ClearOrder, bytes: Uint8Array): boolean {
  const [keyBytes, expected] = [fromBase64(key), fromBase64(fingerprint)];
  if (keyBytes === undefined || expected === undefined) return false;
  return equalBytes(hmac(keyBytes, bytes), expected);
}

function hmac(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return createHmac("sha256", key).update(bytes).digest();
}
