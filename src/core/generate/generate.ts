/** The generator: a recipe and randomness in, a fresh value and its entropy out. */
import type { Random } from "../random.ts";
import { countStrings, drawString, log2, spaceOf } from "./password.ts";
import type { Recipe } from "./recipe-parts.ts";

export interface Generated {
  readonly value: string;
  /** Base 2 logarithm of the number of values, all equally likely, that the recipe could have given. */
  readonly bits: number;
}

/**
 * Makes a value. A recipe that leaves its length open must have been closed by `withDefaultLength`.
 * @throws PmError "usage" where no value can satisfy the recipe.
 */
export async function generate(recipe: Recipe, random: Random): Promise<Generated> {
  if (recipe.kind === "passphrase") {
    const { drawPassphrase } = await import("./passphrase.ts");
    return drawPassphrase(recipe, random);
  }
  const space = spaceOf(recipe);
  return { value: drawString(space, random), bits: log2(countStrings(space)) };
}
