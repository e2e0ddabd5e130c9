/** Which root key and which slots a merged vault has. */
import { equalBytes, toHex } from "../bytes.ts";
import type { CryptoBackend } from "../crypto/backend.ts";
import { rootKeyId } from "../crypto/keys.ts";
import { PmError } from "../errors.ts";
import { damaged, MAX_PASSWORD_SLOTS, MAX_SLOTS, needsPassword, type Slot } from "./header.ts";
import type { Copy } from "./merge-copies.ts";
import { shownValue } from "./register.ts";
import { followsFrom, keyChange } from "./rekey.ts";
import type { Outcome } from "./revision.ts";
import { type RootRecord, slotBookEntry } from "./root.ts";
import { slotKey } from "./slot-book.ts";

/** Whose root key seals the next version. */
export type KeyChoice = "same" | "here" | "other";

/**
 * The key of the higher epoch; of two renewals at the same time the one with the greater id.
 * @throws PmError "corrupt" where the other copy's key is none that led to this vault's, or was led to by it
 */
function chooseKey(crypto: CryptoBackend, here: Copy, other: Copy): KeyChoice {
  if (equalBytes(here.rootKey, other.rootKey)) return "same";
  const [a, b] = [keyOf(here), keyOf(other)];
  const haveCommonKey = b.keyHistory.some(({ keyId }) => a.keyHistory.some((own) => own.keyId === keyId));
  if (a.epoch > b.epoch && (haveCommonKey || followsFrom(crypto, b, a))) return "here";
  if (a.epoch < b.epoch && followsFrom(crypto, a, b)) return "other";
  if (a.epoch !== b.epoch || !haveCommonKey) {
    throw damaged("corrupt", "the other copy has a root key that this vault's key did not lead to");
  }
  return rootKeyId(crypto, a.rootKey) > rootKeyId(crypto, b.rootKey) ? "here" : "other";
}

type KeyRenewal = NonNullable<Outcome["renewal"]>;

function keyOf({ rootKey, draft }: Copy): KeyRenewal {
  return { rootKey, epoch: draft.root.keyEpoch, keyHistory: draft.root.keyHistory };
}

/** The chosen key, and a history that leads to it from every key that one of the copies knows. */
export function mergedKey(
  crypto: CryptoBackend,
  here: Copy,
  other: Copy,
): KeyRenewal & { choice: KeyChoice } {
  const choice = chooseKey(crypto, here, other);
  const [kept, left] = choice === "other" ? [keyOf(other), keyOf(here)] : [keyOf(here), keyOf(other)];
  // Of two renewals of one key the one that loses leads to the other from now on: its devices know it.
  const lost = choice === "same" || left.epoch < kept.epoch ? [] : [keyChange(crypto, left, kept)];
  const known = new Set(kept.keyHistory.map(({ keyId }) => keyId));
  const added = [...(choice === "same" ? left.keyHistory : []), ...lost].filter(
    ({ keyId }) => !known.has(keyId),
  );
  return { ...kept, keyHistory: [...kept.keyHistory, ...added], choice };
}

export interface MergedSlots {
  /** 192 bytes each. */
  readonly slots: readonly Uint8Array[];
  /** Labels of slots that one of the copies has and that open no longer. */
  readonly dropped: readonly string[];
}

/**
 * The slots of both copies that neither removed; with different root keys those of the chosen one.
 * @throws PmError "limit"
 */
export function mergeSlots(
  here: Copy,
  other: Copy,
  { choice, root }: { choice: KeyChoice; root: RootRecord },
): MergedSlots {
  if (choice !== "same") {
    const [kept, left] = choice === "here" ? [here, other] : [other, here];
    const { registers } = kept.draft.root;
    // The other copy may have merged this one already: what it knows and did not remove opens no longer all the same.
    const dropped = left.header.slots.filter((slot) =>
      left === here ? shownValue(registers.get(bookKey(slot))) !== null : !registers.has(bookKey(slot)),
    );
    return {
      slots: kept.header.slots.map(({ bytes }) => bytes),
      dropped: dropped.map((slot) => labelOf(slot, left)),
    };
  }
  const own = new Set(here.header.slots.map(bookKey));
  const all = [...here.header.slots, ...other.header.slots.filter((slot) => !own.has(bookKey(slot)))];
  // A slot that the book does not know was never removed by name.
  const slots = all.filter((slot) => shownValue(root.registers.get(bookKey(slot))) !== null);
  requireCounts(slots);
  return { slots: slots.map(({ bytes }) => bytes), dropped: [] };
}

function bookKey({ bytes }: Slot): string {
  return slotKey(bytes);
}

function labelOf(slot: Slot, { draft }: Copy): string {
  const id = toHex(slot.id);
  return slotBookEntry(draft.root, id)?.label ?? id;
}

function requireCounts(slots: readonly Slot[]): void {
  const passwords = slots.filter(({ type }) => needsPassword(type)).length;
  if (slots.length > 0 && slots.length <= MAX_SLOTS && passwords <= MAX_PASSWORD_SLOTS) return;
  const what =
    slots.length === 0 ? "no key slot" : `${slots.length} key slots, ${passwords} of them passwords`;
  throw new PmError("limit", `the merged vault would have ${what}`, {
    hint: "change the key slots in one of the copies first: pm key ls",
  });
}
