/** Slots as sessions make, name and list them: header slots beside the slot book of the root record. */
import { toBase64, toHex, wipe } from "../bytes.ts";
import type { CryptoBackend } from "../crypto/backend.ts";
import type { KdfProfile, KdfProfiles } from "../crypto/kdf.ts";
import { PmError } from "../errors.ts";
import type { Random } from "../random.ts";
import { tokenWrapSecret } from "./credentials.ts";
import {
  type Header,
  MAX_PASSWORD_SLOTS,
  needsPassword,
  parseSlot,
  SLOT_TYPE,
  type Slot,
  type SlotType,
} from "./header.ts";
import type { Json } from "./json.ts";
import { type RootRecord, SLOT_KEY_PREFIX, slotBookEntry } from "./root.ts";
import type { SlotChange } from "./revision.ts";
import type { NewSlot, SlotInfo, SlotWord } from "./session.ts";
import { type SlotSecrets, wrapRootKey } from "./slot.ts";

const WORD: Readonly<Record<SlotType, SlotWord>> = {
  [SLOT_TYPE.password]: "password",
  [SLOT_TYPE.keyFile]: "keyfile",
  [SLOT_TYPE.passwordKeyFile]: "password-keyfile",
  [SLOT_TYPE.recovery]: "recovery",
  [SLOT_TYPE.token]: "machine",
  [SLOT_TYPE.passwordSecretKey]: "secret-key",
};

/** The word for a slot type in commands and JSON. */
export function slotWord(type: SlotType): SlotWord {
  return WORD[type];
}

export interface SlotMaker {
  readonly crypto: CryptoBackend;
  readonly random: Random;
  readonly profiles: KdfProfiles;
}

const TYPE: Readonly<Record<NewSlot["type"], SlotType>> = {
  password: SLOT_TYPE.password,
  "password-keyfile": SLOT_TYPE.passwordKeyFile,
  keyfile: SLOT_TYPE.keyFile,
  recovery: SLOT_TYPE.recovery,
  machine: SLOT_TYPE.token,
};

/** Wraps `rootKey` for a new slot: 192 bytes. */
export async function makeSlot(
  { crypto, random, profiles }: SlotMaker,
  vault: Pick<Header, "kind" | "vaultId"> & { readonly rootKey: Uint8Array },
  wanted: NewSlot,
): Promise<Uint8Array> {
  const secrets = secretsOf(crypto, wanted);
  const type = TYPE[wanted.type];
  const slot = "profile" in wanted ? { type, kdf: profiles[wanted.profile] } : { type };
  try {
    return await wrapRootKey({ crypto, random }, vault, { rootKey: vault.rootKey, slot, secrets });
  } finally {
    wipe(secrets.token);
  }
}

/** The token is one of its own; the others are the caller's. */
function secretsOf(crypto: CryptoBackend, wanted: NewSlot): SlotSecrets {
  switch (wanted.type) {
    case "password":
      return { password: wanted.password };
    case "password-keyfile":
      return { password: wanted.password, keyFile: wanted.secret };
    case "keyfile":
      return { keyFile: wanted.secret };
    case "recovery":
      return { recovery: wanted.secret };
    case "machine":
      return { token: tokenWrapSecret(crypto, wanted.secret) };
  }
}

/** The slot book's register for a slot of this epoch. */
export function slotBookWrite(
  slot: Uint8Array,
  entry: { label: string; created: number; epoch: number },
): [string, Json] {
  return [
    slotKey(slot),
    { label: entry.label, created: entry.created, epoch: entry.epoch, bytes: toBase64(slot) },
  ];
}

/** The slot book's register of a slot. */
export function slotKey(slot: Uint8Array): string {
  return SLOT_KEY_PREFIX + slotId(slot);
}

/** The id in the 192 bytes of a slot, as hex. */
export function slotId(slot: Uint8Array): string {
  return toHex(slot.subarray(16, 32));
}

/** What `pm key ls` says of a slot. */
export function describeSlot(slot: Slot, root: RootRecord, currentId: string): SlotInfo {
  const id = toHex(slot.id);
  const entry = slotBookEntry(root, id);
  return {
    id,
    type: slotWord(slot.type),
    label: entry?.label ?? "",
    created: entry?.created,
    kdf: slot.kdf,
    current: id === currentId,
  };
}

