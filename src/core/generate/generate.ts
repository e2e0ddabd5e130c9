/** The generator: a recipe and randomness in, a fresh value and its entropy out. */
import type { Random } from "../random.ts";
import { countStrings, type Drawer, drawString, log2, spaceOf } from "./password.ts";
import type { Recipe } from "./recipe-parts.ts";

export interface Generated {
  readonly value: string;
  /** Base 2 logarithm of the number of values, all equally likely, that the recipe could have given. */
  readonly bits: number;
}

/**
 * Prepares the making of values, so that what costs time is done once for many of them. A recipe that
 * leaves its length open must have been closed by `withDefaultLength`.
 * @throws PmError "usage" where no value can satisfy the recipe.
 */
export async function createGenerator(recipe: Recipe): Promise<(random: Random) => Generated> {
  switch (recipe.kind) {
    case "passphrase":
      return (await import("./passphrase.ts")).passphraseDrawer(recipe);
    case "pronounceable": {
      const { pronounceableDrawer } = await import("./pronounceable.ts");
      return drawnBy(pronounceableDrawer(recipe));
    }
    case "rules": {
      const { rulesDrawer } = await import("./rules.ts");
      return drawnBy(rulesDrawer(recipe));
    }
    case "pin":
    case "charset":
    case "password": {
      const space = spaceOf(recipe);
      return drawnBy({ bits: log2(countStrings(space)), draw: (random) => drawString(space, random) });
    }
  }
}

/** Makes one value, as {@link createGenerator} does many. */
export async function generate(recipe: Recipe, random: Random): Promise<Generated> {
  return (await createGenerator(recipe))(random);
}

function drawnBy({ bits, draw }: Drawer): (random: Random) => Generated {
  return (random) => ({ value: draw(random), bits });
}
