/** An export of an open vault, sealed as a vault of its own. */
import { wipe } from "../core/bytes.ts";
import { KIND } from "../core/vault/header.ts";
import { readWholeContent } from "../core/vault/layout.ts";
import {
  type NewExport,
  type SealedExport,
  sealExport,
  selectForExport,
} from "../core/vault/sealed-export.ts";
import { makeSlot } from "../core/vault/slot-book.ts";
import type { OpenStore } from "./open-store.ts";

const VAULT_ID_BYTES = 16;
const ROOT_KEY_BYTES = 32;

/** Whatever may refuse it is asked before the key is derived. */
export async function exportStore(
  { store, isConfirmed }: { readonly store: OpenStore; readonly isConfirmed: boolean },
  { only, slot }: NewExport,
): Promise<SealedExport> {
  const { crypto, random, kdfProfiles: profiles } = store.options;
  const root = await store.root();
  const { index, body } = await store.snapshot();
  const content = readWholeContent(body);
  const [vaultId, rootKey] = [random(VAULT_ID_BYTES), random(ROOT_KEY_BYTES)];
  try {
    const rows = selectForExport({ index, content }, { only, isConfirmed });
    const sealed = await makeSlot({ crypto, random, profiles }, { kind: KIND.vault, vaultId, rootKey }, slot);
    const keys = { vaultId, rootKey, slot: sealed, label: slot.label };
    return sealExport(store.options, { index, content, root }, { rows, keys });
  } finally {
    content.release();
    wipe(rootKey);
  }
}
