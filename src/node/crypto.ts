/** The native back end: Argon2 and AES-GCM of `node:crypto`, which is OpenSSL. */
import crypto from "node:crypto";
import {
  type Argon2Input,
  type CryptoBackend,
  requireKeyAndNonce,
  TAG_BYTES,
} from "../core/crypto/backend.ts";
import { type Argon2Params, kdfOutOfMemory } from "../core/crypto/kdf.ts";
import { release, wipe } from "../core/bytes.ts";

const CIPHER = "aes-256-gcm";

export const nativeBackend: CryptoBackend = {
  name: "native",

  sha256(...parts) {
    const hash = crypto.createHash("sha256");
    for (const part of parts) hash.update(part);
    return own(hash.digest());
  },

  hmacSha512(key, ...parts) {
    const mac = crypto.createHmac("sha512", keyOf(key));
    for (const part of parts) mac.update(part);
    return own(mac.digest());
  },

  argon2id: (input, params) => argon2("argon2id", input, params),
  argon2d: (input, params) => argon2("argon2d", input, params),

  seal(key, nonce, plaintext, output) {
    requireKeyAndNonce(key, nonce);
    const cipher = crypto.createCipheriv(CIPHER, keyOf(key), nonce, { authTagLength: TAG_BYTES });
    const sealed = output ?? new Uint8Array(plaintext.length + TAG_BYTES);
    const ciphertext = cipher.update(plaintext);
    sealed.set(ciphertext, 0);
    // Thousands of these would pile up until the garbage collector runs.
    release(ciphertext);
    cipher.final();
    sealed.set(cipher.getAuthTag(), plaintext.length);
    return sealed;
  },

  open(key, nonce, sealed) {
    requireKeyAndNonce(key, nonce);
    if (sealed.length < TAG_BYTES) return undefined;
    const decipher = crypto.createDecipheriv(CIPHER, keyOf(key), nonce, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const plaintext = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
    try {
      decipher.final();
    } catch {
      // Unverified plaintext never leaves this function.
      wipe(plaintext);
      return undefined;
    }
    return new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.length);
  },
};

/** For bytes instead of a key Node throws and catches an error within each call, which takes four times as long. */
function keyOf(bytes: Uint8Array): crypto.KeyObject {
  return crypto.createSecretKey(bytes);
}

function argon2(
  kind: "argon2id" | "argon2d",
  { password, salt, secret, data }: Argon2Input,
  params: Argon2Params,
): Promise<Uint8Array> {
  const { memoryKiB, passes, lanes } = params;
  const parameters = {
    message: password,
    nonce: salt,
    parallelism: lanes,
    tagLength: 32,
    memory: memoryKiB,
    passes,
    ...(secret === undefined ? {} : { secret }),
    ...(data === undefined ? {} : { associatedData: data }),
  };
  return new Promise((resolve, reject) => {
    crypto.argon2(kind, parameters, (error, tag) => {
      if (error === null) resolve(own(tag));
      // The inputs were checked before, so what is left is OpenSSL's "malloc failure".
      else reject(kdfOutOfMemory(params, error));
    });
  });
}

/** Small buffers of Node may lie in a shared pool; a wipe must not reach what others keep there. */
function own(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes);
  bytes.fill(0);
  return copy;
}
