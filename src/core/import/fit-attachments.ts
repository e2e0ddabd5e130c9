/** Attachments of an export within the limits of a vault. */
import { utf8 } from "../bytes.ts";
import { PmError } from "../errors.ts";
import type { NewAttachment } from "../vault/edit.ts";
import { MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS } from "../vault/model.ts";
import { attachmentName } from "./names.ts";

/** Names of pm, each once. @throws PmError "limit" that names the first which is too large */
export function fittingAttachments(path: string, all: readonly NewAttachment[]): readonly NewAttachment[] {
  if (all.length > MAX_ATTACHMENTS) {
    throw tooMuch(`"${path}" has ${all.length} attachments, and an entry holds ${MAX_ATTACHMENTS}`);
  }
  const taken = new Set<string>();
  return all.map(({ name, bytes }) => {
    if (bytes.length > MAX_ATTACHMENT_BYTES) {
      const limit = `${MAX_ATTACHMENT_BYTES / 1_048_576} MiB`;
      throw tooMuch(`the attachment "${attachmentName(name)}" of "${path}" is over the limit of ${limit}`);
    }
    let unique = attachmentName(name);
    for (let number = 2; taken.has(unique); number++) unique = numbered(attachmentName(name), number);
    taken.add(unique);
    return { name: unique, bytes };
  });
}

/** "scan (2).pdf" */
function numbered(name: string, number: number): string {
  const [, stem = name, extension = ""] = /^(.+?)(\.[^.]*)?$/u.exec(name) ?? [];
  return `${stem} (${number})${extension}`;
}

/** What has too many members for an entry, in one file that people and programs can read. */
export function jsonAttachment(name: string, value: unknown): NewAttachment {
  return { name, bytes: utf8(`${JSON.stringify(value, undefined, 2)}\n`) };
}

function tooMuch(message: string): PmError {
  return new PmError("limit", message, { hint: "--skip-attachments leaves attachments out, and lists them" });
}
