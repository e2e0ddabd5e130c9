/** What an open vault says of itself. */
import { toHex } from "../core/bytes.ts";
import type { VaultInfo } from "../core/vault/session.ts";
import { isLive, isTrashed } from "../core/vault/vault-index.ts";
import type { OpenStore } from "./open-store.ts";
import { slotInfos } from "./session-slots.ts";

export async function vaultInfo(store: OpenStore): Promise<VaultInfo> {
  const { header, index, source } = await store.snapshot();
  const { share } = await store.root();
  return {
    vaultId: toHex(header.vaultId),
    rev: index.generation,
    entries: index.rows.filter(isLive).length,
    trashed: index.rows.filter(isTrashed).length,
    fileBytes: source.size,
    slots: await slotInfos(store),
    ...(share === undefined ? {} : { bundle: { label: share.label, notAfter: share.notAfter } }),
  };
}
