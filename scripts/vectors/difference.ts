// One file as another with some bytes changed.
import { toHex } from "../../src/core/bytes.ts";
import type { Case } from "../../test/support/format-vectors.ts";

/** Runs that are closer than this are written as one. */
const GAP = 8;

/** What turns `base` into `file`. */
export function difference(base: Uint8Array, file: Uint8Array): Pick<Case, "patch" | "truncate" | "extend"> {
  const common = Math.min(base.length, file.length);
  const patch: [number, string][] = [];
  for (let start = 0; start < common; start++) {
    if (base[start] === file[start]) continue;
    let end = start + 1;
    for (let at = end; at < Math.min(common, end + GAP); at++) if (base[at] !== file[at]) end = at + 1;
    patch.push([start, toHex(file.subarray(start, end))]);
    start = end - 1;
  }
  return {
    ...(patch.length === 0 ? {} : { patch }),
    ...(file.length < base.length ? { truncate: file.length } : {}),
    ...(file.length > base.length ? { extend: toHex(file.subarray(base.length)) } : {}),
  };
}
