/**
 * The body: C2SP chunked encryption "Cobblestone-256" (docs/format.md section 5). A fresh key, nonce
 * base and commitment for every save, AES-256-GCM over 16 KiB chunks, random access.
 */
import { concat, equalBytes, release, utf8, wipe } from "../bytes.ts";
import { type CryptoBackend, KEY_BYTES, NONCE_BYTES, TAG_BYTES } from "../crypto/backend.ts";
import { hkdfExpand, LABEL } from "../crypto/keys.ts";
import { PmError } from "../errors.ts";

const CHUNK_BYTES = 16_384;
const SEALED_CHUNK_BYTES = 16_400;
export const SALT_BYTES = 24;
const COMMITMENT_BYTES = 32;
/** Salt and commitment stand before the first chunk. */
const CHUNKS_OFFSET = 56;
/** One empty last chunk: its tag. */
export const MIN_BODY_BYTES = 72;

const ALGORITHM = utf8("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0");
const CONTEXT = utf8("pm/v1\0");

/** Whether a body can have this length: full chunks, then one strictly shorter chunk. */
export function isPossibleBodyLength(length: number): boolean {
  return length >= MIN_BODY_BYTES && (length - CHUNKS_OFFSET) % SEALED_CHUNK_BYTES >= TAG_BYTES;
}

/** Bytes of the body that seals `plaintextLength` bytes. */
export function bodyLengthOf(plaintextLength: number): number {
  const chunks = Math.floor(plaintextLength / CHUNK_BYTES) + 1;
  return CHUNKS_OFFSET + plaintextLength + chunks * TAG_BYTES;
}

/** Bytes of plaintext in a body of `bodyLength`, which must be a possible one. */
export function plaintextLengthOf(bodyLength: number): number {
  return bodyLength - CHUNKS_OFFSET - chunkCountOf(bodyLength) * TAG_BYTES;
}

/** Chunks in a body of `bodyLength`, the last, shorter one included. */
export function chunkCountOf(bodyLength: number): number {
  return Math.ceil((bodyLength - CHUNKS_OFFSET) / SEALED_CHUNK_BYTES);
}

interface BodyKeys {
  readonly key: Uint8Array;
  readonly baseNonce: Uint8Array;
  readonly commitment: Uint8Array;
}

/** What a body is bound to: the root key, and through its hash every bit of the header. */
export interface BodyBinding {
  readonly rootKey: Uint8Array;
  /** SHA-256 of the 4,096 header bytes. */
  readonly headerHash: Uint8Array;
}

function deriveBodyKeys(
  crypto: CryptoBackend,
  { rootKey, headerHash }: BodyBinding,
  salt: Uint8Array,
): BodyKeys {
  const bodyKey = hkdfExpand(crypto, rootKey, LABEL.body, KEY_BYTES);
  const info = concat(ALGORITHM, salt, CONTEXT, headerHash);
  const output = hkdfExpand(crypto, bodyKey, info, KEY_BYTES + NONCE_BYTES + COMMITMENT_BYTES);
  wipe(bodyKey);
  return {
    key: output.subarray(0, KEY_BYTES),
    baseNonce: output.subarray(KEY_BYTES, KEY_BYTES + NONCE_BYTES),
    commitment: output.subarray(KEY_BYTES + NONCE_BYTES),
  };
}

/** baseNonce XOR index, big-endian. */
function chunkNonce(baseNonce: Uint8Array, index: number): Uint8Array {
  const nonce = baseNonce.slice();
  const view = new DataView(nonce.buffer);
  view.setUint32(NONCE_BYTES - 4, (view.getUint32(NONCE_BYTES - 4) ^ index) >>> 0);
  return nonce;
}

/**
 * Seals `plaintext` into `body`, which must have {@link bodyLengthOf} its length.
 * @param salt 24 random bytes, never used before under this root key
 */
export function sealBody(
  crypto: CryptoBackend,
  binding: BodyBinding,
  { salt, plaintext, body }: { salt: Uint8Array; plaintext: Uint8Array; body: Uint8Array },
): void {
  const keys = deriveBodyKeys(crypto, binding, salt);
  body.set(salt, 0);
  body.set(keys.commitment, SALT_BYTES);
  let offset = CHUNKS_OFFSET;
  for (let index = 0; index * CHUNK_BYTES <= plaintext.length; index++) {
    const chunk = plaintext.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES);
    const sealed = body.subarray(offset, offset + chunk.length + TAG_BYTES);
    crypto.seal(keys.key, chunkNonce(keys.baseNonce, index), chunk, sealed);
    offset += sealed.length;
  }
  wipe(keys.key);
}

/** Reads `length` bytes at `offset` of the body. */
export type ReadBody = (offset: number, length: number) => Uint8Array;

/** An opened body: any part of the plaintext, decrypting only the chunks that hold it. */
export class BodyReader implements Disposable {
  readonly plaintextLength: number;
  readonly chunkCount: number;
  readonly #crypto: CryptoBackend;
  readonly #read: ReadBody;
  readonly #bodyLength: number;
  readonly #keys: BodyKeys;
  #kept: { readonly index: number; readonly chunk: Uint8Array<ArrayBuffer> } | undefined;

