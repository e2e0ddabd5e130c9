/** Private keys for SSH, in every form that ssh-add takes, and their signatures. */
import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { concat, equalBytes, fromUtf8, wipe } from "../../core/bytes.ts";
import { PmError } from "../../core/errors.ts";
import { RSA_SHA2_256, RSA_SHA2_512 } from "../../core/ssh/agent-messages.ts";
import { derOf } from "../../core/ssh/der.ts";
import { isOpensshKey, parsePrivateParts, parseSealedKey, unarmour } from "../../core/ssh/openssh-key.ts";
import { wireNumber, wireString } from "../../core/ssh/wire.ts";
import { blobOf, curveOf, sshCurve } from "./public-key.ts";
import { unsealKey } from "./unseal-key.ts";

/** As the fields of an entry hold it; both stay the caller's. */
export interface KeyText {
  readonly bytes: Uint8Array;
  readonly passphrase: Uint8Array | undefined;
}

const HASHES: Readonly<Record<string, string>> = { "P-256": "sha256", "P-384": "sha384", "P-521": "sha512" };

/** The public key of a private one, for which ssh-keygen's form needs no passphrase. @throws as {@link readPrivateKey} */
export async function publicBlobOf(key: KeyText): Promise<Uint8Array> {
  const text = textOf(key);
  if (!isOpensshKey(text)) return blobOf(await readPrivateKey(key));
  const bytes = unarmour(text);
  const { publicBlob } = parseSealedKey(bytes);
  const blob = publicBlob.slice();
  wipe(bytes);
  return blob;
}

/** @throws PmError "auth", "corrupt" or "unavailable", saying what is wrong with the key */
export async function readPrivateKey(key: KeyText): Promise<KeyObject> {
  const text = textOf(key);
  return isOpensshKey(text) ? await readOpenssh(text, key.passphrase) : readPem(key);
}

async function readOpenssh(text: string, passphrase: Uint8Array | undefined): Promise<KeyObject> {
  const bytes = unarmour(text);
  let plain: Uint8Array | undefined;
  try {
    const container = parseSealedKey(bytes);
    plain = await unsealKey(container, passphrase);
    const key = toKeyObject(plain);
    if (!equalBytes(blobOf(key), container.publicBlob)) throw damaged();
    return key;
  } finally {
    wipe(bytes, plain);
  }
}

function toKeyObject(plain: Uint8Array): KeyObject {
  const { der, type } = derOf(parsePrivateParts(plain));
  try {
    return createPrivateKey({ key: view(der), format: "der", type });
  } catch (error) {
    throw damaged(error);
  } finally {
    wipe(der);
  }
}

/** PKCS#8, PKCS#1 and SEC 1, encrypted or not. */
function readPem({ bytes, passphrase }: KeyText): KeyObject {
  try {
    return createPrivateKey({
      key: view(bytes),
      format: "pem",
      ...(passphrase === undefined ? {} : { passphrase: view(passphrase) }),
    });
  } catch (error) {
    const isSealed = /ENCRYPTED/.test(fromUtf8(bytes.subarray(0, 200)) ?? "");
    if (!isSealed) throw damaged(error);
    const why =
      passphrase === undefined ? "it has no field passphrase" : "the passphrase is not that of the key";
    throw new PmError("auth", `its private key is encrypted, and ${why}`, { cause: error });
  }
}

/** node:crypto takes its keys as Buffer; this one has the same memory. */
function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function textOf({ bytes }: KeyText): string {
  const text = fromUtf8(bytes);
  if (text === undefined) throw damaged();
  return text;
}

/**
 * A signature with the name of its algorithm in front.
 * @param flags of the request
 * @throws PmError "unavailable" for SHA-1, which is what an RSA key without flags is asked for, and for
 * flags that say what pm does not know
 */
export function signWith(key: KeyObject, data: Uint8Array, flags: number): Uint8Array {
  if ((flags & ~(RSA_SHA2_256 | RSA_SHA2_512)) !== 0) throw unknownSignature("asked for in an unknown way");
  switch (key.asymmetricKeyType) {
    case "ed25519":
      return named("ssh-ed25519", sign(null, data, key));
    case "ec":
      return signEc(key, data);
    case "rsa": {
      if (flags === 0) throw unknownSignature("asked for with SHA-1, which is broken");
      const bits = (flags & RSA_SHA2_512) === 0 ? "256" : "512";
      return named(`rsa-sha2-${bits}`, sign(`sha${bits}`, data, key));
    }
    default:
      throw unknownSignature("asked for of a key that can't");
  }
}

function signEc(key: KeyObject, data: Uint8Array): Uint8Array {
  const curve = curveOf(key);
  const raw = sign(HASHES[curve] ?? "", data, { key, dsaEncoding: "ieee-p1363" });
  const half = raw.length / 2;
  const numbers = [raw.subarray(0, half), raw.subarray(half)].map(wireNumber);
  return named(`ecdsa-sha2-${sshCurve(curve)}`, concat(...numbers));
}

function named(algorithm: string, signature: Uint8Array): Uint8Array {
  return concat(wireString(algorithm), wireString(signature));
}

function unknownSignature(how: string): PmError {
  return new PmError("unavailable", `a signature was ${how}`);
}

function damaged(cause?: unknown): PmError {
  return new PmError("corrupt", "its private key is damaged", { cause });
}
