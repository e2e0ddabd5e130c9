/** "did you mean": the candidate that a mistyped word is closest to. */

/**
 * The candidate with the fewest typing slips from `word`, case ignored, or the only one that contains
 * it; undefined where none is near.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  let best: { readonly name: string; readonly slips: number } | undefined;
  for (const name of candidates) {
    const slips = distance(wanted, name.toLowerCase());
    if (best === undefined || slips < best.slips) best = { name, slips };
  }
  if (best !== undefined && best.slips <= Math.max(1, Math.floor(wanted.length / 3))) return best.name;
  const containing = candidates.filter((name) => name.toLowerCase().includes(wanted));
  return containing.length === 1 ? containing[0] : undefined;
}

/** Insertions, deletions and replacements between two words (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
