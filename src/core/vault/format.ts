/** A vault file as a whole: opening one from any byte source, sealing one into bytes. */
import { equalBytes, wipe } from "../bytes.ts";
import type { CryptoBackend } from "../crypto/backend.ts";
import { PmError } from "../errors.ts";
import type { Random } from "../random.ts";
import { BodyReader, bodyLengthOf, SALT_BYTES, sealBody } from "./cobblestone.ts";
import { buildHeader } from "./header-builder.ts";
import { HEADER_BYTES, type Header, type Kind, MAX_FILE_BYTES, parseHeader } from "./header.ts";

/** A file, or bytes in memory, that is read only where it is needed. */
export interface ByteSource {
  readonly size: number;
  /** Exactly `length` bytes; the range lies within `size`. */
  read(offset: number, length: number): Uint8Array;
}

/** Bytes in memory as a source; the views are not copies. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** The header of a file, parsed and checked; see {@link parseHeader} for what it throws. */
export function readHeader(crypto: CryptoBackend, source: ByteSource): Header {
  return parseHeader(crypto, source.read(0, Math.min(HEADER_BYTES, source.size)), source.size);
}

/** The body of a file whose root key is known. @throws PmError "body-commitment" */
export function openBody(
  crypto: CryptoBackend,
  source: ByteSource,
  { header, rootKey }: { header: Header; rootKey: Uint8Array },
): BodyReader {
  const binding = { rootKey, headerHash: crypto.sha256(header.bytes) };
  const read = (offset: number, length: number): Uint8Array => source.read(HEADER_BYTES + offset, length);
  return new BodyReader(crypto, binding, { read, length: header.bodyLength });
}

export interface SealParts {
  readonly kind: Kind;
  /** 16 bytes. */
  readonly vaultId: Uint8Array;
  /** 192 bytes each. */
  readonly slots: readonly Uint8Array[];
  /** 32 bytes. */
  readonly rootKey: Uint8Array;
  /** As `buildPlaintext` makes it. */
  readonly plaintext: Uint8Array<ArrayBuffer>;
}

/**
 * The bytes of a whole file. Draws 24 bytes from `random`, the salt.
 * @throws PmError "limit" where the file would be larger than a reader accepts
 */
export function sealFile(
  { crypto, random }: { crypto: CryptoBackend; random: Random },
  parts: SealParts,
): Uint8Array {
  const bodyLength = bodyLengthOf(parts.plaintext.length);
  if (HEADER_BYTES + bodyLength > MAX_FILE_BYTES) {
    throw new PmError("limit", `the vault would be larger than ${MAX_FILE_BYTES / 1_048_576} MiB`, {
      hint: "remove entries, then: pm trash empty",
    });
  }
  const { kind, vaultId, slots, rootKey, plaintext } = parts;
  const header = buildHeader(crypto, { kind, vaultId, bodyLength, slots });
  const file = new Uint8Array(HEADER_BYTES + bodyLength);
  file.set(header, 0);
  const binding = { rootKey, headerHash: crypto.sha256(header) };
  sealBody(crypto, binding, { salt: random(SALT_BYTES), plaintext, body: file.subarray(HEADER_BYTES) });
  return file;
}

/** Whether the bytes are the same, compared in words: nothing here is secret from the one who waits. */
function sameWords(a: Uint8Array, b: Uint8Array): boolean {
  const words = (bytes: Uint8Array): Uint32Array =>
    new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  const [x, y] = [words(a), words(b)];
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return equalBytes(a.subarray(x.length * 4), b.subarray(x.length * 4));
}

/** 1 MiB at a time. */
const COMPARE_BYTES = 1_048_576;

/**
 * Opens a file that was just sealed, through the path that readers take, and compares every byte of
 * its plaintext, before it replaces the only copy of anything.
 * @throws PmError "error" where it does not come back
 */
export function requireReopens(crypto: CryptoBackend, file: Uint8Array, sealed: SealParts): void {
  const source = bytesSource(file);
  const header = readHeader(crypto, source);
  using body = openBody(crypto, source, { header, rootKey: sealed.rootKey });
  let same = body.plaintextLength === sealed.plaintext.length;
  for (let offset = 0; same && offset < body.plaintextLength; offset += COMPARE_BYTES) {
    const length = Math.min(COMPARE_BYTES, body.plaintextLength - offset);
    const part = body.read(offset, length);
    same = sameWords(part, sealed.plaintext.subarray(offset, offset + length));
    wipe(part);
  }
  // Of a plaintext that fills its chunks the last chunk is empty, and was not part of any read above.
  body.read(body.plaintextLength, 0);
  if (!same) {
    throw new PmError("error", "the new file does not read back as it was written; nothing was changed", {
      hint: "this is a fault of the machine or of pm: check the memory, and report it",
    });
  }
}
