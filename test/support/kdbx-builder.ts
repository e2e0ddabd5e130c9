/** KDBX files with anything in them, by node:crypto and node:zlib alone: sound ones and hostile ones. */
import { createCipheriv, createHash, createHmac } from "node:crypto";
import { gzipSync } from "node:zlib";

export const PASSWORD = "pw";

const CIPHERS = {
  aes: "31c1f2e6bf714350be5805216afc5aff",
  chacha20: "d6038a2b8b6f4cb5a524339a31dbb59a",
  twofish: "ad68f29f576f4bb9a36ad47af965346c",
} as const;
const AES_KDF = "c9d9f39a628a4460bf740d08c18a4fea";
const SEED = Buffer.alloc(32, 7);
const MASTER_SEED = Buffer.alloc(32, 9);
const ROUNDS = 2n;

export interface Kdbx {
  readonly content: string | Uint8Array;
  readonly cipher?: keyof typeof CIPHERS;
  readonly compression?: number;
  /** What is there in the place of the packed content. */
  readonly packed?: Uint8Array;
  /** Parameters of the key derivation in the place of two rounds of AES. */
  readonly kdf?: readonly Item[];
  readonly rounds?: bigint;
  readonly streamId?: number;
  readonly files?: readonly Uint8Array[];
  /** Key material in the place of the password. */
  readonly key?: readonly Uint8Array[];
  readonly version?: number;
}

/** Of a VariantDictionary: u32, u64, bytes. */
type Item = readonly [type: 0x04 | 0x05 | 0x42, name: string, value: number | bigint | Uint8Array];

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

function hash(algorithm: "sha256" | "sha512", ...parts: readonly Uint8Array[]): Buffer {
  return createHash(algorithm).update(Buffer.concat(parts)).digest();
}

export function argon2Items(uuid: string, memory: bigint, passes: bigint, lanes: number): readonly Item[] {
  return [
    [0x42, "$UUID", Buffer.from(uuid, "hex")],
    [0x42, "S", Buffer.alloc(32, 5)],
    [0x04, "P", lanes],
    [0x05, "M", memory],
    [0x05, "I", passes],
    [0x04, "V", 0x13],
  ];
}

export function aesItems(rounds: bigint): readonly Item[] {
  return [
    [0x42, "$UUID", Buffer.from(AES_KDF, "hex")],
    [0x05, "R", rounds],
    [0x42, "S", SEED],
  ];
}

function toBytes(value: Item[2]): Uint8Array {
  if (typeof value === "number") return u32(value);
  return typeof value === "bigint" ? u64(value) : value;
}

function variantMap(items: readonly Item[]): Buffer {
  const parts = items.map(([type, name, value]) => {
    const bytes = toBytes(value);
    return Buffer.concat([Buffer.of(type), u32(name.length), Buffer.from(name), u32(bytes.length), bytes]);
  });
  return Buffer.concat([Buffer.of(0, 1), ...parts, Buffer.of(0)]);
}

/** Two rounds of AES, whatever the header says: a file with hostile parameters is never opened. */
function transformed(key: readonly Uint8Array[]): Buffer {
  const composite = hash("sha256", ...key);
  const cipher = createCipheriv("aes-256-ecb", SEED, null).setAutoPadding(false);
  let state: Buffer = composite;
  for (let round = 0n; round < ROUNDS; round++) state = cipher.update(state);
  return hash("sha256", state);
}

function encrypt(cipher: keyof typeof CIPHERS, key: Uint8Array, plain: Uint8Array): Buffer {
  if (cipher === "chacha20") {
    const stream = createCipheriv("chacha20", key, Buffer.concat([u32(0), Buffer.alloc(12, 3)]));
    return stream.update(plain);
  }
  const aes = createCipheriv("aes-256-cbc", key, Buffer.alloc(16, 3));
  return Buffer.concat([aes.update(plain), aes.final()]);
}

