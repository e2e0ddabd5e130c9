/** A new vault: its keys, its first file, its first local state. */
import { Key, rootKeyId } from "../core/crypto/keys.ts";
import { bytesSource } from "../core/vault/format.ts";
import { KIND } from "../core/vault/header.ts";
import { firstFile, newReplica } from "../core/vault/revision.ts";
import type { NewSlot, VaultSession } from "../core/vault/session.ts";
import { makeSlot, slotBookWrite, slotId } from "../core/vault/slot-book.ts";
import { createDurably } from "./durable-save.ts";
import { LocalSession } from "./local-session.ts";
import { stateKey, statePlace } from "./local-state.ts";
import { OpenStore } from "./open-store.ts";
import { Snapshot } from "./snapshot.ts";
import { remember } from "./vault-rewrite.ts";
import type { StoreOptions } from "./vault-store.ts";

export interface CreateOptions extends StoreOptions {
  /** At least one; each secret stays the caller's. */
  readonly slots: readonly NewSlot[];
  /** 16 random bytes; the caller may want to print them first. */
  readonly vaultId?: Uint8Array | undefined;
}

/** Makes a new, empty vault. @throws PmError "conflict" where the file exists */
export async function createVault(options: CreateOptions): Promise<VaultSession> {
  const { crypto, random, now, path } = options;
  const vaultId = options.vaultId ?? random(16);
  using kept = new DisposableStack();
  const rootKey = kept.use(new Key(random(32)));
  const maker = { crypto, random, profiles: options.kdfProfiles };
  const slots: Uint8Array[] = [];
  for (const slot of options.slots) {
    slots.push(await makeSlot(maker, { kind: KIND.vault, vaultId, rootKey: rootKey.bytes }, slot));
  }
  const created = now();
  const rootWrites = slots.map((slot, i) =>
    slotBookWrite(slot, { label: options.slots[i]?.label ?? "", created, epoch: 1 }),
  );
  const replica = newReplica(random);
  const first = firstFile(options, { vaultId, rootKey: rootKey.bytes, slots, replica, rootWrites });
  const { realPath } = await createDurably({ path, bytes: first.bytes, random });
  const place = statePlace(crypto, options.stateDir, realPath);
  const state = { place, key: stateKey(crypto, rootKey.bytes), keyId: rootKeyId(crypto, rootKey.bytes) };
  await remember(options, state, first);
  const unlocked = { rootKey, slotId: slotId(slots[0] ?? new Uint8Array(0)), state };
  const snapshot = new Snapshot(crypto, bytesSource(first.bytes), rootKey.bytes);
  // From here on the session wipes it.
  kept.move();
  return new LocalSession(new OpenStore(options, unlocked, snapshot), { confirmed: true });
}
