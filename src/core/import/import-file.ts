/** A file as recognition and readers look at it. */
import { separatorOf } from "./csv.ts";
import { decodeText } from "./decode-text.ts";
import { parseForeignJson } from "./foreign-json.ts";
import type { ImportFile } from "./reader.ts";
import { zipNames } from "./zip-names.ts";

/** Longer first lines are no header of a password manager. */
const MAX_HEADER_CHARS = 16_384;

export function importFile(name: string, bytes: Uint8Array): ImportFile {
  const text = once(() => decodeText(bytes));
  return {
    name,
    bytes,
    text,
    json: once(() => parseForeignJson(text() ?? "")),
    columns: once(() => columnsOf(text() ?? "")),
    zipNames: once(() => zipNames(bytes)),
  };
}

/** Headers have neither line ends nor commas in their cells; the reader parses them properly. */
function columnsOf(text: string): readonly string[] {
  const line = /^[^\r\n]*/.exec(text.slice(0, MAX_HEADER_CHARS))?.[0] ?? "";
  if (!/[,;\t]/.test(line) || /^\s*[{[<]/.test(line)) return [];
  return line.split(separatorOf(line)).map((cell) =>
    cell
      .replace(/^\s*"(.*)"\s*$/, "$1")
      .trim()
      .toLowerCase(),
  );
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
