/**
 * ZIP archives that other password managers write, read without trusting them. `DecompressionStream` does the
 * inflating, so that an archive can be given up the moment it holds a byte more than it said.
 */
import { PmError } from "../errors.ts";
import { damagedZip, readDirectory, type ZipLimits, type ZipRecord } from "./zip-directory.ts";

/** Beyond what a vault takes, and well within memory. */
export const ZIP_LIMITS: ZipLimits = { entries: 50_000, bytes: 256 * 1024 * 1024 };

export interface Zip {
  /** Names of the files in it, folders and name joined by "/", in their order. */
  readonly names: readonly string[];
  /**
   * The exact bytes of a file; undefined where there is none of that name.
   * @throws PmError "usage" where its content is not what the archive says of it
   */
  read(name: string): Promise<Uint8Array | undefined>;
}

/** @throws PmError "usage" or "limit": see {@link readDirectory} */
export function openZip(bytes: Uint8Array, limits: ZipLimits = ZIP_LIMITS): Zip {
  const records = new Map(readDirectory(bytes, limits).map((record) => [record.name, record]));
  return {
    names: [...records.keys()],
    read: async (name) => {
      const record = records.get(name);
      return record === undefined ? undefined : await contentOf(bytes, record);
    },
  };
}

async function contentOf(bytes: Uint8Array, record: ZipRecord): Promise<Uint8Array> {
  // A copy: `slice` of a Buffer would be a view of it.
  const packed = new Uint8Array(bytes.subarray(record.start, record.start + record.packedSize));
  const content = record.method === "stored" ? packed : await inflate(packed, record.size);
  if (content.length !== record.size) throw damagedZip("a file in it is larger than it says");
  if (crc32(content) !== record.crc) throw damagedZip("the content of a file in it has changed");
  return content;
}

/** @throws PmError "usage" unless they are exactly `size` bytes; no more than these are ever kept */
async function inflate(packed: Uint8Array<ArrayBuffer>, size: number): Promise<Uint8Array> {
  const content = new Uint8Array(size);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.getReader();
  let filled = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (filled + value.length > size) throw damagedZip("a file in it is larger than it says");
      content.set(value, filled);
      filled += value.length;
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    throw error instanceof PmError ? error : damagedZip("the content of a file in it can't be unpacked");
  }
  if (filled !== size) throw damagedZip("a file in it is smaller than it says");
  return content;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb88320;
  return crc;
});

/** APPNOTE.TXT 4.4.7: the polynomial of ISO 3309. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
