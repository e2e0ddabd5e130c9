/**
 * Near-equal passwords, without holding each against each other: values that are the same without
 * one of their characters are joined, and so are those that have the same stem.
 *
 * Two are similar where one becomes the other by replacing, adding or removing one character or by
 * exchanging two neighbours, or where they are the same in lower case, with look-alikes read as letters, without the digits
 * and signs at both ends.
 */
import { Remainders } from "./remainders.ts";

/** Below it one character is too much of the whole. */
const MIN_EDITED_CHARS = 6;
/** Where one more or less says nothing: generated, or a text. It also bounds the marks. */
const MAX_EDITED_CHARS = 64;
const MIN_STEM_CHARS = 4;

const LOOK_ALIKES: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
};

/** So many are compared before others have their turn. */
const AT_ONCE = 512;

/**
 * Groups of at least two of `values`, which are distinct; each by its places, in their order.
 * @param pause called now and then with how many are done
 */
export async function similarGroups(
  values: readonly string[],
  pause: (done: number) => Promise<void>,
): Promise<readonly (readonly number[])[]> {
  const parents = values.map((_, at) => at);
  const rootOf = (at: number): number => {
    let root = at;
    for (let up = parents[root] ?? root; up !== root; up = parents[root] ?? root) root = up;
    parents[at] = root;
    return root;
  };
  const join = (first: number, at: number): void => {
    parents[Math.max(rootOf(first), rootOf(at))] = Math.min(rootOf(first), rootOf(at));
  };
  const edited = values.filter(isEdited).map(({ length }) => length);
  const remainders = new Remainders(values, {
    remainders: edited.reduce((sum, length) => sum + length + 1, 0),
    longest: MAX_EDITED_CHARS,
  });
  const stems = new Map<string, number>();
  for (const [at, value] of values.entries()) {
    if (at % AT_ONCE === 0) await pause(at);
    const stem = stemOf(value);
    if (stem.length >= MIN_STEM_CHARS) join(stems.get(stem) ?? at, at);
    if (!stems.has(stem)) stems.set(stem, at);
    if (isEdited(value)) remainders.add(at, (first) => join(first, at));
  }
  const groups = new Map<number, number[]>();
  for (const at of values.keys()) {
    const group = groups.get(rootOf(at));
    if (group === undefined) groups.set(rootOf(at), [at]);
    else group.push(at);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** One more or less of its characters counts. */
function isEdited({ length }: string): boolean {
  return length >= MIN_EDITED_CHARS && length <= MAX_EDITED_CHARS;
}

function stemOf(value: string): string {
  const core = value.toLowerCase().replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  return core.replaceAll(/[01345@$!7]/g, (sign) => LOOK_ALIKES[sign] ?? sign);
}
