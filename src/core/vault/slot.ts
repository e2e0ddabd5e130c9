/** Wrapping and unwrapping the vault root key: docs/format.md section 4. */
import { concat, equalBytes, fromUtf8, utf8, wipe } from "../bytes.ts";
import { type CryptoBackend, KEY_BYTES, NONCE_BYTES } from "../crypto/backend.ts";
import {
  type Argon2Params,
  kdfOutOfBounds,
  kdfWork,
  MAX_FILE_WORK_KIB,
  requireKdfBounds,
} from "../crypto/kdf.ts";
import { hkdfExpand, hkdfExtract, Key, type Label, LABEL, labelledHash } from "../crypto/keys.ts";
import { requireTrusted } from "../crypto/self-check.ts";
import { PmError } from "../errors.ts";
import type { Random } from "../random.ts";
import { buildSlot } from "./header-builder.ts";
import { damaged, type Header, needsPassword, SLOT_TYPE, type Slot, type SlotType } from "./header.ts";

/** The secrets at hand, as they go into a slot. The caller owns and wipes them. */
export interface SlotSecrets {
  /** As typed, UTF-8; NFC is applied here. */
  readonly password?: Uint8Array;
  /** 32 bytes of a key file. */
  readonly keyFile?: Uint8Array;
  /** 20 bytes of a recovery code. */
  readonly recovery?: Uint8Array;
  /** The 32-byte "wrap" output of a machine token's secret. */
  readonly token?: Uint8Array;
  /** 20 bytes of a secret key (PMS1). */
  readonly secretKey?: Uint8Array;
}

/** The full-entropy secret of each slot type, and the label it is hashed under. */
const SECRET_OF: Readonly<Record<SlotType, { name: keyof SlotSecrets; label: Label } | undefined>> = {
  [SLOT_TYPE.password]: undefined,
  [SLOT_TYPE.keyFile]: { name: "keyFile", label: "keyFile" },
  [SLOT_TYPE.passwordKeyFile]: { name: "keyFile", label: "keyFile" },
  [SLOT_TYPE.recovery]: { name: "recovery", label: "recovery" },
  [SLOT_TYPE.token]: { name: "token", label: "token" },
  [SLOT_TYPE.passwordSecretKey]: { name: "secretKey", label: "secretKey" },
};

const WRAP_NONCE = new Uint8Array(NONCE_BYTES);
const COMMIT_BYTES = 32;
const SALT_BYTES = 32;

/** What a slot is bound to beside its own bytes. */
type SlotBinding = Pick<Header, "kind" | "vaultId">;

/** "pm/v1/slot" ‖ 0 ‖ header[8] ‖ header[10..12) ‖ vault id ‖ slot[0..96) */
function slotInfo(binding: SlotBinding, slotHead: Uint8Array): Uint8Array {
  return concat(LABEL.slot, Uint8Array.of(0, 1, 1, binding.kind), binding.vaultId, slotHead);
}

/** NFC of a password. ASCII is its own NFC, and then no string is made of it. */
function normalisePassword(password: Uint8Array): Uint8Array {
  if (password.every((byte) => byte < 0x80)) return password.slice();
  const text = fromUtf8(password);
  return text === undefined ? password.slice() : utf8(text.normalize("NFC"));
}

/** The secrets that one slot takes of those at hand. */
interface TakenSecrets {
  readonly password: Uint8Array | undefined;
  readonly strong: { readonly label: Label; readonly secret: Uint8Array } | undefined;
}

/** What a slot of this type is opened with; undefined where one of its secrets is not at hand. */
function takeSecrets(type: SlotType, secrets: SlotSecrets): TakenSecrets | undefined {
  const password = needsPassword(type) ? secrets.password : undefined;
  if (needsPassword(type) && password === undefined) return undefined;
  const strong = SECRET_OF[type];
  if (strong === undefined) return { password, strong };
  const secret = secrets[strong.name];
  return secret === undefined ? undefined : { password, strong: { label: strong.label, secret } };
}

/** Derives wrapKey ‖ commit of a slot from its first 96 bytes and the secrets of its type. */
async function deriveWrap(
  crypto: CryptoBackend,
  slot: Pick<Slot, "kdf" | "kdfSalt" | "wrapSalt"> & { readonly info: Uint8Array },
  { password, strong }: TakenSecrets,
): Promise<Uint8Array> {
  let stretched = new Uint8Array(KEY_BYTES);
  if (slot.kdf !== undefined && password !== undefined) {
    const normalised = normalisePassword(password);
    await requireTrusted(crypto);
    stretched = new Uint8Array(await crypto.argon2id({ password: normalised, salt: slot.kdfSalt }, slot.kdf));
    wipe(normalised);
  }
  const hashed =
    strong === undefined
      ? new Uint8Array(KEY_BYTES)
      : labelledHash(crypto, LABEL[strong.label], strong.secret);
  const ikm = concat(stretched, hashed);
  const prk = hkdfExtract(crypto, slot.wrapSalt, ikm);
  const output = hkdfExpand(crypto, prk, slot.info, KEY_BYTES + COMMIT_BYTES);
  wipe(stretched, hashed, ikm, prk);
  return output;
}

