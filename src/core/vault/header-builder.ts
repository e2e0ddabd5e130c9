/** Making a header and its slots: docs/format.md sections 3 and 4. */
import type { CryptoBackend } from "../crypto/backend.ts";
import { PmError } from "../errors.ts";
import {
  CHECKSUM_OFFSET,
  HEADER_BYTES,
  type Kind,
  MAGIC,
  MAJOR,
  MAX_SLOTS,
  type Slot,
  SLOT_BYTES,
  SLOTS_OFFSET,
  SUITE,
} from "./header.ts";

/** Says who wrote the file and nothing else. */
const MINOR = 0;

/** Builds the header of a new file: the slots verbatim, everything reserved zero, the checksum. */
export function buildHeader(
  crypto: CryptoBackend,
  parts: { kind: Kind; vaultId: Uint8Array; bodyLength: number; slots: readonly Uint8Array[] },
): Uint8Array {
  if (parts.slots.length < 1 || parts.slots.length > MAX_SLOTS) {
    throw new PmError("limit", `a vault has 1 to ${MAX_SLOTS} key slots`, {
      hint: "remove one: pm key rm ID",
    });
  }
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC, 0);
  view.setUint8(8, MAJOR);
  view.setUint8(9, MINOR);
  view.setUint8(10, SUITE);
  view.setUint8(11, parts.kind);
  bytes.set(parts.vaultId, 16);
  view.setBigUint64(32, BigInt(parts.bodyLength));
  view.setUint8(40, parts.slots.length);
  for (const [index, slot] of parts.slots.entries()) bytes.set(slot, SLOTS_OFFSET + index * SLOT_BYTES);
  bytes.set(crypto.sha256(bytes.subarray(0, CHECKSUM_OFFSET)), CHECKSUM_OFFSET);
  return bytes;
}

/** The first 96 bytes of a new slot; commit and sealed key are still to be filled in. */
export function buildSlot(
  slot: Pick<Slot, "type" | "kdf" | "readOnlyHint" | "id" | "kdfSalt" | "wrapSalt">,
): Uint8Array {
  const bytes = new Uint8Array(SLOT_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, slot.type);
  view.setUint8(1, slot.readOnlyHint ? 1 : 0);
  if (slot.kdf !== undefined) {
    view.setUint8(2, 1);
    view.setUint8(3, slot.kdf.lanes);
    view.setUint32(4, slot.kdf.memoryKiB);
    view.setUint32(8, slot.kdf.passes);
  }
  bytes.set(slot.id, 16);
  bytes.set(slot.kdfSalt, 32);
  bytes.set(slot.wrapSalt, 64);
  return bytes;
}
