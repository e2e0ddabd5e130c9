/** Passphrases: words of the EFF large list, each drawn on its own. */
import { pick } from "../random.ts";
import type { Random } from "../random.ts";
import type { Size } from "./recipe-checks.ts";
import type { PassphraseRecipe } from "./recipe-parts.ts";
import { loadWords } from "./words.ts";

export interface Passphrase {
  readonly value: string;
  /**
   * Exact, whatever the separator: since no word of the list begins another, different draws never
   * join to the same text.
   */
  readonly bits: number;
}

/** What draws the passphrases that `recipe` asks for. */
export async function passphraseDrawer(recipe: PassphraseRecipe): Promise<(random: Random) => Passphrase> {
  const listed = await loadWords();
  const count = wordCount(recipe.size, listed.length);
  const words = recipe.capitalize
    ? listed.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    : listed;
  const bits = count * Math.log2(words.length);
  return (random) => ({
    value: Array.from({ length: count }, () => pick(random, words)).join(recipe.separator),
    bits,
  });
}

function wordCount(size: Size, listed: number): number {
  if (size.by === "count") return size.count;
  // 7776 is no power of two, so a whole number of bits is never met exactly: rounding cannot matter.
  return Math.ceil(size.bits / Math.log2(listed));
}
