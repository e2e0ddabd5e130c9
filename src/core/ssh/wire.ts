/** The data types of SSH (RFC 4251 section 5): read from bytes that anybody may have sent, and written. */
import { concat, fromUtf8, utf8 } from "../bytes.ts";
import { PmError } from "../errors.ts";

/** A cursor on bytes; what it returns are views of them. Every method throws PmError "corrupt" beyond the end. */
export interface WireReader {
  byte(): number;
  uint32(): number;
  string(): Uint8Array;
  /** A string that has to be UTF-8. */
  text(): string;
  /** A number of at most `maxBytes`, never negative, without leading zeros. */
  positive(maxBytes: number): Uint8Array;
  /** Everything that is left. */
  rest(): Uint8Array;
}

export function createWireReader(bytes: Uint8Array): WireReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw malformed();
    at += length;
    return bytes.subarray(at - length, at);
  };
  const uint32 = (): number => {
    take(4);
    return view.getUint32(at - 4);
  };
  const string = (): Uint8Array => take(uint32());
  return {
    byte: () => take(1)[0] ?? 0,
    uint32,
    string,
    text: () => {
      const text = fromUtf8(string());
      if (text === undefined) throw malformed();
      return text;
    },
    positive: (maxBytes) => {
      const number = string();
      const isNegative = (number[0] ?? 0) >= 0x80;
      const digits = number.subarray(number[0] === 0 ? 1 : 0);
      if (isNegative || digits.length === 0 || digits[0] === 0 || digits.length > maxBytes) throw malformed();
      return digits;
    },
    rest: () => take(bytes.length - at),
  };
}

function malformed(): PmError {
  return new PmError("corrupt", "these bytes are not what SSH writes");
}

export function wireUint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

export function wireString(content: Uint8Array | string): Uint8Array {
  const bytes = typeof content === "string" ? utf8(content) : content;
  return concat(wireUint32(bytes.length), bytes);
}

/** An mpint of unsigned big-endian bytes. */
export function wireNumber(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? new Uint8Array(0) : bytes.subarray(first);
  const sign = (digits[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : new Uint8Array(0);
  return wireString(concat(sign, digits));
}
