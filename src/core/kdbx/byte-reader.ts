import { PmError } from "../errors.ts";

/** The refusal of a damaged file; `what` says where: "its header is cut short". */
export function damaged(what: string, cause?: unknown): PmError {
  return new PmError("corrupt", `the KDBX file is damaged: ${what}`, {
    hint: "open it in the program that wrote it, or take another copy",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The refusal of what a sound file may hold and pm does not read. */
export function unsupported(what: string, hint: string): PmError {
  return new PmError("unsupported-feature", `pm does not read a KDBX file with ${what}`, { hint });
}

/** Little-endian numbers and byte strings, one after the other. Everything it gives is a view. */
export class ByteReader {
  readonly bytes: Uint8Array;
  /** For the message: "its header". */
  readonly #where: string;
  readonly #view: DataView;
  offset = 0;

  constructor(bytes: Uint8Array, where: string) {
    this.bytes = bytes;
    this.#where = where;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get left(): number {
    return this.bytes.length - this.offset;
  }

  /** @throws PmError "corrupt" where fewer are left; nothing is allocated. */
  take(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.bytes.subarray(start, start + length);
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#advance(8), true);
  }

  #advance(length: number): number {
    if (length > this.left) throw damaged(`${this.#where} is cut short`);
    const start = this.offset;
    this.offset += length;
    return start;
  }
}

/** Little-endian. */
export function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/** Little-endian. */
export function u64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return bytes;
}
