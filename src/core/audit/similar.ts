/**
 * Near-equal passwords, without holding each against each other: values that share a mark are joined, and
 * there are about as many marks as a value has characters.
 *
 * Two are similar where one becomes the other by replacing, adding or removing one character or by
 * exchanging two neighbours, or where they are the same in lower case, with look-alikes read as letters, without the digits
 * and signs at both ends.
 */

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

/** Groups of at least two of `values`, which are distinct; each by its places, in their order. */
export function similarGroups(values: readonly string[]): readonly (readonly number[])[] {
  const parents = values.map((_, at) => at);
  const rootOf = (at: number): number => {
    let root = at;
    for (let up = parents[root] ?? root; up !== root; up = parents[root] ?? root) root = up;
    parents[at] = root;
    return root;
  };
  const firstWith = new Map<string, number>();
  for (const [at, value] of values.entries()) {
    for (const mark of marksOf(value)) {
      const first = firstWith.get(mark);
      if (first === undefined) firstWith.set(mark, at);
      else parents[Math.max(rootOf(first), rootOf(at))] = Math.min(rootOf(first), rootOf(at));
    }
  }
  const groups = new Map<number, number[]>();
  for (const at of values.keys()) {
    const group = groups.get(rootOf(at));
    if (group === undefined) groups.set(rootOf(at), [at]);
    else group.push(at);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** Values that are one edit apart have in common what is left of them without one of their characters. */
function* marksOf(value: string): Generator<string> {
  const stem = stemOf(value);
  if (stem.length >= MIN_STEM_CHARS) yield `stem ${stem}`;
  if (value.length < MIN_EDITED_CHARS || value.length > MAX_EDITED_CHARS) return;
  yield `edit ${value}`;
  for (let at = 0; at < value.length; at++) yield `edit ${value.slice(0, at)}${value.slice(at + 1)}`;
}

function stemOf(value: string): string {
  const core = value.toLowerCase().replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  return core.replaceAll(/[01345@$!7]/g, (sign) => LOOK_ALIKES[sign] ?? sign);
}
