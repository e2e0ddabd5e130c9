/** The private part of a key as ssh-keygen writes it, decrypted with its passphrase. */
import { type CipherGCMTypes, createDecipheriv } from "node:crypto";
import { concat, wipe } from "../../core/bytes.ts";
import { PmError } from "../../core/errors.ts";
import type { SealedKey } from "../../core/ssh/openssh-key.ts";
import { createWireReader } from "../../core/ssh/wire.ts";

interface Cipher {
  /** As node:crypto calls it. */
  readonly name: string;
  readonly keyBytes: number;
  readonly ivBytes: number;
  readonly tagBytes: number;
}

const CIPHERS: Readonly<Record<string, Cipher>> = {
  ...aes("aes128-ctr", "aes-128-ctr", 16),
  ...aes("aes192-ctr", "aes-192-ctr", 24),
  ...aes("aes256-ctr", "aes-256-ctr", 32),
  ...aes("aes128-cbc", "aes-128-cbc", 16),
  ...aes("aes192-cbc", "aes-192-cbc", 24),
  ...aes("aes256-cbc", "aes-256-cbc", 32),
  "3des-cbc": { name: "des-ede3-cbc", keyBytes: 24, ivBytes: 8, tagBytes: 0 },
  "aes128-gcm@openssh.com": { name: "aes-128-gcm", keyBytes: 16, ivBytes: 12, tagBytes: 16 },
  "aes256-gcm@openssh.com": { name: "aes-256-gcm", keyBytes: 32, ivBytes: 12, tagBytes: 16 },
};

/** About 12 ms each; nothing else is answered meanwhile. ssh-keygen takes 16 or 24 by itself. */
const MAX_ROUNDS = 256;
const MAX_SALT_BYTES = 64;

function aes(ssh: string, name: string, keyBytes: number): Record<string, Cipher> {
  return { [ssh]: { name, keyBytes, ivBytes: 16, tagBytes: 0 } };
}

/**
 * The caller wipes what it gets.
 * @param passphrase where the entry has one; not looked at where the key is not encrypted
 * @throws PmError "auth" where it is wrong or missing, "unavailable" where pm does not know the cipher, "corrupt"
 */
export async function unsealKey(key: SealedKey, passphrase: Uint8Array | undefined): Promise<Uint8Array> {
  if (key.cipher === "none" && key.kdf === "none") return key.sealed.slice();
  const cipher = Object.hasOwn(CIPHERS, key.cipher) ? CIPHERS[key.cipher] : undefined;
  if (cipher === undefined || key.kdf !== "bcrypt") {
    throw new PmError("unavailable", "its private key is encrypted in a way that is not served", {
      hint: "ssh-keygen -p -f FILE encrypts it in the usual way",
    });
  }
  if (passphrase === undefined || passphrase.length === 0) {
    throw new PmError("auth", "its private key is encrypted, and it has no field passphrase");
  }
  const derived = await derive(key.kdfOptions, passphrase, cipher.keyBytes + cipher.ivBytes);
  try {
    return decrypt(key, cipher, derived);
  } finally {
    wipe(derived);
  }
}

async function derive(options: Uint8Array, passphrase: Uint8Array, length: number): Promise<Uint8Array> {
  const reader = createWireReader(options);
  const [salt, rounds] = [reader.string(), reader.uint32()];
  if (rounds > MAX_ROUNDS) {
    throw new PmError(
      "unavailable",
      `its passphrase takes ${rounds} rounds, more than the limit of ${MAX_ROUNDS}`,
      {
        hint: "ssh-keygen -p -a 100 -f FILE",
      },
    );
  }
  const { pbkdf } = await import("bcrypt-pbkdf");
  const derived = new Uint8Array(length);
  const isDerived =
    salt.length <= MAX_SALT_BYTES &&
    pbkdf(passphrase, passphrase.length, salt, salt.length, derived, length, rounds) === 0;
  if (!isDerived) throw damaged();
  return derived;
}

function decrypt({ sealed, tag }: SealedKey, cipher: Cipher, derived: Uint8Array): Uint8Array {
  if (tag.length !== cipher.tagBytes) throw damaged();
  const key = derived.subarray(0, cipher.keyBytes);
  const iv = derived.subarray(cipher.keyBytes);
  try {
    const decipher =
      cipher.tagBytes > 0
        ? createDecipheriv(cipher.name as CipherGCMTypes, key, iv, { authTagLength: 16 }).setAuthTag(tag)
        : createDecipheriv(cipher.name, key, iv).setAutoPadding(false);
    const parts = [decipher.update(sealed), decipher.final()];
    const plain = concat(...parts);
    wipe(...parts);
    return plain;
  } catch (error) {
    // A wrong key shows here only for the ciphers with a tag, and a length that is none for the others.
    if (cipher.tagBytes === 0) throw damaged(error);
    throw new PmError("auth", "the passphrase is not that of the key", { cause: error });
  }
}

function damaged(cause?: unknown): PmError {
  return new PmError("corrupt", "its private key is damaged", { cause });
}
