/** Files that come with an entry: the register of each names the data, which stands in records of its own (contents.ts). */
import { toHex } from "../bytes.ts";
import { PmError } from "../errors.ts";
import type { EditContext } from "./apply.ts";
import type { VaultDraft } from "./draft.ts";
import type { Edit, NewAttachment } from "./edit.ts";
import type { Json } from "./json.ts";
import { type Attachment, type Entry, MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS_BYTES } from "./model.ts";
import { parseAttachmentName } from "./names.ts";
import { contentRefJson, KEY } from "./record.ts";
import { hasValue, requireLive } from "./edited.ts";
import type { Purpose } from "./session.ts";
import { write } from "./write.ts";

/** An attachment with its data, and whose it is. */
export interface AttachmentData {
  readonly id: string;
  /** Of the entry. */
  readonly path: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Whether another device attached something else under this name at the same time. */
  readonly divided: boolean;
  /** Of the entry. */
  readonly useOnly: boolean;
}

/**
 * The attachment called `name`: exactly, else the only one that differs in case.
 * @throws PmError "not-found", "ambiguous"
 */
export async function findAttachment({ path, attachments }: Entry, name: string): Promise<Attachment> {
  const wanted = name.normalize("NFC");
  const names = attachments.map((one) => one.name);
  const alike = attachments.filter((one) => one.name.toLowerCase() === wanted.toLowerCase());
  const [first, ...more] = alike.filter((one) => one.name === wanted).concat(alike);
  if (first === undefined) {
    const { nearest } = await import("./nearest.ts");
    const [near] = nearest(wanted, names);
    const known = names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
    throw new PmError("not-found", `"${path}" has no attachment "${wanted}"`, {
      hint: near === undefined ? known : `did you mean "${near}"?`,
    });
  }
  if (first.name === wanted || more.length === 0) return first;
  throw new PmError("ambiguous", `several attachments of "${path}" match "${wanted}"`, {
    details: alike.map((one) => one.name),
    hint: "write the name as it is listed: pm attach ls NAME",
  });
}

/** The part of a session that gives data out; what an entry has of it stands in the entry. */
export interface AttachmentSession {
  /**
   * The exact bytes of the attachment called `name`, by the rule of {@link findAttachment}.
   * @param purpose "show" where it is left out; a use-only entry shows nothing before `confirm`
   * @throws PmError "not-found", "use-only", or "record-invalid" where the data is damaged
   */
  attachment(id: string, name: string, purpose?: Purpose): Promise<AttachmentData>;
}

/**
 * The write of a register that attaches a file; its data goes into the draft, to be kept where the write is.
 * @throws PmError "usage" for its name, "limit"
 */
export function attachmentWrite(
  draft: VaultDraft,
  { name, bytes }: NewAttachment,
  context: EditContext,
): [string, Json] {
  const clean = parseAttachmentName(name);
  if (bytes.length > MAX_ATTACHMENT_BYTES) throw attachmentTooLarge(clean);
  const sha256 = toHex(context.sha256(bytes));
  draft.contents.add(sha256, bytes);
  return [KEY.attachment + clean, contentRefJson({ size: bytes.length, sha256 })];
}

export function attach(
  draft: VaultDraft,
  edit: Extract<Edit, { kind: "attach" }>,
  context: EditContext,
): string {
  const record = requireLive(draft, edit.id);
  const [key, value] = attachmentWrite(draft, edit, context);
  if (edit.existing === "refuse" && hasValue(record, key)) {
    throw new PmError(
      "conflict",
      `the entry has an attachment "${key.slice(KEY.attachment.length)}" already`,
      {
        hint: "choose another name with --name, or replace it with --overwrite",
      },
    );
  }
  return write(draft, record, new Map([[key, value]]), context);
}

export function detach(
  draft: VaultDraft,
  edit: Extract<Edit, { kind: "detach" }>,
  context: EditContext,
): string {
  const record = requireLive(draft, edit.id);
  const key = KEY.attachment + edit.name;
  if (!hasValue(record, key)) throw new PmError("not-found", `the entry has no attachment "${edit.name}"`);
  return write(draft, record, new Map([[key, null]]), context);
}

export function attachmentTooLarge(name: string): PmError {
  const limit = mebibytes(MAX_ATTACHMENT_BYTES);
  return new PmError("limit", `"${name}" is over the limit of ${limit} for an attachment`, {
    hint: "keep it elsewhere, encrypted, and its key in the vault",
  });
}

/** What all entries have, those in the trash too, each content once. @throws PmError "limit" */
export function requireAttachmentRoom(draft: VaultDraft): void {
  let size = 0;
  for (const hash of draft.entryMentions()) size += draft.contents.size(hash) ?? 0;
  if (size <= MAX_ATTACHMENTS_BYTES) return;
  throw new PmError(
    "limit",
    `the vault's attachments would be over the limit of ${mebibytes(MAX_ATTACHMENTS_BYTES)} for all of them`,
    { hint: "remove some: pm attach rm NAME ATTACHMENT, pm trash empty" },
  );
}

function mebibytes(bytes: number): string {
  return `${bytes / 1_048_576} MiB`;
}
