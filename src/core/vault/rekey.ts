/** Renewing the vault root key: the key history of docs/format.md section 6.5. */
import { equalBytes, toHex, utf8, wipe } from "../bytes.ts";
import type { CryptoBackend } from "../crypto/backend.ts";
import { hkdfExpand, LABEL, rootKeyId } from "../crypto/keys.ts";
import type { KeyChange } from "./root.ts";

const MAC_BYTES = 32;

/** A root key and which one it is. */
export interface RootKeyOf {
  readonly epoch: number;
  readonly rootKey: Uint8Array;
}

/** What a key says of the one that follows it. */
export function keyChange(crypto: CryptoBackend, old: RootKeyOf, next: RootKeyOf): KeyChange {
  const mac = macOf(crypto, old.rootKey, { epoch: next.epoch, keyId: rootKeyId(crypto, next.rootKey) });
  return { epoch: old.epoch, keyId: rootKeyId(crypto, old.rootKey), mac: toHex(mac) };
}

/**
 * Whether a vault's root key follows from `known`: whoever renewed it knew that one.
 * @param vault the key of a later epoch, and the history that stands beside it
 */
export function followsFrom(
  crypto: CryptoBackend,
  known: RootKeyOf,
  vault: RootKeyOf & { readonly keyHistory: readonly KeyChange[] },
): boolean {
  const keyId = rootKeyId(crypto, known.rootKey);
  const at = vault.keyHistory.findIndex((change) => change.epoch === known.epoch && change.keyId === keyId);
  const change = vault.keyHistory[at];
  if (change === undefined) return false;
  // Not the next one where another device renewed the same key: then two of the history follow from it.
  const later = [
    ...vault.keyHistory.slice(at + 1),
    { epoch: vault.epoch, keyId: rootKeyId(crypto, vault.rootKey) },
  ];
  const mac = utf8(change.mac);
  return later.some((next) => equalBytes(utf8(toHex(macOf(crypto, known.rootKey, next))), mac));
}

function macOf(
  crypto: CryptoBackend,
  rootKey: Uint8Array,
  next: { readonly epoch: number; readonly keyId: string },
): Uint8Array {
  const key = hkdfExpand(crypto, rootKey, LABEL.rotate, MAC_BYTES);
  const mac = crypto.hmacSha512(key, utf8(`${next.epoch}:${next.keyId}`));
  wipe(key);
  return mac.subarray(0, MAC_BYTES);
}
