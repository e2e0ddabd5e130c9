/**
 * The central directory of a ZIP archive (APPNOTE.TXT 6.3.10, PKWARE), read strictly: everything that it
 * claims is held against the size of the file before anything is inflated.
 */
import { fromUtf8 } from "../bytes.ts";
import { PmError } from "../errors.ts";

export interface ZipLimits {
  readonly entries: number;
  /** Of all files together, inflated. */
  readonly bytes: number;
}

/** Where the content of one file stands, and what it has to be. */
export interface ZipRecord {
  /** Folders and name joined by "/"; never absolute, never with "." or "..". */
  readonly name: string;
  readonly method: "stored" | "deflate";
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** The first byte of its content. */
  readonly start: number;
}

const EOCD = { signature: 0x06054b50, size: 22 };
const EOCD64 = { signature: 0x06064b50, size: 56 };
const LOCATOR = { signature: 0x07064b50, size: 20 };
const CENTRAL = { signature: 0x02014b50, size: 46 };
const LOCAL = { signature: 0x04034b50, size: 30 };

const MAX_COMMENT_BYTES = 0xffff;
/** Stands where the true value is in the ZIP64 field (4.4.1.4). */
const IN_ZIP64 = 0xffffffff;
const IN_ZIP64_SHORT = 0xffff;
const ZIP64_FIELD = 0x0001;
const ENCRYPTED = 0x0001;
/** What deflate reaches at most: 258 bytes for two bits (RFC 1951). */
const MAX_RATIO = 1032;
const METHODS: Readonly<Record<number, ZipRecord["method"]>> = { 0: "stored", 8: "deflate" };

export function damagedZip(reason: string): PmError {
  return new PmError("usage", `the ZIP archive is damaged: ${reason}`, {
    hint: "export it anew, and copy the file as a whole",
  });
}

/**
 * The files of the archive, in its order; folders are left out.
 * @throws PmError "usage" where it is cut short, contradicts itself, is encrypted or packed in a way that no exporter
 * uses; "limit" where it holds more than `limits`
 */
export function readDirectory(bytes: Uint8Array, limits: ZipLimits): readonly ZipRecord[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { at, count, end } = findDirectory(view);
  if (count > limits.entries) {
    throw new PmError("limit", `the ZIP archive has over ${limits.entries} entries`);
  }
  const records: ZipRecord[] = [];
  let next = at;
  let total = 0;
  for (let n = 0; n < count; n++) {
    const { record, after } = centralRecord(view, next, end);
    total += record.size;
    if (total > limits.bytes) {
      throw new PmError("limit", `the ZIP archive holds over ${limits.bytes / 1024 ** 2} MiB`);
    }
    if (!record.name.endsWith("/")) records.push(record);
    else if (record.size !== 0) throw damagedZip("a folder in it has content");
    next = after;
  }
  if (next !== end) throw damagedZip("its directory has another length than it says");
  requireApart(records, at);
  return records;
}

interface Directory {
  readonly at: number;
  readonly count: number;
  /** Behind its last byte. */
  readonly end: number;
}

function findDirectory(view: DataView): Directory {
  const at = findEnd(view);
  const disks = view.getUint32(at + 4, true);
  const count = view.getUint16(at + 10, true);
  const size = view.getUint32(at + 12, true);
  const start = view.getUint32(at + 16, true);
  const isZip64 = count === IN_ZIP64_SHORT || size === IN_ZIP64 || start === IN_ZIP64;
  if (isZip64) return findDirectory64(view, at - LOCATOR.size);
  if (disks !== 0 || view.getUint16(at + 8, true) !== count) throw damagedZip("it is a part of a larger one");
  return within({ at: start, count, end: start + size }, at);
}

