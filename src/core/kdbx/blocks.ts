/** How the body is cut into blocks: hashed ones inside the cipher (3.1), authenticated ones around it (4). */
import { concat, equalBytes, joined } from "../bytes.ts";
import { ByteReader, damaged, u32, u64 } from "./byte-reader.ts";
import type { KdbxCrypto } from "./crypto.ts";

const BLOCK_BYTES = 1_048_576;
/** The block number that stands for the header. */
const HEADER_INDEX = 0xffff_ffff_ffff_ffffn;

/** @throws PmError "corrupt". Nothing may follow the last block. */
export function readHashedBlocks(crypto: KdbxCrypto, bytes: Uint8Array): Uint8Array {
  const reader = new ByteReader(bytes, "its content");
  const blocks: Uint8Array[] = [];
  for (let index = 0; ; index++) {
    if (reader.u32() !== index) throw damaged("a block is out of order");
    const hash = reader.take(32);
    const block = reader.take(reader.u32());
    if (block.length === 0) {
      if (hash.some((byte) => byte !== 0) || reader.left > 0) throw damaged("its last block");
      return joined(blocks);
    }
    if (!equalBytes(hash, crypto.sha256(block))) throw damaged(`the checksum of block ${index}`);
    blocks.push(block);
  }
}

/** The authentication of the header under the key that all block keys come from. */
export function headerMac(crypto: KdbxCrypto, baseKey: Uint8Array, header: Uint8Array): Uint8Array {
  return crypto.hmacSha256(blockKey(crypto, baseKey, HEADER_INDEX), header);
}

/** @throws PmError "corrupt". Nothing may follow the last block. */
export function readSealedBlocks(crypto: KdbxCrypto, baseKey: Uint8Array, reader: ByteReader): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let index = 0n; ; index++) {
    const mac = reader.take(32);
    const block = reader.take(reader.u32());
    if (!equalBytes(mac, blockMac(crypto, baseKey, index, block))) {
      throw damaged(`block ${index} does not match its authentication`);
    }
    if (block.length === 0) break;
    blocks.push(block);
  }
  if (reader.left > 0) throw damaged("there is something after its end");
  return joined(blocks);
}

export function sealBlocks(crypto: KdbxCrypto, baseKey: Uint8Array, bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  const count = Math.ceil(bytes.length / BLOCK_BYTES);
  for (let index = 0; index <= count; index++) {
    const block = bytes.subarray(index * BLOCK_BYTES, (index + 1) * BLOCK_BYTES);
    parts.push(blockMac(crypto, baseKey, BigInt(index), block), u32(block.length), block);
  }
  return joined(parts);
}

function blockMac(crypto: KdbxCrypto, baseKey: Uint8Array, index: bigint, block: Uint8Array): Uint8Array {
  return crypto.hmacSha256(blockKey(crypto, baseKey, index), u64(index), u32(block.length), block);
}

function blockKey(crypto: KdbxCrypto, baseKey: Uint8Array, index: bigint): Uint8Array {
  return crypto.sha512(concat(u64(index), baseKey));
}