/** The header's slots without the one of this id. @throws PmError "not-found", or "conflict" for the last one */
export function removeSlot(header: Header, id: string): SlotChange {
  const removed = header.slots.find((slot) => toHex(slot.id) === id);
  if (removed === undefined) {
    throw new PmError("not-found", `no key slot has the id ${id}`, { hint: "pm key ls" });
  }
  if (header.slots.length === 1) {
    throw new PmError("conflict", "this is the last way into the vault", {
      hint: "add another first: pm key add recovery",
    });
  }
  const slots = header.slots.filter((slot) => slot !== removed).map(({ bytes }) => bytes);
  return { slots, rootWrites: [[slotKey(removed.bytes), null]] };
}

/** The header's slots and one more. @throws PmError "limit" where a reader would refuse another password */
export function addSlot(header: Header, added: Uint8Array, write: readonly [string, Json]): SlotChange {
  const passwords = header.slots.filter(({ type }) => needsPassword(type)).length;
  if (needsPassword(parseSlot(added, header.slots.length).type) && passwords >= MAX_PASSWORD_SLOTS) {
    throw new PmError("limit", `a vault has at most ${MAX_PASSWORD_SLOTS} passwords`, {
      hint: "remove one first: pm key rm ID",
    });
  }
  return { slots: [...header.slots.map(({ bytes }) => bytes), added], rootWrites: [write] };
}

/** The header's slots with `added` in the place of the one of id `old` (or in addition, where undefined). */
export function replaceSlot(
  header: Header,
  old: string | undefined,
  added: { readonly bytes: Uint8Array; readonly write: readonly [string, Json] },
): SlotChange {
  if (old === undefined) return addSlot(header, added.bytes, added.write);
  const slots = header.slots.map((slot) => (toHex(slot.id) === old ? added.bytes : slot.bytes));
  if (!slots.includes(added.bytes)) {
    throw new PmError("conflict", "the password was changed by another process meanwhile", {
      hint: "try again",
    });
  }
  return { slots, rootWrites: [[SLOT_KEY_PREFIX + old, null], added.write] };
}

/** The types that a person's password opens on this machine alone. */
const PASSWORD_TYPES: readonly SlotType[] = [SLOT_TYPE.password, SLOT_TYPE.passwordKeyFile];

/** The slot that opened the session. @throws PmError "conflict" where it was no password */
export function passwordSlotInUse(header: Header, currentId: string): Slot {
  const current = findPasswordSlot(header, currentId);
  if (current !== undefined) return current;
  throw new PmError("conflict", "it was not a password that opened the vault", {
    hint: "open it with the password",
  });
}

function findPasswordSlot(header: Header, id: string): Slot | undefined {
  return header.slots.find((slot) => toHex(slot.id) === id && PASSWORD_TYPES.includes(slot.type));
}

/**
 * The slot that a new password replaces: the one that opened the session, else the only password slot,
 * else the only one of password and key file. Undefined where the vault has none of them.
 * @throws PmError "ambiguous" where several could be meant
 */
export function passwordSlotToReplace(header: Header, currentId: string): Slot | undefined {
  const current = findPasswordSlot(header, currentId);
  if (current !== undefined) return current;
  for (const wanted of PASSWORD_TYPES) {
    const [only, second] = header.slots.filter(({ type }) => type === wanted);
    if (second !== undefined) {
      throw new PmError("ambiguous", "the vault has several passwords", {
        hint: "open it with the one to change",
      });
    }
    if (only !== undefined) return only;
  }
  return undefined;
}

/**
 * The slot of a password in the place of `old`: where that one takes a key file, the new one does, too.
 * @throws PmError "conflict" where the key file is not at hand
 */
export function passwordSlot(
  old: Slot | undefined,
  parts: { password: Uint8Array; keyFile: Uint8Array | undefined; profile: KdfProfile; label: string },
): NewSlot {
  const { keyFile, ...password } = parts;
  if (old?.type !== SLOT_TYPE.passwordKeyFile) return { type: "password", ...password };
  if (keyFile !== undefined) return { type: "password-keyfile", secret: keyFile, ...password };
  throw new PmError("conflict", "this password works only together with its key file", {
    hint: "give the key file, too: --key-file FILE",
  });
}