export interface NewSlotParts {
  readonly type: SlotType;
  /** Required where the type needs a password. */
  readonly kdf?: Argon2Params;
  readonly readOnlyHint?: boolean;
}

/**
 * A fresh 192-byte slot for `rootKey`. Draws from `random`: id 16, KDF salt 32 (password types only,
 * except type 6, whose salt follows from the secret key), wrap salt 32.
 * @throws PmError "kdf-out-of-bounds" where the cost is not one that a reader accepts
 * @throws TypeError where a secret of the type is missing: zeros in its place would open to anyone
 */
export async function wrapRootKey(
  { crypto, random }: { crypto: CryptoBackend; random: Random },
  binding: SlotBinding,
  target: { rootKey: Uint8Array; slot: NewSlotParts; secrets: SlotSecrets },
): Promise<Uint8Array> {
  const { type, kdf } = target.slot;
  const secrets = takeSecrets(type, target.secrets);
  if (secrets === undefined || needsPassword(type) !== (kdf !== undefined))
    throw new TypeError(`slot type ${type} with other secrets or another KDF than it takes`);
  if (kdf !== undefined) requireKdfBounds(kdf);
  const id = random(16);
  const kdfSalt = kdf === undefined ? new Uint8Array(SALT_BYTES) : newKdfSalt(crypto, random, secrets);
  const wrapSalt = random(SALT_BYTES);
  const bytes = buildSlot({
    type,
    kdf,
    readOnlyHint: target.slot.readOnlyHint === true,
    id,
    kdfSalt,
    wrapSalt,
  });
  const info = slotInfo(binding, bytes.subarray(0, 96));
  const output = await deriveWrap(crypto, { kdf, kdfSalt, wrapSalt, info }, secrets);
  bytes.set(output.subarray(KEY_BYTES), 96);
  bytes.set(crypto.seal(output.subarray(0, KEY_BYTES), WRAP_NONCE, target.rootKey), 128);
  wipe(output);
  return bytes;
}

/** Random, but of password and secret key: there a new device computes it without asking anyone. */
function newKdfSalt(crypto: CryptoBackend, random: Random, { strong }: TakenSecrets): Uint8Array {
  if (strong?.label !== "secretKey") return random(SALT_BYTES);
  const prk = hkdfExtract(crypto, LABEL.secretKey, strong.secret);
  return hkdfExpand(crypto, prk, utf8("argon2-salt"), SALT_BYTES);
}

/**
 * Tries the secrets on every slot they could open, slots without a KDF first. The commitment is
 * compared before anything is decrypted, so that a password is never tested through the cipher.
 * @throws PmError "auth" where none fits, "slot-corrupt" where a slot fits and its key does not open,
 * "kdf-out-of-bounds" where the slots to try ask for too much work together
 */
export async function unwrapRootKey(
  crypto: CryptoBackend,
  header: Header,
  secrets: SlotSecrets,
): Promise<{ readonly rootKey: Key; readonly slot: Slot }> {
  const candidates = header.slots.flatMap((slot) => {
    const taken = takeSecrets(slot.type, secrets);
    return taken === undefined ? [] : [{ slot, taken }];
  });
  const work = candidates.reduce(
    (sum, { slot }) => sum + (slot.kdf === undefined ? 0 : kdfWork(slot.kdf)),
    0,
  );
  if (work > MAX_FILE_WORK_KIB) throw kdfOutOfBounds("the password slots together cost too much");
  candidates.sort((a, b) => Number(a.slot.kdf !== undefined) - Number(b.slot.kdf !== undefined));
  for (const { slot, taken } of candidates) {
    const info = slotInfo(header, slot.bytes.subarray(0, 96));
    using output = new Key(await deriveWrap(crypto, { ...slot, info }, taken));
    if (!equalBytes(output.bytes.subarray(KEY_BYTES), slot.commit)) continue;
    const rootKey = crypto.open(output.bytes.subarray(0, KEY_BYTES), WRAP_NONCE, slot.sealed);
    if (rootKey === undefined) throw damaged("slot-corrupt", "a key slot of the vault is damaged");
    return { rootKey: new Key(rootKey), slot };
  }
  throw new PmError("auth", "wrong password or key");
}
