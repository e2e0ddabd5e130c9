/** Paths, field names and tags: normalised to NFC, bounded, without control characters. */
import { isLongerThan, utf8 } from "../bytes.ts";
import { PmError } from "../errors.ts";
import { MAX_ATTACHMENT_NAME_BYTES, MAX_FIELD_NAME_BYTES, MAX_PATH_BYTES, MAX_TAG_BYTES } from "./model.ts";

const CONTROL = /\p{Cc}|[\u2028\u2029]/u;

/**
 * The path of a new or renamed entry.
 * @throws PmError "usage", or "limit" where it is too long.
 */
export function parsePath(text: string): string {
  const path = cleanText(text, "the name", MAX_PATH_BYTES);
  if (/^id:/i.test(path)) {
    throw new PmError("usage", `the name "${path}" begins with "id:", which addresses entries by id`);
  }
  if (path.startsWith("/") || path.endsWith("/") || path.includes("//")) {
    throw new PmError("usage", `the name "${path}" has an empty part between its slashes`, {
      hint: "write it as folder/name",
    });
  }
  return path;
}

/** Whether `text` has what no name has: a control character, or half of a surrogate pair. */
export function hasControls(text: string): boolean {
  // A lone surrogate would silently become U+FFFD in the file.
  return CONTROL.test(text) || !text.isWellFormed();
}

/** @throws PmError "usage" or "limit". */
export function parseFieldName(text: string): string {
  return cleanText(text, "the field name", MAX_FIELD_NAME_BYTES);
}

/** @throws PmError "usage" or "limit". */
export function parseTagName(text: string): string {
  return cleanText(text, "the tag", MAX_TAG_BYTES);
}

/** @throws PmError "usage" or "limit". */
export function parseAttachmentName(text: string): string {
  return cleanText(text, "the attachment's name", MAX_ATTACHMENT_NAME_BYTES);
}

/** The refusal of a text that {@link hasControls}. */
export function controlCharacter(what: string): PmError {
  return new PmError("usage", `${what} has a control character in it`, {
    hint: "names are one line of text; spaces and any script are fine",
  });
}

function cleanText(text: string, what: string, maxBytes: number): string {
  if (text === "") throw new PmError("usage", `${what} is empty`);
  if (hasControls(text)) throw controlCharacter(what);
  const clean = text.normalize("NFC");
  if (isLongerThan(clean, maxBytes)) {
    const { length } = utf8(clean);
    throw new PmError("limit", `${what} is ${length} bytes long, more than the limit of ${maxBytes}`);
  }
  return clean;
}
