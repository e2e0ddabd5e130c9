/** A whole KDBX 4 file made: written, packed, masked, encrypted, authenticated. */
import { concat, joined, utf8, wipe } from "../bytes.ts";
import type { Argon2Params } from "../crypto/kdf.ts";
import type { Random } from "../random.ts";
import { headerMac, sealBlocks } from "./blocks.ts";
import { compositeKey, type KdbxCredentials } from "./composite-key.ts";
import type { KdbxCrypto } from "./crypto.ts";
import type { KdbxDatabase } from "./database.ts";
import { writeDocument } from "./document-text.ts";
import { gzip } from "./gzip.ts";
import { encodeHeader } from "./header.ts";
import { encodeInnerHeader } from "./inner-header.ts";
import { transformKey } from "./kdf.ts";
import { CHACHA20_STREAM, keyStream } from "./key-stream.ts";

export interface SealMeans {
  readonly crypto: KdbxCrypto;
  readonly random: Random;
  /** Epoch milliseconds, for times that the database does not say. */
  readonly now: number;
  /** What the password costs to try. */
  readonly params: Argon2Params;
}

/** KDBX 4.0 with Argon2id, ChaCha20 and gzip. @throws PmError "no-memory", "kdf-out-of-bounds". */
export async function sealKdbx(
  database: KdbxDatabase,
  credentials: KdbxCredentials,
  { crypto, random, now, params }: SealMeans,
): Promise<Uint8Array> {
  const [masterSeed, salt, iv, streamKey] = [random(32), random(32), random(12), random(64)];
  const header = encodeHeader({ masterSeed, iv, salt, params });
  const composite = compositeKey(crypto, credentials);
  const transformed = await transformKey(crypto, composite, { kind: "argon2id", salt, params });
  const key = crypto.sha256(masterSeed, transformed);
  const baseKey = crypto.sha512(masterSeed, transformed, Uint8Array.of(1));
  const document = writeDocument(database, keyStream(crypto, CHACHA20_STREAM, streamKey), now);
  const content = concat(encodeInnerHeader(streamKey, document.files), utf8(document.text));
  try {
    const ciphertext = crypto.chacha20(key, iv, await gzip(content), 0);
    const mac = headerMac(crypto, baseKey, header);
    return joined([header, crypto.sha256(header), mac, sealBlocks(crypto, baseKey, ciphertext)]);
  } finally {
    wipe(composite, transformed, key, baseKey, streamKey, content);
  }
}
