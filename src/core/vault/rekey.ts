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

/** What the old key says of the one that follows it. */
export function keyChange(crypto: CryptoBackend, old: RootKeyOf, nextKey: Uint8Array): KeyChange {
  const next = { epoch: old.epoch + 1, keyId: rootKeyId(crypto, nextKey) };
  return {
    epoch: old.epoch,
    keyId: rootKeyId(crypto, old.rootKey),
    mac: toHex(macOf(crypto, old.rootKey, next)),
  };
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
  const next = vault.keyHistory[at + 1] ?? { epoch: vault.epoch, keyId: rootKeyId(crypto, vault.rootKey) };
  return equalBytes(utf8(toHex(macOf(crypto, known.rootKey, next))), utf8(change.mac));
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
