/** The data of an attachment of an open vault: only the chunks that hold it are decrypted. */
import { joined, toHex } from "../core/bytes.ts";
import { type AttachmentData, findAttachment } from "../core/vault/attachment.ts";
import { contentExtents } from "../core/vault/contents.ts";
import { damaged } from "../core/vault/header.ts";
import type { Entry } from "../core/vault/model.ts";
import { KEY } from "../core/vault/record.ts";
import { useOnly } from "../core/vault/use-only.ts";
import type { OpenStore } from "./open-store.ts";

/** @param entry as the session gives it for the purpose: one that it withholds gives no data either */
export async function readAttachment(
  store: OpenStore,
  entry: Entry,
  wanted: string,
): Promise<AttachmentData> {
  const { name, sha256, size } = await findAttachment(entry, wanted);
  const { id, path, useOnly: isUseOnly } = entry;
  if (entry.withheld === true) throw useOnly(path);
  const root = await store.root();
  const extents = contentExtents(root).get(sha256);
  const { content } = await store.snapshot();
  const bytes = extents === undefined ? undefined : joined(extents.map((extent) => content.record(extent)));
  if (bytes?.length !== size || toHex(store.options.crypto.sha256(bytes)) !== sha256) {
    throw damaged("record-invalid", `the data of an attachment of entry ${id} is missing or damaged`);
  }
  const divided = entry.conflicts.includes(KEY.attachment + name);
  return { id, path, name, bytes, divided, useOnly: isUseOnly };
}
