/** The root key of an open vault, renewed together with all its key slots. */
import { toHex } from "../core/bytes.ts";
import { Key } from "../core/crypto/keys.ts";
import { PmError } from "../core/errors.ts";
import { bundleRemoval, readBundles } from "../core/vault/bundle-book.ts";
import type { Header } from "../core/vault/header.ts";
import type { Json } from "../core/vault/json.ts";
import { keyChange } from "../core/vault/rekey.ts";
import type { Change } from "../core/vault/revision.ts";
import type { NewSlot, RekeyReport, SlotInfo } from "../core/vault/session.ts";
import { slotKey } from "../core/vault/slot-book.ts";
import type { OpenStore } from "./open-store.ts";
import { type MadeSlot, newSlot, slotInfos } from "./session-slots.ts";

/**
 * One save: new root key, new slots in the place of all old ones, the backup sealed with them too. Argon2id
 * runs before `deliver`, which calls `save`: what is handed over there is good a moment later.
 */
export async function rekey(
  store: OpenStore,
  { slots, dropsBundles }: { readonly slots: readonly NewSlot[]; readonly dropsBundles: boolean },
  deliver: (save: () => Promise<void>) => Promise<void>,
): Promise<RekeyReport> {
  const { crypto, random } = store.options;
  const before = await slotInfos(store);
  const { keyEpoch } = await store.root();
  const epoch = keyEpoch + 1;
  using next = new Key(random(32));
  const made: MadeSlot[] = [];
  for (const slot of slots) made.push(await newSlot(store, slot, { rootKey: next.bytes, epoch }));
  const change: Change = (draft, _context, header) => {
    if (draft.root.keyEpoch !== keyEpoch) throw renewedMeanwhile();
    requireSameSlots(header, before);
    const old = { epoch: keyEpoch, rootKey: store.unlocked.rootKey.bytes };
    const gone = header.slots.map(({ bytes }): [string, Json] => [slotKey(bytes), null]);
    const bundles = dropsBundles ? readBundles(draft.root).map(({ id }) => bundleRemoval(id)) : [];
    return {
      kind: "barrier",
      slots: made.map(({ bytes }) => bytes),
      rootWrites: [...gone, ...made.map(({ write }) => write), ...bundles],
      renewal: {
        rootKey: next.bytes,
        epoch,
        keyHistory: [...draft.root.keyHistory, keyChange(crypto, old, { epoch, rootKey: next.bytes })],
      },
    };
  };
  let durable: boolean | undefined;
  await deliver(async () => {
    durable = await store.rewrite({ change });
  });
  if (durable === undefined) throw new TypeError("the new root key was delivered and not saved");
  const [first] = made;
  if (first !== undefined) store.movedTo(first.id);
  return { slots: await slotInfos(store), dropped: before, durable };
}

/** A key that was added since would be gone, and whoever added it was told that it opens the vault. */
function requireSameSlots(header: Header, known: readonly SlotInfo[]): void {
  const ids = new Set(known.map(({ id }) => id));
  const isSame = header.slots.length === ids.size && header.slots.every(({ id }) => ids.has(toHex(id)));
  if (isSame) return;
  throw new PmError("conflict", "another process added, changed or removed a key meanwhile", {
    hint: "look at: pm key ls, then run the command again",
  });
}

function renewedMeanwhile(): PmError {
  return new PmError("conflict", "the root key was renewed by another process meanwhile", {
    hint: "look at: pm log",
  });
}
