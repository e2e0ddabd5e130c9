/** The outer header of KDBX 3.1 and 4: what a file is encrypted with. */
import { concat, equalBytes, fromHex, joined, toHex } from "../bytes.ts";
import type { Argon2Params } from "../crypto/kdf.ts";
import { PmError } from "../errors.ts";
import { ByteReader, damaged, u32, unsupported } from "./byte-reader.ts";
import type { KdbxCrypto } from "./crypto.ts";
import { encodeArgon2id, type KdbxKdf, parseKdf } from "./kdf.ts";

export interface KdbxHeader {
  readonly major: 3 | 4;
  /** From the signature to the last field, as they stand in the file. */
  readonly bytes: Uint8Array;
  readonly cipher: "aes256-cbc" | "chacha20";
  readonly iv: Uint8Array;
  readonly isCompressed: boolean;
  readonly masterSeed: Uint8Array;
  readonly kdf: KdbxKdf;
  /** Of KDBX 3.1; in KDBX 4 what protects values stands in the encrypted part. */
  readonly inner:
    | { readonly streamId: number; readonly key: Uint8Array; readonly start: Uint8Array }
    | undefined;
}

const SIGNATURE = 0x9aa2d903;
const KDBX = 0xb54bfb67;
const KEEPASS_1 = 0xb54bfb65;
/** KDBX 4.1 may carry a picture of the database in its header. */
const MAX_FIELD_BYTES = 4_194_304;

const FIELD = {
  end: 0,
  cipher: 2,
  compression: 3,
  masterSeed: 4,
  transformSeed: 5,
  transformRounds: 6,
  iv: 7,
  streamKey: 8,
  streamStart: 9,
  streamId: 10,
  kdf: 11,
} as const;

const AES = "31c1f2e6bf714350be5805216afc5aff";
const CHACHA20 = "d6038a2b8b6f4cb5a524339a31dbb59a";
const TWOFISH = "ad68f29f576f4bb9a36ad47af965346c";

type Fields = ReadonlyMap<number, Uint8Array>;

/** Whether these bytes say of themselves that they are a KeePass database, of any version. */
export function isKeepass(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && new ByteReader(bytes, "the file").u32() === SIGNATURE;
}

/**
 * The header, and the reader behind it. Of KDBX 4 the checksum is compared before anything is made of it.
 * @throws PmError "corrupt", "unsupported-version", "unsupported-feature".
 */
export function readHeader(crypto: KdbxCrypto, reader: ByteReader): KdbxHeader {
  const major = readVersion(reader);
  const fields = new Map<number, Uint8Array>();
  for (;;) {
    const id = reader.u8();
    const length = major === 4 ? reader.u32() : reader.u16();
    if (length > MAX_FIELD_BYTES) throw damaged("its header has an oversized field");
    const value = reader.take(length);
    if (id === FIELD.end) break;
    if (fields.has(id)) throw damaged("its header says one thing twice");
    fields.set(id, value);
  }
  const bytes = reader.bytes.subarray(0, reader.offset);
  if (major === 4 && !equalBytes(crypto.sha256(bytes), reader.take(32))) {
    throw damaged("the checksum of its header does not match");
  }
  return interpret(major, bytes, fields);
}

function readVersion(reader: ByteReader): 3 | 4 {
  const [first, second] = [reader.u32(), reader.u32()];
  if (first === SIGNATURE && second === KEEPASS_1) {
    throw unsupported("the format of KeePass 1 (.kdb)", "save it as KDBX 4 in KeePassXC or KeePass 2");
  }
  if (first !== SIGNATURE || second !== KDBX) throw new PmError("corrupt", "the file is not a KDBX file");
  reader.u16();
  const major = reader.u16();
  if (major !== 3 && major !== 4) {
    throw new PmError(
      "unsupported-version",
      `pm reads KDBX 3.1 and 4, and this file is of version ${major}`,
      {
        hint: "save it as KDBX 4 in KeePassXC or KeePass 2",
      },
    );
  }
  return major;
}

function interpret(major: 3 | 4, bytes: Uint8Array, fields: Fields): KdbxHeader {
  const cipher = cipherOf(fields);
  const compression = numberOf(fields, FIELD.compression);
  if (compression > 1) throw unsupported("this compression", "choose gzip or none in its settings");
  return {
    major,
    bytes,
    cipher,
    iv: exactly(fields, FIELD.iv, cipher === "chacha20" ? 12 : 16),
    isCompressed: compression === 1,
    masterSeed: exactly(fields, FIELD.masterSeed, 32),
    kdf: major === 4 ? parseKdf(required(fields, FIELD.kdf)) : aesKdf(fields),
    inner:
      major === 4
        ? undefined
        : {
            streamId: numberOf(fields, FIELD.streamId),
            key: required(fields, FIELD.streamKey),
            start: exactly(fields, FIELD.streamStart, 32),
          },
  };
}

function cipherOf(fields: Fields): KdbxHeader["cipher"] {
  const uuid = toHex(required(fields, FIELD.cipher));
  if (uuid === AES) return "aes256-cbc";
  if (uuid === CHACHA20) return "chacha20";
  const name = uuid === TWOFISH ? "the cipher Twofish" : "this cipher";
  throw unsupported(name, "choose AES-256 or ChaCha20 in the settings of the database");
}

function aesKdf(fields: Fields): KdbxKdf {
  const rounds = new ByteReader(exactly(fields, FIELD.transformRounds, 8), "its header").u64();
  return { kind: "aes", seed: required(fields, FIELD.transformSeed), rounds };
}

function numberOf(fields: Fields, id: number): number {
  return new ByteReader(exactly(fields, id, 4), "its header").u32();
}

function exactly(fields: Fields, id: number, length: number): Uint8Array {
  const value = required(fields, id);
  if (value.length !== length) throw damaged(`field ${id} of its header`);
  return value;
}

function required(fields: Fields, id: number): Uint8Array {
  const value = fields.get(id);
  if (value === undefined) throw damaged(`its header has no field ${id}`);
  return value;
}

export interface NewHeader {
  readonly masterSeed: Uint8Array;
  readonly iv: Uint8Array;
  readonly salt: Uint8Array;
  readonly params: Argon2Params;
}

/** A header of KDBX 4.0: ChaCha20, gzip, Argon2id. */
export function encodeHeader({ masterSeed, iv, salt, params }: NewHeader): Uint8Array {
  const field = (id: number, value: Uint8Array): Uint8Array =>
    concat(Uint8Array.of(id), u32(value.length), value);
  return joined([
    concat(u32(SIGNATURE), u32(KDBX), u32(0x0004_0000)),
    field(FIELD.cipher, fromHex(CHACHA20) as Uint8Array),
    field(FIELD.compression, u32(1)),
    field(FIELD.masterSeed, masterSeed),
    field(FIELD.iv, iv),
    field(FIELD.kdf, encodeArgon2id(salt, params)),
    field(FIELD.end, Uint8Array.of(13, 10, 13, 10)),
  ]);
}
