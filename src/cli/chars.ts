/** `--chars 3,7`: the characters that a bank's form asks for. */
import { fromUtf8, utf8 } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";

interface Range {
  readonly first: number;
  readonly last: number;
}

/** @throws PmError "usage" for anything but numbers and ranges from 1 on */
export function parseChars(text: string): Range[] {
  return text.split(",").map((item) => {
    const found = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(item);
    const first = Number(found?.[1]);
    const last = Number(found?.[2] ?? found?.[1]);
    if (found !== null && first >= 1 && last >= first) return { first, last };
    throw new PmError("usage", `--chars expects positions such as 3,7 or 1-3, got "${item}"`);
  });
}

/**
 * The code points of `value` at these positions, one after the other.
 * @throws PmError "usage" where it is no text or ends before
 */
export function pickChars(value: Uint8Array, ranges: readonly Range[]): Uint8Array {
  const text = fromUtf8(value);
  if (text === undefined) throw new PmError("usage", "--chars needs a text, and the value is none");
  const chars = [...text];
  const beyond = ranges.find(({ last }) => last > chars.length);
  if (beyond !== undefined) throw new PmError("usage", `the value has no character ${beyond.last}`);
  return utf8(ranges.map(({ first, last }) => chars.slice(first - 1, last).join("")).join(""));
}