const passwordKey = [hash("sha256", Buffer.from(PASSWORD))];

export function buildKdbx4(given: Kdbx): Uint8Array {
  const { cipher = "aes", compression = 1, streamId = 3, files = [], key = passwordKey } = given;
  const field = (id: number, value: Uint8Array): Buffer =>
    Buffer.concat([Buffer.of(id), u32(value.length), value]);
  const header = Buffer.concat([
    u32(0x9aa2d903),
    u32(0xb54bfb67),
    u32(given.version ?? 0x0004_0000),
    field(2, Buffer.from(CIPHERS[cipher], "hex")),
    field(3, u32(compression)),
    field(4, MASTER_SEED),
    field(7, Buffer.alloc(cipher === "chacha20" ? 12 : 16, 3)),
    field(11, variantMap(given.kdf ?? aesItems(ROUNDS))),
    field(0, Buffer.from("\r\n\r\n")),
  ]);
  const inner = Buffer.concat([
    field(1, u32(streamId)),
    field(2, Buffer.alloc(64, 4)),
    ...files.map((bytes) => field(3, Buffer.concat([Buffer.of(0), bytes]))),
    field(0, Buffer.alloc(0)),
    Buffer.from(given.content),
  ]);
  const stretched = transformed(key);
  const plain = given.packed ?? (compression === 1 ? gzipSync(inner) : inner);
  const sealed = encrypt(cipher, hash("sha256", MASTER_SEED, stretched), plain);
  const base = hash("sha512", MASTER_SEED, stretched, Buffer.of(1));
  const mac = (index: bigint, ...parts: readonly Uint8Array[]): Buffer =>
    createHmac("sha256", hash("sha512", u64(index), base))
      .update(Buffer.concat(parts))
      .digest();
  const block = (index: bigint, bytes: Uint8Array): Buffer =>
    Buffer.concat([mac(index, u64(index), u32(bytes.length), bytes), u32(bytes.length), bytes]);
  return new Uint8Array(
    Buffer.concat([
      header,
      hash("sha256", header),
      mac(0xffff_ffff_ffff_ffffn, header),
      block(0n, sealed),
      block(1n, Buffer.alloc(0)),
    ]),
  );
}

/** `content` may have HEADERHASH in it, which becomes the hash of the header. */
export function buildKdbx3(given: Kdbx): Uint8Array {
  const { compression = 1, streamId = 2, key = passwordKey, cipher = "aes" } = given;
  const field = (id: number, value: Uint8Array): Buffer =>
    Buffer.concat([Buffer.of(id, value.length & 0xff, value.length >> 8), value]);
  const start = Buffer.alloc(32, 8);
  const header = Buffer.concat([
    u32(0x9aa2d903),
    u32(0xb54bfb67),
    u32(given.version ?? 0x0003_0001),
    field(2, Buffer.from(CIPHERS[cipher], "hex")),
    field(3, u32(compression)),
    field(4, MASTER_SEED),
    field(5, SEED),
    field(6, u64(given.rounds ?? ROUNDS)),
    field(7, Buffer.alloc(cipher === "chacha20" ? 12 : 16, 3)),
    field(8, Buffer.alloc(32, 4)),
    field(9, start),
    field(10, u32(streamId)),
    field(0, Buffer.from("\r\n\r\n")),
  ]);
  const text = Buffer.from(given.content)
    .toString()
    .replace("HEADERHASH", hash("sha256", header).toString("base64"));
  const body = given.packed ?? (compression === 1 ? gzipSync(text) : Buffer.from(text));
  const last = Buffer.concat([u32(1), Buffer.alloc(32), u32(0)]);
  const blocks = Buffer.concat([u32(0), hash("sha256", body), u32(body.length), body, last]);
  const sealed = encrypt(
    cipher,
    hash("sha256", MASTER_SEED, transformed(key)),
    Buffer.concat([start, blocks]),
  );
  return new Uint8Array(Buffer.concat([header, sealed]));
}
