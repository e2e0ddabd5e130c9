/** The text of a file that another program wrote, in one of the encodings that such programs use. */
import { fromUtf8 } from "../bytes.ts";

/** Written by spreadsheets and old programs on Windows; it differs from latin-1 in quotes, dashes and the euro. */
const LEGACY = "windows-1252";

/**
 * UTF-8, UTF-16 with a byte order mark, or else Windows-1252, in which all bytes mean something; the mark is left out.
 * Undefined where it has NUL characters: then it is no text.
 */
export function decodeText(bytes: Uint8Array): string | undefined {
  const text = decoded(bytes);
  return text.includes("\0") ? undefined : text;
}

function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  const text = fromUtf8(bytes);
  if (text !== undefined) return text.startsWith("\ufeff") ? text.slice(1) : text;
  return new TextDecoder(LEGACY).decode(bytes);
}
