/** Passphrases: words of the EFF large list, each drawn on its own. */
import { pick } from "../random.ts";
import type { Random } from "../random.ts";
import type { PassphraseRecipe, Size } from "./recipe-parts.ts";
import { loadWords } from "./words.ts";

export interface Passphrase {
  readonly value: string;
  /**
   * Exact, whatever the separator: since no word of the list begins another, different draws never
   * join to the same text.
   */
  readonly bits: number;
}

/** Draws the passphrase that `recipe` asks for. */
export async function drawPassphrase(recipe: PassphraseRecipe, random: Random): Promise<Passphrase> {
  const words = await loadWords();
  const count = wordCount(recipe.size, words.length);
  const drawn = Array.from({ length: count }, () => {
    const word = pick(random, words);
    return recipe.capitalize ? word.slice(0, 1).toUpperCase() + word.slice(1) : word;
  });
  return { value: drawn.join(recipe.separator), bits: count * Math.log2(words.length) };
}

function wordCount(size: Size, listed: number): number {
  if (size.by === "count") return size.count;
  // 7776 is no power of two, so a whole number of bits is never met exactly: rounding cannot matter.
  return Math.ceil(size.bits / Math.log2(listed));
}
