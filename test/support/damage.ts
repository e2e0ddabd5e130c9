/**
 * Every way to damage one file, and the code that docs/format.md section 8 has for each: bits, cuts,
 * additions, with and without the repairs that an attacker can make without a key.
 */
import type { CryptoBackend } from "../../src/core/crypto/backend.ts";
import { isPossibleBodyLength } from "../../src/core/vault/cobblestone.ts";
import { bytesSource, openBody, readHeader } from "../../src/core/vault/format.ts";
import { unwrapRootKey } from "../../src/core/vault/slot.ts";
import { readBases } from "./format-vectors.ts";
import { fixChecksum, flipped, patched, verdict, verdictOf } from "./vault-builder.ts";

/** One damaged file that was read: what it was, what was said of it, what had to be said. */
export interface Finding {
  readonly what: string;
  readonly got: string;
  readonly expected: string;
}

/** The worked example: slot 0 is a password slot, slot 1 a token slot, the one that is tried here. */
const FILE: Uint8Array = readBases().get("PMV1-001")?.bytes ?? new Uint8Array(0);
const SECRETS = { token: new Uint8Array(32).fill(0x42) };
export const FILE_BYTES: number = FILE.length;
const HEADER_BYTES = 4096;

/** Opens the body and reads one byte of it. */
async function readAt(crypto: CryptoBackend, file: Uint8Array, offset: number): Promise<void> {
  const source = bytesSource(file);
  const header = readHeader(crypto, source);
  const { rootKey } = await unwrapRootKey(crypto, header, SECRETS);
  using body = openBody(crypto, source, { header, rootKey: rootKey.bytes });
  body.read(offset, 0);
}

/** A bit of the header as it is. */
export async function headerBit(crypto: CryptoBackend, offset: number, bit: number): Promise<Finding> {
  const got = await verdictOf(() => readAt(crypto, flipped(FILE, offset, bit), 0));
  return { what: `bit ${bit} of byte ${offset}`, got, expected: expectedAsIs(offset) };
}

function expectedAsIs(offset: number): string {
  if (offset < 8) return "not-a-vault";
  return offset === 8 ? "unsupported-version" : "header-checksum";
}

/** A bit of the header, the checksum made good. */
export async function forgedHeaderBit(crypto: CryptoBackend, offset: number, bit: number): Promise<Finding> {
  const file = fixChecksum(flipped(FILE, offset, bit));
  const got = await verdictOf(() => readAt(crypto, file, 0));
  return { what: `bit ${bit} of byte ${offset}, forged`, got, expected: expectedForged(offset, bit, got) };
}

function expectedForged(offset: number, bit: number, got: string): string {
  if (offset < 8) return "not-a-vault";
  if (offset < 16) return FIRST_FIELDS[offset - 8]?.[bit] ?? "unsupported-feature";
  if (offset < 32) return "auth";
  if (offset < 40) return either(got, "body-length", "truncated");
  if (offset === 40) return SLOT_COUNT[bit] ?? "";
  const slot = Math.floor((offset - 64) / 192);
  if (offset < 64 || slot > 1) return "reserved-not-zero";
  return slot === 0 ? passwordSlot(offset - 64, bit, got) : tokenSlot(offset - 256, bit);
}

/** Major, minor, suite and kind, bit by bit; kind 3 is one that the slots are not bound to. */
const FIRST_FIELDS: readonly (readonly string[])[] = [
  Array.from({ length: 8 }, () => "unsupported-version"),
  Array.from({ length: 8 }, () => "body-commitment"),
  Array.from({ length: 8 }, () => "unsupported-suite"),
  Array.from({ length: 8 }, (_, bit) => (bit === 1 ? "auth" : "unsupported-kind")),
];

/** Of two: 3, 0, 6, 10, 18, 34, 66, 130 slots. */
const SLOT_COUNT = ["slot-invalid", "reserved-not-zero", "slot-invalid", "slot-invalid"].concat(
  Array.from({ length: 4 }, () => "slot-count"),
);

/** A slot that is not tried: its rules, then the hash of the header. */
function passwordSlot(at: number, bit: number, got: string): string {
  if (at === 0) return bit === 1 ? "body-commitment" : "slot-invalid";
  if (at === 1) return bit === 0 ? "body-commitment" : "slot-invalid";
  if (at === 2 || (at >= 12 && at < 16) || at >= 176) return "slot-invalid";
  return at < 12 ? either(got, "kdf-out-of-bounds", "body-commitment") : "body-commitment";
}

function tokenSlot(at: number, bit: number): string {
  // Of type 5: 4 is a recovery slot, which a token does not open.
  if (at === 0) return bit === 0 ? "auth" : "slot-invalid";
  if (at === 1) return bit === 0 ? "auth" : "slot-invalid";
  if (at < 16 || (at >= 32 && at < 64) || at >= 176) return "slot-invalid";
  return at < 128 ? "auth" : "slot-corrupt";
}

function either(got: string, first: string, second: string): string {
  return got === second ? second : first;
}

/** A bit of the body, found where the chunk that holds it is read. */
export async function bodyBit(crypto: CryptoBackend, offset: number, bit: number): Promise<Finding> {
  const at = offset - HEADER_BYTES - 56;
  // A chunk's plaintext begins 16 bytes of tag earlier for each chunk before it.
  const plaintext = at < 0 ? 0 : Math.floor(at / 16_400) * 16_384;
  const got = await verdictOf(() => readAt(crypto, flipped(FILE, offset, bit), plaintext));
  return {
    what: `bit ${bit} of byte ${offset}`,
    got,
    expected: at < 0 ? "body-commitment" : "body-corrupt",
  };
}

/** The file cut off, or with zeros behind it. */
export function withSize(crypto: CryptoBackend, size: number): Finding {
  const source = { size, read: (offset: number, length: number) => FILE.subarray(offset, offset + length) };
  const got = verdict(() => readHeader(crypto, source));
  return { what: `${size} bytes`, got, expected: size < FILE_BYTES ? "truncated" : "body-length" };
}

/** The same, with the length in the header made good, and the checksum. */
export async function withForgedSize(crypto: CryptoBackend, size: number): Promise<Finding> {
  const bodyLength = size - HEADER_BYTES;
  const header = fixChecksum(patched(FILE.slice(0, HEADER_BYTES), 32, u64(bodyLength)));
  const file = new Uint8Array(size);
  file.set(FILE.subarray(0, size));
  file.set(header);
  return {
    what: `${size} bytes, forged`,
    got: await verdictOf(() => readAt(crypto, file, 0)),
    expected: isPossibleBodyLength(bodyLength) ? "body-commitment" : "body-length",
  };
}

function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

/** Those that were not said right, and so also any that was accepted. */
export function wrong(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ got, expected }) => got !== expected);
}

/** How often each code was given. */
export function tally(findings: readonly Finding[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { got } of findings) counts[got] = (counts[got] ?? 0) + 1;
  return counts;
}

/** Every `step`-th number of [from, to). */
export function every(step: number, from: number, to: number): readonly number[] {
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, n) => from + n * step);
}

/** The findings of `look` for each of `items`, one after the other. */
export async function each<T>(
  items: readonly T[],
  look: (item: T) => Finding | Promise<Finding>,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const item of items) findings.push(await look(item));
  return findings;
}