/** The last record of the file; a comment may stand behind it. */
function findEnd(view: DataView): number {
  const last = view.byteLength - EOCD.size;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT_BYTES); at--) {
    const isEnd = view.getUint32(at, true) === EOCD.signature;
    if (isEnd && at + EOCD.size + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  throw damagedZip("its end is missing");
}

function findDirectory64(view: DataView, locator: number): Directory {
  if (locator < 0 || view.getUint32(locator, true) !== LOCATOR.signature) {
    throw damagedZip("its end is missing");
  }
  const at = uint64(view, locator + 8);
  if (at + EOCD64.size > locator || view.getUint32(at, true) !== EOCD64.signature) {
    throw damagedZip("its end is not where it says");
  }
  const count = uint64(view, at + 32);
  if (uint64(view, at + 24) !== count) throw damagedZip("it is a part of a larger one");
  const start = uint64(view, at + 48);
  return within({ at: start, count, end: start + uint64(view, at + 40) }, at);
}

function within(directory: Directory, limit: number): Directory {
  if (directory.end <= limit && directory.count * CENTRAL.size <= directory.end - directory.at)
    return directory;
  throw damagedZip("its directory does not fit in it");
}

interface Central {
  readonly record: ZipRecord;
  readonly after: number;
}

function centralRecord(view: DataView, at: number, end: number): Central {
  if (at + CENTRAL.size > end || view.getUint32(at, true) !== CENTRAL.signature) {
    throw damagedZip("its directory is cut short");
  }
  const nameLength = view.getUint16(at + 28, true);
  const extraLength = view.getUint16(at + 30, true);
  const extra = at + CENTRAL.size + nameLength;
  const after = extra + extraLength + view.getUint16(at + 32, true);
  if (after > end) throw damagedZip("its directory is cut short");
  const name = safeName(bytesOf(view, at + CENTRAL.size, nameLength));
  const method = methodOf(view, at, name);
  const [size, packedSize, header] = sizesOf(view, at, { at: extra, end: extra + extraLength });
  const start = contentStart(view, header, { at: at + CENTRAL.size, length: nameLength });
  if (start + packedSize > end) throw damagedZip("the content of a file in it is cut short");
  const most = method === "stored" ? packedSize : packedSize * MAX_RATIO;
  if (size > most) throw damagedZip("a file in it is smaller than it says");
  return { record: { name, method, crc: view.getUint32(at + 16, true), packedSize, size, start }, after };
}

function methodOf(view: DataView, at: number, name: string): ZipRecord["method"] {
  if ((view.getUint16(at + 8, true) & ENCRYPTED) !== 0) {
    throw new PmError("usage", "the ZIP archive is encrypted", {
      hint: "unpack it with its password first, and pack it again without one",
    });
  }
  const number = view.getUint16(at + 10, true);
  const method = METHODS[number];
  if (method !== undefined) return method;
  throw new PmError("usage", `${JSON.stringify(name)} in the ZIP archive is packed by method ${number}`, {
    hint: "unpack the archive and pack it again: zip -r",
  });
}

interface Span {
  readonly at: number;
  readonly end: number;
}

/** Inflated size, packed size and the place of the local header (4.5.3). */
function sizesOf(view: DataView, at: number, extra: Span): readonly [number, number, number] {
  const short = [24, 20, 42].map((offset) => view.getUint32(at + offset, true));
  let long = short.includes(IN_ZIP64) ? zip64Field(view, extra) : undefined;
  const [size = 0, packedSize = 0, header = 0] = short.map((value) => {
    if (value !== IN_ZIP64) return value;
    if (long === undefined || long.at + 8 > long.end) throw damagedZip("a size in it is missing");
    const read = uint64(view, long.at);
    long = { at: long.at + 8, end: long.end };
    return read;
  });
  return [size, packedSize, header];
}

function zip64Field(view: DataView, { at, end }: Span): Span | undefined {
  for (let next = at; next + 4 <= end;) {
    const after = next + 4 + view.getUint16(next + 2, true);
    if (after > end) throw damagedZip("its directory is cut short");
    if (view.getUint16(next, true) === ZIP64_FIELD) return { at: next + 4, end: after };
    next = after;
  }
  return undefined;
}

/** A local header that names another file would show other programs another archive than this one. */
function contentStart(view: DataView, header: number, name: { at: number; length: number }): number {
  if (header + LOCAL.size > view.byteLength || view.getUint32(header, true) !== LOCAL.signature) {
    throw damagedZip("a file in it is not where it says");
  }
  const nameLength = view.getUint16(header + 26, true);
  const start = header + LOCAL.size + nameLength + view.getUint16(header + 28, true);
  if (start > view.byteLength || nameLength !== name.length) throw damagedZip("it names a file in two ways");
  for (let n = 0; n < nameLength; n++) {
    if (view.getUint8(header + LOCAL.size + n) !== view.getUint8(name.at + n)) {
      throw damagedZip("it names a file in two ways");
    }
  }
  return start;
}

/** Also of archives that do not say so: what the readers of pm look for is ASCII. */
function safeName(bytes: Uint8Array): string {
  const name = fromUtf8(bytes) ?? Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const parts = name.replace(/\/$/, "").split("/");
  const isSafe = parts.every((part) => part !== "" && part !== "." && part !== "..");
  if (isSafe && !name.includes("\\") && !name.includes("\0") && !/^[A-Za-z]:/.test(name)) return name;
  throw new PmError("usage", "the ZIP archive has a file whose path leads out of it", {
    hint: "import only what the other password manager wrote itself",
  });
}

/** Bombs that inflate the same bytes again and again, and two files of one name, of which one would be lost. */
function requireApart(records: readonly ZipRecord[], directory: number): void {
  const names = new Set(records.map(({ name }) => name));
  if (names.size !== records.length) throw damagedZip("two files in it have the same name");
  const sorted = [...records].sort((a, b) => a.start - b.start);
  for (const [n, { start, packedSize }] of sorted.entries()) {
    const next = sorted[n + 1]?.start ?? directory;
    if (start + packedSize > next) throw damagedZip("files in it overlap");
  }
}

function bytesOf(view: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, length);
}

/** @throws PmError "usage" beyond 2^53, where no archive ends */
function uint64(view: DataView, at: number): number {
  const value = Number(view.getBigUint64(at, true));
  if (!Number.isSafeInteger(value)) throw damagedZip("a size in it is impossible");
  return value;
}
