/** What somebody may have meant: for hints and choices, never to act on. Loaded when a name is missing. */
import { distance } from "fastest-levenshtein";

const MAX_NEAREST = 3;

/**
 * The names that differ from `word` in a few letters, as a whole or in their last part, or contain it;
 * best first, at most three. Case is ignored.
 */
export function nearest(word: string, names: Iterable<string>): readonly string[] {
  const wanted = word.normalize("NFC").toLowerCase();
  const tolerance = Math.max(1, Math.floor(wanted.length / 3));
  const scored: { readonly name: string; readonly slips: number }[] = [];
  for (const name of names) {
    const slips = slipsBetween(wanted, name.toLowerCase());
    if (slips <= tolerance) scored.push({ name, slips });
  }
  scored.sort((a, b) => a.slips - b.slips || (a.name < b.name ? -1 : 1));
  return scored.slice(0, MAX_NEAREST).map(({ name }) => name);
}

function slipsBetween(wanted: string, name: string): number {
  const last = name.slice(name.lastIndexOf("/") + 1);
  const contained = name.includes(wanted) ? 1 : Number.POSITIVE_INFINITY;
  return Math.min(distance(wanted, name), distance(wanted, last), contained);
}
