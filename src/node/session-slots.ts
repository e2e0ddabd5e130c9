/** Key slots of an open vault: made, replaced, removed. */
import { toHex } from "../core/bytes.ts";
import type { KdfProfile } from "../core/crypto/kdf.ts";
import { PmError } from "../core/errors.ts";
import type { Json } from "../core/vault/json.ts";
import type { Change } from "../core/vault/revision.ts";
import type { NewSlot, Rewrap, SlotInfo } from "../core/vault/session.ts";
import {
  addSlot,
  describeSlot,
  makeSlot,
  passwordSlot,
  passwordSlotInUse,
  passwordSlotToReplace,
  removeSlot,
  replaceSlot,
  slotBookWrite,
  slotId,
} from "../core/vault/slot-book.ts";
import type { OpenStore } from "./open-store.ts";

export interface MadeSlot {
  readonly id: string;
  /** 192 bytes. */
  readonly bytes: Uint8Array;
  readonly write: readonly [string, Json];
}

export async function slotInfos(store: OpenStore): Promise<readonly SlotInfo[]> {
  const root = await store.root();
  const { header } = await store.snapshot();
  return header.slots.map((slot) => describeSlot(slot, root, store.unlocked.slotId));
}

async function slotInfo(store: OpenStore, id: string): Promise<SlotInfo> {
  const found = (await slotInfos(store)).find((slot) => slot.id === id);
  if (found === undefined) throw new PmError("not-found", `no key slot has the id ${id}`);
  return found;
}

export async function addNewSlot(store: OpenStore, slot: NewSlot): Promise<SlotInfo> {
  const { id, bytes, write } = await newSlot(store, slot);
  const change: Change = (_draft, _context, header) => barrier(addSlot(header, bytes, write));
  await store.rewrite({ change });
  return await slotInfo(store, id);
}

export async function removeSlotById(store: OpenStore, id: string): Promise<void> {
  const change: Change = (_draft, _context, header) => barrier(removeSlot(header, id));
  await store.rewrite({ change });
}

/** What was opened with a key that is gone must not come back by an undo. */
function barrier(change: ReturnType<Change>): ReturnType<Change> {
  return { ...change, kind: "barrier" };
}

export interface NewPassword {
  readonly password: Uint8Array;
  readonly profile: KdfProfile;
  readonly keyFile: Uint8Array | undefined;
}

export async function changePassword(store: OpenStore, given: NewPassword): Promise<void> {
  const old = passwordSlotToReplace((await store.snapshot()).header, store.unlocked.slotId);
  const known = old === undefined ? undefined : await slotInfo(store, toHex(old.id));
  const added = await newSlot(store, passwordSlot(old, { ...given, label: known?.label ?? "" }));
  await replace(store, known?.id, { added, kind: "barrier" });
}

export async function rewrapPassword(store: OpenStore, { wait, ...given }: Rewrap): Promise<void> {
  const { slotId: id } = store.unlocked;
  const old = passwordSlotInUse((await store.snapshot()).header, id);
  const { label, created } = await slotInfo(store, id);
  const added = await newSlot(store, passwordSlot(old, { ...given, label }), { created });
  await replace(store, id, { added, kind: "silent", ...(wait === "never" ? { lockTimeoutMs: 0 } : {}) });
}

async function replace(
  store: OpenStore,
  old: string | undefined,
  { added, kind, lockTimeoutMs }: { added: MadeSlot; kind: "barrier" | "silent"; lockTimeoutMs?: number },
): Promise<void> {
  const change: Change = (_draft, _context, header) => ({ ...replaceSlot(header, old, added), kind });
  await store.rewrite({ change, ...(lockTimeoutMs === undefined ? {} : { lockTimeoutMs }) });
  if (old === store.unlocked.slotId) store.movedTo(added.id);
}

/** A slot made before any lock is taken, and its line in the slot book. */
export async function newSlot(
  store: OpenStore,
  slot: NewSlot,
  { created, rootKey, epoch }: { created?: number | undefined; rootKey?: Uint8Array; epoch?: number } = {},
): Promise<MadeSlot> {
  const { crypto, random, kdfProfiles: profiles, now } = store.options;
  const { kind, vaultId } = (await store.snapshot()).header;
  const vault = { kind, vaultId, rootKey: rootKey ?? store.unlocked.rootKey.bytes };
  const bytes = await makeSlot({ crypto, random, profiles }, vault, slot);
  const { keyEpoch } = await store.root();
  const entry = { label: slot.label, created: created ?? now(), epoch: epoch ?? keyEpoch };
  return { id: slotId(bytes), bytes, write: slotBookWrite(bytes, entry) };
}
