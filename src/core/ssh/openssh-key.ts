/** Private keys as ssh-keygen writes them (PROTOCOL.key of OpenSSH). Nothing is decrypted here. */
import { equalBytes, fromBase64, utf8 } from "../bytes.ts";
import { PmError } from "../errors.ts";
import { createWireReader, type WireReader } from "./wire.ts";

const MAGIC: Uint8Array = utf8("openssh-key-v1\0");
const BEGIN = "-----BEGIN OPENSSH PRIVATE KEY-----"; // not-a-secret
const END = "-----END OPENSSH PRIVATE KEY-----";
/** RSA of 16,384 bits, which is what ssh-keygen goes to. */
const MAX_NUMBER_BYTES = 2048;

export interface SealedKey {
  readonly cipher: string;
  readonly kdf: string;
  readonly kdfOptions: Uint8Array;
  /** The public key, as agents and servers compare it. */
  readonly publicBlob: Uint8Array;
  /** The private part, encrypted unless `cipher` is "none". */
  readonly sealed: Uint8Array;
  /** What follows: the tag of an AEAD cipher. */
  readonly tag: Uint8Array;
}

/** The numbers of a private key; views of the bytes they were read from. */
export type PrivateParts =
  | { readonly kind: "ed25519"; readonly seed: Uint8Array }
  | { readonly kind: "ecdsa"; readonly curve: string; readonly d: Uint8Array }
  | ({ readonly kind: "rsa" } & Readonly<Record<"n" | "e" | "d" | "inverse" | "p" | "q", Uint8Array>>);

/** Whether a text is in this format; others are PEM. */
export function isOpensshKey(text: string): boolean {
  return text.trimStart().startsWith(BEGIN);
}

/** The bytes in the armour; the caller wipes them. @throws PmError "corrupt" */
export function unarmour(text: string): Uint8Array {
  const from = text.indexOf(BEGIN) + BEGIN.length;
  const to = text.indexOf(END, from);
  const bytes = to < 0 ? undefined : fromBase64(text.slice(from, to).replaceAll(/\s/g, ""));
  if (bytes === undefined) throw damaged();
  return bytes;
}

/** @throws PmError "corrupt" */
export function parseSealedKey(bytes: Uint8Array): SealedKey {
  if (!equalBytes(bytes.subarray(0, MAGIC.length), MAGIC)) throw damaged();
  const reader = createWireReader(bytes.subarray(MAGIC.length));
  const [cipher, kdf, kdfOptions] = [reader.text(), reader.text(), reader.string()];
  // The format has room for several; no program writes them.
  if (reader.uint32() !== 1) throw damaged();
  return {
    cipher,
    kdf,
    kdfOptions,
    publicBlob: reader.string(),
    sealed: reader.string(),
    tag: reader.rest(),
  };
}

/**
 * @param bytes the private part, decrypted
 * @throws PmError "auth" where it was decrypted with another key, "unavailable" for a kind that pm does
 * not serve, "corrupt"
 */
export function parsePrivateParts(bytes: Uint8Array): PrivateParts {
  const reader = createWireReader(bytes);
  if (reader.uint32() !== reader.uint32()) throw new PmError("auth", "the passphrase is not that of the key");
  const type = reader.text();
  const parts = partsOf(type, reader);
  reader.string();
  const isPadded = reader.rest().every((byte, index) => byte === (index + 1) % 256);
  if (!isPadded) throw damaged();
  return parts;
}

function partsOf(type: string, reader: WireReader): PrivateParts {
  const number = (): Uint8Array => reader.positive(MAX_NUMBER_BYTES);
  switch (type) {
    case "ssh-ed25519": {
      reader.string();
      const both = reader.string();
      if (both.length !== 64) throw damaged();
      return { kind: "ed25519", seed: both.subarray(0, 32) };
    }
    case "ecdsa-sha2-nistp256":
    case "ecdsa-sha2-nistp384":
    case "ecdsa-sha2-nistp521": {
      const curve = reader.text();
      reader.string();
      return { kind: "ecdsa", curve, d: number() };
    }
    case "ssh-rsa":
      // Their order in the file.
      return {
        kind: "rsa",
        n: number(),
        e: number(),
        d: number(),
        inverse: number(),
        p: number(),
        q: number(),
      };
    default:
      throw unserved(type);
  }
}

const SERVED = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "ssh-rsa",
];

/** The public key of a line as in id_ed25519.pub. @throws PmError "corrupt", "unavailable" */
export function parsePublicLine(text: string): Uint8Array {
  const [type = "", base64 = ""] = text.trim().split(/\s+/);
  const blob = fromBase64(base64);
  if (blob === undefined || blob.length === 0) throw new PmError("corrupt", "its public key is damaged");
  if (requireServed(blob) !== type) throw new PmError("corrupt", "its public key is damaged");
  return blob;
}

/** The type of a public key. @throws PmError "unavailable" for certificates, hardware keys and others */
export function requireServed(blob: Uint8Array): string {
  const type = createWireReader(blob).text();
  if (!SERVED.includes(type)) throw unserved(type);
  return type;
}

function unserved(type: string): PmError {
  const name = /^[\x21-\x7e]{1,64}$/.test(type) ? type : "unknown";
  return new PmError("unavailable", `pm serves no keys of the type ${name}`);
}

function damaged(): PmError {
  return new PmError("corrupt", "its private key is damaged");
}