  /** @throws PmError "body-commitment" where header, root key and body do not belong together. */
  constructor(crypto: CryptoBackend, binding: BodyBinding, body: { read: ReadBody; length: number }) {
    this.#crypto = crypto;
    this.#read = body.read;
    this.#bodyLength = body.length;
    this.plaintextLength = plaintextLengthOf(body.length);
    this.chunkCount = chunkCountOf(body.length);
    const start = body.read(0, CHUNKS_OFFSET);
    this.#keys = deriveBodyKeys(crypto, binding, start.subarray(0, SALT_BYTES));
    if (!equalBytes(this.#keys.commitment, start.subarray(SALT_BYTES))) {
      throw new PmError("body-commitment", "the vault was tampered with, or mixed from two files", {
        hint: "restore a copy you trust; nothing was written",
      });
    }
  }

  /** A copy of the plaintext bytes [offset, offset + length). @throws PmError "body-corrupt" */
  read(offset: number, length: number): Uint8Array {
    const output = new Uint8Array(length);
    const first = Math.floor(offset / CHUNK_BYTES);
    const last = Math.floor(Math.max(offset, offset + length - 1) / CHUNK_BYTES);
    const sealed = this.#readChunks(first, last);
    for (let index = first; index <= last; index++) {
      const start = (index - first) * SEALED_CHUNK_BYTES;
      const chunk = this.#openChunk(index, sealed.subarray(start, start + SEALED_CHUNK_BYTES));
      copyPart(chunk, index, { offset, output });
      release(chunk);
    }
    return output;
  }

  /**
   * The same for parts that stand beside each other: the chunk that was opened last stays open, until
   * {@link forget} is called.
   */
  readNext(offset: number, length: number): Uint8Array {
    const index = Math.floor(offset / CHUNK_BYTES);
    // It is the rule that one chunk has the whole of a small part.
    if (offset + length > (index + 1) * CHUNK_BYTES) return this.read(offset, length);
    if (this.#kept?.index !== index) {
      this.forget();
      this.#kept = { index, chunk: this.#openChunk(index, this.#readChunks(index, index)) };
    }
    const output = new Uint8Array(length);
    copyPart(this.#kept.chunk, index, { offset, output });
    return output;
  }

  /** Wipes what {@link readNext} has kept open. */
  forget(): void {
    if (this.#kept !== undefined) release(this.#kept.chunk);
    this.#kept = undefined;
  }

  /** The whole plaintext, every chunk verified. @throws PmError "body-corrupt" */
  readAll(): Uint8Array<ArrayBuffer> {
    const last = this.chunkCount - 1;
    const output = new Uint8Array(this.plaintextLength);
    // In runs of chunks, so that a large vault is not held twice.
    for (let first = 0; first <= last; first += RUN_CHUNKS) {
      const end = Math.min(first + RUN_CHUNKS - 1, last);
      const sealed = this.#readChunks(first, end);
      for (let index = first; index <= end; index++) {
        const start = (index - first) * SEALED_CHUNK_BYTES;
        const chunk = this.#openChunk(index, sealed.subarray(start, start + SEALED_CHUNK_BYTES));
        output.set(chunk, index * CHUNK_BYTES);
        release(chunk);
      }
    }
    return output;
  }

  #readChunks(first: number, last: number): Uint8Array {
    const offset = CHUNKS_OFFSET + first * SEALED_CHUNK_BYTES;
    const end = Math.min(CHUNKS_OFFSET + (last + 1) * SEALED_CHUNK_BYTES, this.#bodyLength);
    return this.#read(offset, end - offset);
  }

  #openChunk(index: number, sealed: Uint8Array): Uint8Array<ArrayBuffer> {
    const chunk = this.#crypto.open(this.#keys.key, chunkNonce(this.#keys.baseNonce, index), sealed);
    if (chunk === undefined) {
      throw new PmError(
        "body-corrupt",
        `the vault's body is damaged in chunk ${index} of ${this.chunkCount}`,
        {
          hint: "the previous version may be whole: pm verify --vault FILE.bak",
        },
      );
    }
    return chunk;
  }

  [Symbol.dispose](): void {
    this.forget();
    wipe(this.#keys.key);
  }
}

/** Fills `output`, which begins at `offset` of the plaintext, with what it has of a chunk. */
function copyPart(
  chunk: Uint8Array,
  index: number,
  { offset, output }: { readonly offset: number; readonly output: Uint8Array },
): void {
  const from = Math.max(offset - index * CHUNK_BYTES, 0);
  const to = Math.min(offset + output.length - index * CHUNK_BYTES, chunk.length);
  output.set(chunk.subarray(from, to), index * CHUNK_BYTES + from - offset);
}

/** 1 MiB of plaintext at a time. */
const RUN_CHUNKS = 64;
