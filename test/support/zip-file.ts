/** ZIP archives for tests, sound ones and such as no program writes. */
import { crc32, deflateRawSync } from "node:zlib";
import { utf8 } from "../../src/core/bytes.ts";

/** What the archive says of a file, where that is not the truth. */
export interface ZipMember {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly stored?: boolean;
  readonly flags?: number;
  readonly method?: number;
  readonly crc?: number;
  readonly size?: number;
  readonly packedSize?: number;
  /** In the header before the content, which has the name too. */
  readonly localName?: string;
  /** Its content is that of the file with this number. */
  readonly sharedWith?: number;
  /** Sizes and place stand in the ZIP64 field. */
  readonly zip64?: boolean;
}

export interface ZipShape {
  readonly comment?: string;
  /** The number of files stands in the ZIP64 end. */
  readonly zip64?: boolean;
  readonly count?: number;
}

export function zipFile(members: readonly ZipMember[], shape: ZipShape = {}): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  const headers: number[] = [];
  let at = 0;
  for (const member of members) {
    const packed = member.stored === true ? Buffer.from(member.bytes) : deflateRawSync(member.bytes);
    const isShared = member.sharedWith !== undefined;
    const header = headers[member.sharedWith ?? -1] ?? at;
    headers.push(header);
    directory.push(centralHeader(member, packed.length, header));
    if (isShared) continue;
    const local = localHeader(member, packed.length);
    parts.push(local, packed);
    at += local.length + packed.length;
  }
  return Buffer.concat([...parts, ...directory, ...ends(directory, at, shape)]);
}

/** The same from texts. */
export function zipOf(files: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  return zipFile(
    Object.entries(files).map(([name, content]) => ({
      name,
      bytes: typeof content === "string" ? utf8(content) : content,
    })),
  );
}

function common(member: ZipMember, packedLength: number): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(member.flags ?? 0x0800, 2);
  fields.writeUInt16LE(member.method ?? (member.stored === true ? 0 : 8), 4);
  fields.writeUInt32LE(member.crc ?? crc32(member.bytes), 10);
  const isLong = member.zip64 === true;
  fields.writeUInt32LE(isLong ? 0xffffffff : (member.packedSize ?? packedLength), 14);
  fields.writeUInt32LE(isLong ? 0xffffffff : (member.size ?? member.bytes.length), 18);
  return fields;
}

function localHeader(member: ZipMember, packedLength: number): Buffer {
  const name = Buffer.from(member.localName ?? member.name);
  const fields = common({ ...member, zip64: false }, packedLength);
  fields.writeUInt16LE(name.length, 22);
  return Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), fields, name]);
}

function centralHeader(member: ZipMember, packedLength: number, header: number): Buffer {
  const name = Buffer.from(member.name);
  const fields = common(member, packedLength);
  const extra = member.zip64 === true ? zip64Extra(member, packedLength, header) : Buffer.alloc(0);
  fields.writeUInt16LE(name.length, 22);
  fields.writeUInt16LE(extra.length, 24);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(member.zip64 === true ? 0xffffffff : header, 10);
  const signature = Buffer.from("PK\x01\x02\x14\x00", "latin1");
  return Buffer.concat([signature, fields, tail, name, extra]);
}

function zip64Extra(member: ZipMember, packedLength: number, header: number): Buffer {
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  extra.writeBigUInt64LE(BigInt(member.size ?? member.bytes.length), 4);
  extra.writeBigUInt64LE(BigInt(member.packedSize ?? packedLength), 12);
  extra.writeBigUInt64LE(BigInt(header), 20);
  return extra;
}

function ends(directory: readonly Buffer[], at: number, shape: ZipShape): Buffer[] {
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const count = shape.count ?? directory.length;
  const comment = Buffer.from(shape.comment ?? "");
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  const short = shape.zip64 === true ? 0xffff : count;
  end.writeUInt16LE(short, 8);
  end.writeUInt16LE(short, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(comment.length, 20);
  return [...(shape.zip64 === true ? ends64({ count, size, at }) : []), end, comment];
}

function ends64({ count, size, at }: { count: number; size: number; at: number }): Buffer[] {
  const end = Buffer.alloc(56);
  end.write("PK\x06\x06", "latin1");
  end.writeBigUInt64LE(44n, 4);
  end.writeBigUInt64LE(BigInt(count), 24);
  end.writeBigUInt64LE(BigInt(count), 32);
  end.writeBigUInt64LE(BigInt(size), 40);
  end.writeBigUInt64LE(BigInt(at), 48);
  const locator = Buffer.alloc(20);
  locator.write("PK\x06\x07", "latin1");
  locator.writeBigUInt64LE(BigInt(at + size), 8);
  locator.writeUInt32LE(1, 16);
  return [end, locator];
}
