/** The data of an attachment of an open vault: only the chunks that hold it are decrypted. */
import { joined, toHex } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { type AttachmentData, findAttachment } from "../core/vault/attachment.ts";
import { storedContents } from "../core/vault/contents.ts";
import { viewEntry } from "../core/vault/entry-view.ts";
import { damaged } from "../core/vault/header.ts";
import { rowOf } from "../core/vault/query.ts";
import { KEY, parseRecord } from "../core/vault/record.ts";
import { parseRoot } from "../core/vault/root.ts";
import { useOnly } from "../core/vault/use-only.ts";
import { isPurged } from "../core/vault/vault-index.ts";
import type { OpenStore } from "./open-store.ts";

export interface WantedAttachment {
  /** Of the entry. */
  readonly id: string;
  readonly name: string;
  /** Whether the data of a use-only entry is refused. */
  readonly isWithheld: boolean;
}

/** All from one snapshot: in an agent, another call may save a version in which the data stands elsewhere. */
export async function readAttachment(
  store: OpenStore,
  { id, name: wanted, isWithheld }: WantedAttachment,
): Promise<AttachmentData> {
  const { index, content } = await store.snapshot();
  const row = rowOf(index.rows, id);
  if (row === undefined || isPurged(row)) throw new PmError("not-found", `no entry has the id ${id}`);
  const entry = viewEntry(parseRecord(content.record({ offset: row[1], length: row[2] }), id));
  const { path, conflicts } = entry;
  const { name, sha256, size } = await findAttachment(entry, wanted);
  if (entry.useOnly && isWithheld) throw useOnly(path);
  const stored = storedContents(parseRoot(content.record(index.root))).get(sha256);
  const bytes = stored && joined(stored.pieces.map((extent) => content.record(extent)));
  if (bytes?.length !== size || toHex(store.options.crypto.sha256(bytes)) !== sha256) {
    throw damaged("record-invalid", `the data of an attachment of entry ${id} is missing or damaged`);
  }
  return {
    id,
    path,
    name,
    bytes,
    divided: conflicts.includes(KEY.attachment + name),
    useOnly: entry.useOnly,
  };
}
