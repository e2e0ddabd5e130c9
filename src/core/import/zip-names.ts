/** What is in a ZIP archive, as far as it takes to recognise one; nothing is unpacked. */

/** APPNOTE.TXT 4.3.16 and 4.3.12. */
const END_SIGNATURE = 0x0605_4b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
const ENTRY_SIGNATURE = 0x0201_4b50;
const ENTRY_BYTES = 46;

const MAX_NAMES = 10_000;

/** The names in the order of the archive's list, the first 10,000; empty where it is no archive. */
export function zipNames(bytes: Uint8Array): readonly string[] {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = findEnd(view);
  if (end === undefined) return [];
  const names: string[] = [];
  const decoder = new TextDecoder();
  let at = view.getUint32(end + 16, true);
  while (
    names.length < MAX_NAMES &&
    at + ENTRY_BYTES <= end &&
    view.getUint32(at, true) === ENTRY_SIGNATURE
  ) {
    const nameBytes = view.getUint16(at + 28, true);
    names.push(decoder.decode(bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes)));
    at += ENTRY_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return names;
}

function findEnd(view: DataView): number | undefined {
  const first = Math.max(0, view.byteLength - END_BYTES - MAX_COMMENT_BYTES);
  for (let at = view.byteLength - END_BYTES; at >= first; at--) {
    if (view.getUint32(at, true) === END_SIGNATURE) return at;
  }
  return undefined;
}
