/** The VariantDictionary of KDBX 4: named, typed values, in which a header keeps the cost of its KDF. */
import { concat, fromUtf8, joined, utf8 } from "../bytes.ts";
import { ByteReader, damaged, u32, u64 } from "./byte-reader.ts";

export type Variant =
  | { readonly type: "u32"; readonly value: number }
  | { readonly type: "u64"; readonly value: bigint }
  | { readonly type: "bytes"; readonly value: Uint8Array }
  /** Flags, signed numbers and texts: nothing that pm reads is one. */
  | { readonly type: "other" };

const VERSION = 0x0100;
const MAJOR_MASK = 0xff00;
const END = 0;
const TYPES = { u32: 0x04, u64: 0x05, bytes: 0x42 } as const;
const SIZES: Readonly<Record<number, number>> = { [TYPES.u32]: 4, [TYPES.u64]: 8 };

/** @throws PmError "corrupt". */
export function parseVariantMap(bytes: Uint8Array): ReadonlyMap<string, Variant> {
  const reader = new ByteReader(bytes, "the cost of its key derivation");
  if ((reader.u16() & MAJOR_MASK) !== VERSION) throw damaged("its key derivation is of an unknown version");
  const map = new Map<string, Variant>();
  for (let type = reader.u8(); type !== END; type = reader.u8()) {
    const name = fromUtf8(reader.take(reader.u32()));
    const value = reader.take(reader.u32());
    if (name === undefined || map.has(name)) throw damaged("the names in its key derivation");
    map.set(name, toVariant(type, value));
  }
  return map;
}

function toVariant(type: number, value: Uint8Array): Variant {
  const size = SIZES[type];
  if (size !== undefined && value.length !== size) throw damaged("a number in its key derivation");
  const reader = new ByteReader(value, "a number in its key derivation");
  if (type === TYPES.u32) return { type: "u32", value: reader.u32() };
  if (type === TYPES.u64) return { type: "u64", value: reader.u64() };
  return type === TYPES.bytes ? { type: "bytes", value } : { type: "other" };
}

export type WritableVariant = Exclude<Variant, { type: "other" }>;

export function encodeVariantMap(map: ReadonlyMap<string, WritableVariant>): Uint8Array {
  const items = Array.from(map, ([name, variant]) => {
    const [key, value] = [utf8(name), encodeValue(variant)];
    const type = Uint8Array.of(TYPES[variant.type]);
    return concat(type, u32(key.length), key, u32(value.length), value);
  });
  return joined([Uint8Array.of(VERSION & 0xff, VERSION >> 8), ...items, Uint8Array.of(END)]);
}

function encodeValue(variant: WritableVariant): Uint8Array {
  switch (variant.type) {
    case "u32":
      return u32(variant.value);
    case "u64":
      return u64(variant.value);
    case "bytes":
      return variant.value;
  }
}
