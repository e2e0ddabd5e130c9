/** HKDF with SHA-512 (RFC 5869) and the labels of every key that pm derives. */
import { concat, toHex, utf8, wipe } from "../bytes.ts";
import type { CryptoBackend } from "./backend.ts";

export type Label =
  | "body"
  | "stateMac"
  | "vrkId"
  | "rotate"
  | "slot"
  | "keyFile"
  | "recovery"
  | "token"
  | "tokenSecret"
  | "secretKey"
  | "share"
  | "accessLog";

/** Each label names one purpose; `docs/format.md` section 2 lists them. */
export const LABEL: Readonly<Record<Label, Uint8Array>> = {
  body: utf8("pm/v1/body"),
  stateMac: utf8("pm/v1/state-mac"),
  vrkId: utf8("pm/v1/vrk-id"),
  rotate: utf8("pm/v1/rotate"),
  slot: utf8("pm/v1/slot"),
  keyFile: utf8("pm/v1/keyfile"),
  recovery: utf8("pm/v1/recovery"),
  token: utf8("pm/v1/token"),
  tokenSecret: utf8("pm/v1/tok"),
  secretKey: utf8("pm/v1/secret"),
  share: utf8("pm/v1/share"),
  accessLog: utf8("pm/v1/access-log"),
};

/** RFC 5869 §2.2: the pseudorandom key, 64 bytes. */
export function hkdfExtract(crypto: CryptoBackend, salt: Uint8Array, ikm: Uint8Array): Uint8Array {
  return crypto.hmacSha512(salt, ikm);
}

const HASH_BYTES = 64;

/**
 * RFC 5869 §2.3. A vault root key may stand as `prk` because it is uniformly random; a user's secret
 * always goes through {@link hkdfExtract} first.
 * @throws RangeError where more than 255 blocks are asked for.
 */
export function hkdfExpand(
  crypto: CryptoBackend,
  prk: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array {
  if (length > 255 * HASH_BYTES) throw new RangeError(`"length" expected at most 16320, got ${length}`);
  const output = new Uint8Array(length);
  let block: Uint8Array = new Uint8Array(0);
  for (let offset = 0, counter = 1; offset < length; offset += HASH_BYTES, counter++) {
    const next = crypto.hmacSha512(prk, block, info, Uint8Array.of(counter));
    wipe(block);
    block = next;
    output.set(block.subarray(0, Math.min(HASH_BYTES, length - offset)), offset);
  }
  wipe(block);
  return output;
}

const KEY_ID_BYTES = 16;

/** Names a vault root key without telling anything of it: 32 hex digits. */
export function rootKeyId(crypto: CryptoBackend, rootKey: Uint8Array): string {
  return toHex(hkdfExpand(crypto, rootKey, LABEL.vrkId, KEY_ID_BYTES));
}

/** SHA-256(label ‖ 0 ‖ bytes): the input X of a slot, and the source of the checksums of printed codes. */
export function labelledHash(crypto: CryptoBackend, label: Uint8Array, bytes: Uint8Array): Uint8Array {
  return crypto.sha256(concat(label, Uint8Array.of(0), bytes));
}

/** A key that is zeroed when its scope ends: `using key = new Key(bytes)`. */
export class Key implements Disposable {
  readonly bytes: Uint8Array;

  /** Takes ownership of `bytes`. */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  [Symbol.dispose](): void {
    wipe(this.bytes);
  }
}
