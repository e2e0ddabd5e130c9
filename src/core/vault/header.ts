/** The fixed 4,096-byte header with its 16 key slots: docs/format.md sections 3 and 4. */
import { equalBytes, isZero } from "../bytes.ts";
import type { CryptoBackend } from "../crypto/backend.ts";
import { type Argon2Params, kdfOutOfBounds, requireKdfBounds } from "../crypto/kdf.ts";
import { type ErrorCode, PmError } from "../errors.ts";
import { isPossibleBodyLength, MIN_BODY_BYTES } from "./cobblestone.ts";

export const HEADER_BYTES = 4096;
export const SLOT_BYTES = 192;
export const MAX_SLOTS = 16;
export const MAX_PASSWORD_SLOTS = 4;
export const CHECKSUM_OFFSET = 4064;
export const SLOTS_OFFSET = 64;
const SLOTS_END = SLOTS_OFFSET + MAX_SLOTS * SLOT_BYTES;
const MIN_FILE_BYTES = HEADER_BYTES + MIN_BODY_BYTES;
export const MAX_FILE_BYTES = 536_870_912;
const MAX_REMOTE_FILE_BYTES = 67_108_864;

/** "\x89PMV\r\n\x1a\n": like PNG's, it shows damage by a text-mode transfer. */
export const MAGIC: Uint8Array = Uint8Array.of(0x89, 0x50, 0x4d, 0x56, 0x0d, 0x0a, 0x1a, 0x0a);
export const MAJOR = 1;
export const SUITE = 1;

/** Header byte 11. */
export const KIND: { readonly vault: 1; readonly share: 2; readonly remote: 3 } = {
  vault: 1,
  share: 2,
  remote: 3,
};
export type Kind = 1 | 2 | 3;

/** Byte 0 of a slot: which secrets open it. */
export const SLOT_TYPE: {
  readonly password: 1;
  readonly keyFile: 2;
  readonly passwordKeyFile: 3;
  readonly recovery: 4;
  readonly token: 5;
  readonly passwordSecretKey: 6;
} = {
  password: 1,
  keyFile: 2,
  passwordKeyFile: 3,
  recovery: 4,
  token: 5,
  passwordSecretKey: 6,
};
export type SlotType = 1 | 2 | 3 | 4 | 5 | 6;

/** One key slot: the vault root key wrapped under one secret. Byte arrays are views of `bytes`. */
export interface Slot {
  readonly type: SlotType;
  /** Advisory: whoever holds the token is asked not to write. */
  readonly readOnlyHint: boolean;
  /** Undefined where the secret has full entropy and needs no KDF. */
  readonly kdf: Argon2Params | undefined;
  /** 16 bytes. */
  readonly id: Uint8Array;
  /** 32 bytes each. */
  readonly kdfSalt: Uint8Array;
  readonly wrapSalt: Uint8Array;
  readonly commit: Uint8Array;
  /** 48 bytes: AES-256-GCM of the vault root key. */
  readonly sealed: Uint8Array;
  /** The 192 bytes as they stand in the header; re-emitted verbatim on every save. */
  readonly bytes: Uint8Array;
}

export interface Header {
  readonly kind: Kind;
  /** 16 bytes, constant for the life of the vault. */
  readonly vaultId: Uint8Array;
  readonly bodyLength: number;
  readonly slots: readonly Slot[];
  /** The 4,096 bytes. */
  readonly bytes: Uint8Array;
}

/** @throws PmError "read-only" for a share: nothing is merged back from it, so nothing is written into it */
export function requireVault({ kind }: Pick<Header, "kind">): void {
  if (kind === KIND.share) throw bundleIsRead();
}

export function bundleIsRead(): PmError {
  return new PmError("read-only", "this is a bundle, which is only read", {
    hint: "change the vault, then where it was made: pm bundle refresh",
  });
}

/** Whether these bytes begin as a share does; nothing else of them is looked at. */
export function isShare(head: Uint8Array): boolean {
  return head.length >= HEADER_BYTES && equalBytes(head.subarray(0, 8), MAGIC) && head[11] === KIND.share;
}

/** Whether a password beside a key file may be what opens the vault. */
export function takesKeyFileToo({ slots }: Pick<Header, "slots">): boolean {
  return slots.some(({ type }) => type === SLOT_TYPE.passwordKeyFile);
}

/** Whether a slot of this type is opened with a password, and so has a KDF. */
export function needsPassword(type: SlotType): boolean {
  return (
    type === SLOT_TYPE.password || type === SLOT_TYPE.passwordKeyFile || type === SLOT_TYPE.passwordSecretKey
  );
}

/** Whether a person opens a slot of this type, by what they know or have on paper. */
export function provesPerson(type: SlotType): boolean {
  return needsPassword(type) || type === SLOT_TYPE.recovery;
}

/**
 * Parses and checks everything that can be checked without a key, in the order of docs/format.md
 * section 8, before any of it costs memory or time.
 * @param bytes the first 4,096 bytes of the file (fewer where it is shorter)
 * @param fileSize bytes of the whole file
 * @throws PmError with the code of the first rule that fails
 */
