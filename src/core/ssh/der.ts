/** Private keys in DER, the form that every cryptographic library takes. The caller wipes what it gets. */
import { concat, fromHex, toHex, wipe } from "../bytes.ts";
import { PmError } from "../errors.ts";
import type { PrivateParts } from "./openssh-key.ts";

export interface DerKey {
  readonly type: "pkcs8" | "pkcs1";
  readonly der: Uint8Array;
}

/** By the name of SSH: the object identifier in DER, and the bytes of a private number. */
const CURVES: Readonly<Record<string, readonly [oid: string, bytes: number]>> = {
  nistp256: ["06082a8648ce3d030107", 32],
  nistp384: ["06052b81040022", 48],
  nistp521: ["06052b81040023", 66],
};

const INTEGER = 0x02;
const OCTETS = 0x04;
const SEQUENCE = 0x30;
/** version 0, algorithm 1.3.101.112 (RFC 8410). */
const ED25519_HEAD = "020100300506032b6570";

/** 1.2.840.10045.2.1 (RFC 5480). */
const EC_PUBLIC_KEY = "06072a8648ce3d0201";

/** @throws PmError "corrupt" where the numbers are no key */
export function derOf(parts: PrivateParts): DerKey {
  switch (parts.kind) {
    case "ed25519":
      return {
        type: "pkcs8",
        der: tagged(SEQUENCE, hex(ED25519_HEAD), tagged(OCTETS, tagged(OCTETS, parts.seed))),
      };
    case "ecdsa":
      return { type: "pkcs8", der: ecKey(parts.curve, parts.d) };
    case "rsa":
      return { type: "pkcs1", der: rsaKey(parts) };
  }
}

/** RFC 5915 in RFC 5958, without the public key: it is computed, and can then be compared. */
function ecKey(curve: string, d: Uint8Array): Uint8Array {
  const [oid, length] = CURVES[curve] ?? [];
  if (oid === undefined || length === undefined || d.length > length) throw noKey();
  const padded = new Uint8Array(length);
  padded.set(d, length - d.length);
  const number = tagged(SEQUENCE, tagged(INTEGER, Uint8Array.of(1)), tagged(OCTETS, padded));
  const algorithm = tagged(SEQUENCE, hex(EC_PUBLIC_KEY), hex(oid));
  const key = tagged(SEQUENCE, tagged(INTEGER, Uint8Array.of(0)), algorithm, tagged(OCTETS, number));
  wipe(padded, number);
  return key;
}

/** RFC 8017 appendix A.1.2. SSH leaves the two exponents of the Chinese remainder theorem out. */
function rsaKey({ n, e, d, inverse, p, q }: Extract<PrivateParts, { kind: "rsa" }>): Uint8Array {
  const [pNumber, qNumber, dNumber] = [toBigInt(p), toBigInt(q), toBigInt(d)];
  if (pNumber < 3n || qNumber < 3n || pNumber * qNumber !== toBigInt(n)) throw noKey();
  const exponents = [fromBigInt(dNumber % (pNumber - 1n)), fromBigInt(dNumber % (qNumber - 1n))];
  const numbers = [Uint8Array.of(0), n, e, d, p, q, ...exponents, inverse].map(integer);
  const key = tagged(SEQUENCE, ...numbers);
  wipe(...exponents, ...numbers);
  return key;
}

function integer(digits: Uint8Array): Uint8Array {
  return (digits[0] ?? 0) < 0x80 ? tagged(INTEGER, digits) : tagged(INTEGER, Uint8Array.of(0), digits);
}

function tagged(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return concat(Uint8Array.of(tag), lengthOf(length), ...parts);
}

function lengthOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  if (length < 0x100) return Uint8Array.of(0x81, length);
  return Uint8Array.of(0x82, length >> 8, length & 0xff);
}

/** Memory of a BigInt can't be wiped; these live as long as it takes to write the key. */
function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes)}`);
}

function fromBigInt(value: bigint): Uint8Array {
  const digits = value.toString(16);
  return hex(digits.length % 2 === 0 ? digits : `0${digits}`);
}

function hex(digits: string): Uint8Array {
  return fromHex(digits) ?? new Uint8Array(0);
}

function noKey(): PmError {
  return new PmError("corrupt", "its private key is damaged");
}
