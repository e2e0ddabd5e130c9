/** The reference back end: @noble/ciphers and @noble/hashes, the same bytes in every runtime. */
import { cbc, gcm } from "@noble/ciphers/aes.js";
import { chacha20 } from "@noble/ciphers/chacha.js";
import { salsa20 } from "@noble/ciphers/salsa.js";
import { argon2d, argon2id } from "@noble/hashes/argon2.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import type { KdbxPrimitives } from "../kdbx/crypto.ts";
import { type Argon2Params, kdfOutOfMemory } from "./kdf.ts";
import { type Argon2Input, type CryptoBackend, requireKeyAndNonce, TAG_BYTES } from "./backend.ts";

/** Beside the blocks of `m`, noble keeps a few of its own. */
const ARGON2_SLACK_BYTES = 65_536;

export const nobleBackend: CryptoBackend = {
  name: "noble",

  sha256(...parts) {
    const hash = sha256.create();
    for (const part of parts) hash.update(part);
    return hash.digest();
  },

  hmacSha512(key, ...parts) {
    const mac = hmac.create(sha512, key);
    for (const part of parts) mac.update(part);
    return mac.digest();
  },

  argon2id: (input, params) => argon2(argon2id, input, params),
  argon2d: (input, params) => argon2(argon2d, input, params),

  seal(key, nonce, plaintext, output) {
    requireKeyAndNonce(key, nonce);
    const sealed = gcm(key, nonce).encrypt(plaintext);
    if (output === undefined) return sealed;
    output.set(sealed);
    return output;
  },

  open(key, nonce, sealed) {
    requireKeyAndNonce(key, nonce);
    if (sealed.length < TAG_BYTES) return undefined;
    try {
      return new Uint8Array(gcm(key, nonce).decrypt(sealed));
    } catch {
      // With key, nonce and length checked above, noble throws for one reason: the tag.
      return undefined;
    }
  },
};

/** What only the format of KeePass takes. */
export const nobleKdbx: KdbxPrimitives = {
  sha512(...parts) {
    const hash = sha512.create();
    for (const part of parts) hash.update(part);
    return hash.digest();
  },

  hmacSha256(key, ...parts) {
    const mac = hmac.create(sha256, key);
    for (const part of parts) mac.update(part);
    return mac.digest();
  },

  decryptCbc: (key, iv, ciphertext) => cbc(key, iv, { disablePadding: true }).decrypt(ciphertext),
  chacha20: (key, nonce, bytes, counter) => chacha20(key, nonce, bytes, undefined, counter),
  salsa20: (key, nonce, bytes, counter) => salsa20(key, nonce, bytes, undefined, counter),
};

// Synchronous inside: the asynchronous variant of noble costs a third more and yields nothing here.
async function argon2(
  hash: typeof argon2id,
  { password, salt, secret, data }: Argon2Input,
  params: Argon2Params,
): Promise<Uint8Array> {
  const { memoryKiB: m, passes: t, lanes: p } = params;
  const options = { m, t, p, dkLen: 32, version: 0x13, maxmem: m * 1024 + ARGON2_SLACK_BYTES };
  const extra = {
    ...(secret === undefined ? {} : { key: secret }),
    ...(data === undefined ? {} : { personalization: data }),
  };
  try {
    return hash(password, salt, { ...options, ...extra });
  } catch (error) {
    // The parameters were checked before; what can still fail is the allocation of its blocks.
    throw kdfOutOfMemory(params, error);
  }
}