export function parseHeader(crypto: CryptoBackend, bytes: Uint8Array, fileSize: number): Header {
  if (fileSize < MIN_FILE_BYTES || bytes.length < HEADER_BYTES) {
    throw damaged("truncated", `the file has only ${fileSize} bytes, a vault has at least ${MIN_FILE_BYTES}`);
  }
  if (!equalBytes(bytes.subarray(0, 8), MAGIC)) {
    throw new PmError("not-a-vault", "the file is not a pm vault", { hint: "check --vault and PM_VAULT" });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  requireVersion(view.getUint8(8));
  if (
    !equalBytes(
      crypto.sha256(bytes.subarray(0, CHECKSUM_OFFSET)),
      bytes.subarray(CHECKSUM_OFFSET, HEADER_BYTES),
    )
  ) {
    throw damaged("header-checksum", "the vault's header is damaged");
  }
  if (view.getUint8(10) !== SUITE) throw tooNew("unsupported-suite", `cipher suite ${view.getUint8(10)}`);
  const kind = view.getUint8(11);
  if (!isKind(kind)) throw tooNew("unsupported-kind", `file kind ${kind}`);
  if (view.getUint32(12) !== 0)
    throw tooNew("unsupported-feature", "a feature that this version does not know");
  const count = view.getUint8(40);
  requireReservedZero(bytes, count);
  if (count < 1 || count > MAX_SLOTS) throw damaged("slot-count", `the header names ${count} key slots`);
  const slots = Array.from({ length: count }, (_, index) => parseSlot(slotBytes(bytes, index), index));
  if (slots.filter((slot) => needsPassword(slot.type)).length > MAX_PASSWORD_SLOTS) {
    throw kdfOutOfBounds(`more than ${MAX_PASSWORD_SLOTS} password slots`);
  }
  const bodyLength = parseBodyLength(view, kind, fileSize);
  return { kind, vaultId: bytes.subarray(16, 32), bodyLength, slots, bytes };
}

/**
 * Reads one slot of 192 bytes and holds it to the rules of its type.
 * @throws PmError "slot-invalid" or "kdf-out-of-bounds"
 */
export function parseSlot(bytes: Uint8Array, index: number): Slot {
  const view = new DataView(bytes.buffer, bytes.byteOffset, SLOT_BYTES);
  const [type, flags, kdf] = [view.getUint8(0), view.getUint8(1), view.getUint8(2)];
  const params = { memoryKiB: view.getUint32(4), passes: view.getUint32(8), lanes: view.getUint8(3) };
  const invalid = (rule: string): PmError => damaged("slot-invalid", `key slot ${index} is invalid: ${rule}`);
  if (!isSlotType(type)) throw invalid(`type ${type} is unknown`);
  if ((flags & 0xfe) !== 0) throw invalid("a reserved flag is set");
  if (!isZero(bytes.subarray(12, 16)) || !isZero(bytes.subarray(176)))
    throw invalid("a reserved byte is set");
  const kdfSalt = bytes.subarray(32, 64);
  if (kdf !== (needsPassword(type) ? 1 : 0)) throw invalid(`type ${type} does not go with KDF ${kdf}`);
  if (kdf === 0 && !(isZero(bytes.subarray(3, 12)) && isZero(kdfSalt)))
    throw invalid("KDF fields without a KDF");
  if (kdf === 1) requireKdfBounds(params);
  return {
    type,
    readOnlyHint: flags === 1,
    kdf: kdf === 1 ? params : undefined,
    id: bytes.subarray(16, 32),
    kdfSalt,
    wrapSalt: bytes.subarray(64, 96),
    commit: bytes.subarray(96, 128),
    sealed: bytes.subarray(128, 176),
    bytes,
  };
}

function slotBytes(header: Uint8Array, index: number): Uint8Array {
  return header.subarray(SLOTS_OFFSET + index * SLOT_BYTES, SLOTS_OFFSET + (index + 1) * SLOT_BYTES);
}

function requireVersion(major: number): void {
  if (major > MAJOR) throw tooNew("unsupported-version", `format version ${major}`);
  if (major < MAJOR)
    throw damaged("unsupported-version", `the vault has format version ${major}, which never was`);
}

function requireReservedZero(bytes: Uint8Array, slotCount: number): void {
  const unusedSlots = SLOTS_OFFSET + Math.min(slotCount, MAX_SLOTS) * SLOT_BYTES;
  const zero =
    isZero(bytes.subarray(41, SLOTS_OFFSET)) &&
    isZero(bytes.subarray(unusedSlots, SLOTS_END)) &&
    isZero(bytes.subarray(SLOTS_END, CHECKSUM_OFFSET));
  if (!zero) throw damaged("reserved-not-zero", "the header has bytes set that must be zero");
}

function parseBodyLength(view: DataView, kind: Kind, fileSize: number): number {
  const bodyLength = view.getBigUint64(32);
  const limit = kind === KIND.remote ? MAX_REMOTE_FILE_BYTES : MAX_FILE_BYTES;
  if (bodyLength > BigInt(limit - HEADER_BYTES) || !isPossibleBodyLength(Number(bodyLength))) {
    throw damaged("body-length", `the header names a body of ${bodyLength} bytes, which can't be`);
  }
  const length = Number(bodyLength);
  if (fileSize < HEADER_BYTES + length) {
    throw damaged("truncated", `the file ends ${HEADER_BYTES + length - fileSize} bytes early`);
  }
  if (fileSize > HEADER_BYTES + length) {
    throw damaged("body-length", `the file has ${fileSize - HEADER_BYTES - length} bytes too many`);
  }
  return length;
}

function isKind(value: number): value is Kind {
  return value >= KIND.vault && value <= KIND.remote;
}

function isSlotType(value: number): value is SlotType {
  return value >= SLOT_TYPE.password && value <= SLOT_TYPE.passwordSecretKey;
}

/** What every kind of damage is told with: the file can't be used, a copy may. */
export function damaged(code: ErrorCode, message: string): PmError {
  return new PmError(code, message, {
    hint: "the previous version may be whole: pm verify --vault FILE.bak",
  });
}

function tooNew(code: ErrorCode, what: string): PmError {
  return new PmError(code, `the vault uses ${what}`, {
    hint: "update pm: it was written by a newer version",
  });
}
