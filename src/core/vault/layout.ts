/** The plaintext of a body: lengths, index, records, zero padding (docs/format.md section 6). */
import { isZero, release } from "../bytes.ts";
import type { PmError } from "../errors.ts";
import type { BodyReader } from "./cobblestone.ts";
import { damaged } from "./header.ts";

const PREFIX_BYTES = 16;
const LAYOUT_VERSION = 1;
const MIN_PLAINTEXT_BYTES = 65_536;
export const MAX_INDEX_BYTES = 67_108_864;
export const MAX_RECORD_BYTES = 1_048_576;

/** Where the parts of a plaintext stand. */
export interface Layout {
  readonly indexLength: number;
  readonly recordsLength: number;
}

/**
 * Padmé (Nikitin et al., PETS 2019): the length rounded up so that it leaks O(log log L) bits; at
 * least 64 KiB, so that all small vaults have one size. Overhead above that is under 3.2 %.
 */
export function paddedLength(length: number): number {
  if (length <= MIN_PLAINTEXT_BYTES) return MIN_PLAINTEXT_BYTES;
  const exponent = Math.floor(Math.log2(length));
  const kept = Math.floor(Math.log2(exponent)) + 1;
  const step = 2 ** (exponent - kept);
  return Math.ceil(length / step) * step;
}

/** The padded plaintext of an index and the records behind it. */
export function buildPlaintext(index: Uint8Array, records: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let recordsLength = 0;
  for (const record of records) recordsLength += record.length;
  const plaintext = new Uint8Array(paddedLength(PREFIX_BYTES + index.length + recordsLength));
  const view = new DataView(plaintext.buffer);
  view.setUint32(0, index.length);
  view.setUint32(4, LAYOUT_VERSION);
  view.setBigUint64(8, BigInt(recordsLength));
  plaintext.set(index, PREFIX_BYTES);
  let offset = PREFIX_BYTES + index.length;
  for (const record of records) {
    plaintext.set(record, offset);
    offset += record.length;
  }
  return plaintext;
}

/**
 * @param prefix the first 16 bytes of the plaintext
 * @param plaintextLength of the whole, padding included
 * @throws PmError "layout-invalid" where the parts do not make exactly that length
 */
export function parseLayout(prefix: Uint8Array, plaintextLength: number): Layout {
  // A view of fewer bytes than these would throw an error of its own.
  if (prefix.length < PREFIX_BYTES) throw lengthsDisagree();
  const view = new DataView(prefix.buffer, prefix.byteOffset, PREFIX_BYTES);
  const indexLength = view.getUint32(0);
  const recordsLength = Number(view.getBigUint64(8));
  const fits =
    view.getUint32(4) === LAYOUT_VERSION &&
    indexLength <= MAX_INDEX_BYTES &&
    recordsLength <= plaintextLength &&
    paddedLength(PREFIX_BYTES + indexLength + recordsLength) === plaintextLength;
  if (!fits) throw lengthsDisagree();
  return { indexLength, recordsLength };
}

function lengthsDisagree(): PmError {
  return damaged("layout-invalid", "the vault's content has lengths that do not add up");
}

/** A part of the records by its offset and length there. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

/** The index and the records of one plaintext, read as they are asked for. */
export interface Content {
  readonly layout: Layout;
  readonly index: Uint8Array;
  record(extent: Extent): Uint8Array;
}

export interface PartialContent extends Content {
  /** The same, quick where neighbours are read one after the other; until the body is told to forget. */
  nextRecord(extent: Extent): Uint8Array;
}

/** Decrypts the index, and of the records only what is asked for. */
export function readContent(body: BodyReader): PartialContent {
  // One read for the prefix and, in small vaults, the whole index.
  const layout = parseLayout(body.read(0, PREFIX_BYTES), body.plaintextLength);
  const index = body.read(PREFIX_BYTES, layout.indexLength);
  const start = PREFIX_BYTES + layout.indexLength;
  return {
    layout,
    index,
    record: (extent) => body.read(start + requireExtent(extent, layout).offset, extent.length),
    nextRecord: (extent) => body.readNext(start + requireExtent(extent, layout).offset, extent.length),
  };
}

/** All of a plaintext, in one buffer. */
export interface WholeContent extends Content {
  /** Several neighbouring records at once. */
  records(extent: Extent): Uint8Array;
  /** Zeroes and frees the buffer, at once and not when the garbage collector comes round to it. */
  release(): void;
}

/**
 * Decrypts and verifies every chunk and the padding. The parts are views of one buffer.
 * @throws PmError "padding-not-zero" beside the codes of {@link parseLayout} and of the body
 */
export function readWholeContent(body: BodyReader): WholeContent {
  const plaintext = body.readAll();
  const layout = parseLayout(plaintext, plaintext.length);
  const start = PREFIX_BYTES + layout.indexLength;
  const end = start + layout.recordsLength;
  if (!isZero(plaintext, end)) {
    throw damaged("padding-not-zero", "the vault's padding is not empty");
  }
  const within = ({ offset, length }: Extent): Uint8Array =>
    plaintext.subarray(start + offset, start + offset + length);
  return {
    layout,
    index: plaintext.subarray(PREFIX_BYTES, start),
    record: (extent) => within(requireExtent(extent, layout)),
    records: (extent) => within(requireInside(extent, layout)),
    release: () => release(plaintext),
  };
}

function requireExtent(extent: Extent, layout: Layout): Extent {
  if (extent.length < 1 || extent.length > MAX_RECORD_BYTES) throw outside();
  return requireInside(extent, layout);
}

function requireInside(extent: Extent, layout: Layout): Extent {
  const { offset, length } = extent;
  if (offset < 0 || offset + length > layout.recordsLength) throw outside();
  return extent;
}

function outside(): PmError {
  return damaged("index-invalid", "the vault's index points outside of its records");
}
