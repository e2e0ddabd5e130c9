/** The reference back end: @noble/ciphers and @noble/hashes, the same bytes in every runtime. */
import { gcm } from "@noble/ciphers/aes.js";
import { argon2id } from "@noble/hashes/argon2.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { kdfOutOfMemory } from "./kdf.ts";
import { type CryptoBackend, requireKeyAndNonce, TAG_BYTES } from "./backend.ts";

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

  // Synchronous inside: the asynchronous variant of noble costs a third more and yields nothing here.
  async argon2id({ password, salt, secret, data }, params) {
    const { memoryKiB: m, passes: t, lanes: p } = params;
    const options = { m, t, p, dkLen: 32, version: 0x13, maxmem: m * 1024 + ARGON2_SLACK_BYTES };
    const extra = {
      ...(secret === undefined ? {} : { key: secret }),
      ...(data === undefined ? {} : { personalization: data }),
    };
    try {
      return argon2id(password, salt, { ...options, ...extra });
    } catch (error) {
      // The parameters were checked before; what can still fail is the allocation of its blocks.
      throw kdfOutOfMemory(params, error);
    }
  },

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
