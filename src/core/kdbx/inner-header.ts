/** The header inside the cipher (KDBX 4): what masks the values of the document, and the files of the entries. */
import { concat, joined } from "../bytes.ts";
import { PmError } from "../errors.ts";
import { ByteReader, damaged, u32 } from "./byte-reader.ts";
import { CHACHA20_STREAM } from "./key-stream.ts";

export interface InnerHeader {
  readonly streamId: number;
  readonly streamKey: Uint8Array;
  readonly files: readonly Uint8Array[];
}

const FIELD = { end: 0, streamId: 1, streamKey: 2, file: 3 } as const;
/** The first byte of a file says whether it asks for care in memory. */
const PROTECTED_FILE = 1;
const MAX_FILES = 100_000;

/** The parts of a stream as one byte string, from which pieces are taken in order. */
export class PartReader {
  readonly #parts: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);

  constructor(parts: AsyncIterable<Uint8Array>) {
    this.#parts = parts[Symbol.asyncIterator]();
  }

  /** @throws PmError "corrupt" where fewer are left; no more is allocated than has arrived. */
  async take(length: number): Promise<Uint8Array> {
    const held = [this.#held];
    let available = this.#held.length;
    while (available < length) {
      const { done, value } = await this.#parts.next();
      if (done === true) throw damaged("its content is cut short");
      held.push(value);
      available += value.length;
    }
    const bytes = held.length === 1 ? this.#held : joined(held);
    this.#held = bytes.subarray(length);
    return bytes.subarray(0, length);
  }

  /** Everything that has not been taken. */
  async *rest(): AsyncGenerator<Uint8Array, void, void> {
    yield this.#held;
    for (;;) {
      const { done, value } = await this.#parts.next();
      if (done === true) return;
      yield value;
    }
  }
}

/** @throws PmError "corrupt". */
export async function readInnerHeader(parts: PartReader): Promise<InnerHeader> {
  let streamId: number | undefined;
  let streamKey: Uint8Array | undefined;
  const files: Uint8Array[] = [];
  for (;;) {
    const head = new ByteReader(await parts.take(5), "its inner header");
    const id = head.u8();
    const value = await parts.take(head.u32());
    if (id === FIELD.end) break;
    if (id === FIELD.streamId) streamId = new ByteReader(value, "its inner header").u32();
    else if (id === FIELD.streamKey) streamKey = value;
    else if (id === FIELD.file) files.push(value.slice(1));
    if (files.length > MAX_FILES)
      throw new PmError("limit", `the KDBX file has more than ${MAX_FILES} files`);
  }
  if (streamId === undefined || streamKey === undefined) throw damaged("its inner header has no key");
  return { streamId, streamKey, files };
}

/** With ChaCha20 as what masks. */
export function encodeInnerHeader(streamKey: Uint8Array, files: readonly Uint8Array[]): Uint8Array {
  const field = (id: number, value: Uint8Array): Uint8Array =>
    concat(Uint8Array.of(id), u32(value.length), value);
  return joined([
    field(FIELD.streamId, u32(CHACHA20_STREAM)),
    field(FIELD.streamKey, streamKey),
    ...files.map((bytes) => field(FIELD.file, concat(Uint8Array.of(PROTECTED_FILE), bytes))),
    field(FIELD.end, new Uint8Array(0)),
  ]);
}
