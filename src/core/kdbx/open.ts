/** A whole KDBX file opened: authenticated, decrypted, unpacked, read. */
import { equalBytes, toBase64, wipe } from "../bytes.ts";
import { PmError } from "../errors.ts";
import { headerMac, readHashedBlocks, readSealedBlocks } from "./blocks.ts";
import { ByteReader, damaged } from "./byte-reader.ts";
import { compositeKey, type KdbxCredentials } from "./composite-key.ts";
import type { KdbxCrypto } from "./crypto.ts";
import type { KdbxDatabase } from "./database.ts";
import { readDocument } from "./document.ts";
import { type Budget, gunzip, MAX_UNPACKED_BYTES, spend } from "./gzip.ts";
import { type KdbxHeader, readHeader } from "./header.ts";
import { PartReader, readInnerHeader } from "./inner-header.ts";
import { requireBounds, transformKey } from "./kdf.ts";
import { keyStream } from "./key-stream.ts";

/** A larger one is refused before it is looked at. */
const MAX_KDBX_BYTES = 134_217_728;
const AES_BLOCK_BYTES = 16;

/**
 * @throws PmError "auth" where the credentials do not open it; "corrupt", "limit", "kdf-out-of-bounds",
 * "unsupported-version", "unsupported-feature", "no-memory".
 */
export async function openKdbx(
  crypto: KdbxCrypto,
  bytes: Uint8Array,
  credentials: KdbxCredentials,
): Promise<KdbxDatabase> {
  if (bytes.length > MAX_KDBX_BYTES) {
    throw new PmError("limit", `the KDBX file is larger than ${MAX_KDBX_BYTES / 1_048_576} MiB`);
  }
  const reader = new ByteReader(bytes, "it");
  const header = readHeader(crypto, reader);
  requireBounds(header.kdf);
  const composite = compositeKey(crypto, credentials);
  const transformed = await transformKey(crypto, composite, header.kdf);
  const key = crypto.sha256(header.masterSeed, transformed);
  const baseKey = crypto.sha512(header.masterSeed, transformed, Uint8Array.of(1));
  try {
    return header.inner === undefined
      ? await openVersion4(crypto, header, reader, { key, baseKey })
      : await openVersion3(crypto, { ...header, inner: header.inner }, reader, key);
  } finally {
    wipe(composite, transformed, key, baseKey);
  }
}

interface Keys {
  readonly key: Uint8Array;
  readonly baseKey: Uint8Array;
}

async function openVersion4(
  crypto: KdbxCrypto,
  header: KdbxHeader,
  reader: ByteReader,
  { key, baseKey }: Keys,
): Promise<KdbxDatabase> {
  // The checksum of the header was right: this tells a wrong key from a damaged file.
  if (!equalBytes(reader.take(32), headerMac(crypto, baseKey, header.bytes))) throw wrongKey("");
  const content = decrypt(crypto, header, key, readSealedBlocks(crypto, baseKey, reader));
  const budget = { left: MAX_UNPACKED_BYTES };
  try {
    const parts = new PartReader(unpack(content, header, budget));
    const inner = await readInnerHeader(parts);
    const unmask = keyStream(crypto, inner.streamId, inner.streamKey);
    return (await readDocument(parts.rest(), { unmask, pool: inner.files, budget })).database;
  } finally {
    wipe(content);
  }
}

async function openVersion3(
  crypto: KdbxCrypto,
  header: KdbxHeader & { readonly inner: NonNullable<KdbxHeader["inner"]> },
  reader: ByteReader,
  key: Uint8Array,
): Promise<KdbxDatabase> {
  const { start, streamId, key: streamKey } = header.inner;
  const plain = decrypt(crypto, header, key, reader.take(reader.left));
  try {
    const content = readHashedBlocks(crypto, plain.subarray(start.length));
    const budget = { left: MAX_UNPACKED_BYTES };
    const unmask = keyStream(crypto, streamId, streamKey);
    const chunks = unpack(content, header, budget);
    const { database, headerHash } = await readDocument(chunks, { unmask, pool: [], budget });
    // Before 3.1 it was not written.
    if (headerHash !== "" && headerHash !== toBase64(crypto.sha256(header.bytes))) {
      throw damaged("its header was changed after it was written");
    }
    return database;
  } finally {
    wipe(plain);
  }
}

/** Before anything else is said of the plaintext of KDBX 3.1 it must begin with what its header has. */
function decrypt(
  crypto: KdbxCrypto,
  header: KdbxHeader,
  key: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array {
  const { cipher, iv, inner } = header;
  const start = inner?.start ?? new Uint8Array(0);
  if (cipher === "chacha20") {
    const plain = crypto.chacha20(key, iv, ciphertext, 0);
    requireStart(plain, start);
    return plain;
  }
  if (ciphertext.length === 0 || ciphertext.length % AES_BLOCK_BYTES !== 0) throw damaged("it is cut short");
  const padded = crypto.decryptCbc(key, iv, ciphertext);
  requireStart(padded, start);
  const padding = padded.at(-1) ?? 0;
  const isPadded =
    padding >= 1 && padding <= AES_BLOCK_BYTES && padded.subarray(-padding).every((byte) => byte === padding);
  if (!isPadded) throw damaged("its end");
  return padded.subarray(0, padded.length - padding);
}

function requireStart(plain: Uint8Array, start: Uint8Array): void {
  if (!equalBytes(plain.subarray(0, start.length), start)) throw wrongKey(", or the file is damaged");
}

function wrongKey(otherwise: string): PmError {
  return new PmError("auth", `the password or the key file does not open the KDBX file${otherwise}`, {
    hint: "a database with a key file needs it as well; one with a hardware key can't be opened here",
  });
}

async function* unpack(
  content: Uint8Array,
  { isCompressed }: KdbxHeader,
  budget: Budget,
): AsyncGenerator<Uint8Array, void, void> {
  if (isCompressed) {
    yield* gunzip(content, budget);
    return;
  }
  spend(budget, content.length);
  yield content;
}
