/**
 * Recipes as text: what stands after `--gen=` and is remembered with an entry. Options by their long
 * names, joined by commas (`length=24,no-symbols`; a bare number is the length); a comma or a
 * backslash inside a value has a backslash before it.
 */
import { recipeError, type Size } from "./recipe-checks.ts";
import { EXCLUSIONS, FLAGS, VALUES } from "./recipe-items.ts";
import { buildRecipe } from "./recipe-parts.ts";
import type { Exclusions, Recipe } from "./recipe-parts.ts";

export type { Recipe };

/** More than the longest canonical text of any recipe. */
export const MAX_RECIPE_CHARS = 2048;

const ITEMS_HINT = `a length, or ${VALUES.map((name) => `${name}=…`).join(", ")}, ${FLAGS.join(", ")}; require=upper+digit`;

/**
 * Reads the text form. The empty text is the default password.
 * @throws PmError "usage" for anything but well-formed, known items, each at most once.
 */
export function parseRecipe(text: string): Recipe {
  if (text.length > MAX_RECIPE_CHARS) {
    throw recipeError(`a recipe takes at most ${MAX_RECIPE_CHARS} characters`);
  }
  const parts: Record<string, string | true> = {};
  if (text === "") return buildRecipe(parts);
  splitItems(text).forEach((item, index) => {
    const read = readItem(item);
    if (read === undefined) throw recipeError(`item ${index + 1} of the recipe is not known`, ITEMS_HINT);
    if (Object.hasOwn(parts, read.name)) throw recipeError(`"${read.name}" stands twice in the recipe`);
    parts[read.name] = read.value;
  });
  return buildRecipe(parts);
}

/** The one canonical text of `recipe`; {@link parseRecipe} reads it back to an equal recipe. */
export function formatRecipe(recipe: Recipe): string {
  switch (recipe.kind) {
    case "pin":
      return `pin=${recipe.digits}`;
    case "passphrase": {
      // The separator is always written: "bits" alone would read as a password.
      const items = [sizeItem("words", recipe.size), `sep=${escapeValue(recipe.separator)}`];
      return [...items, ...(recipe.capitalize ? ["cap"] : [])].join(",");
    }
    case "charset":
      return [`charset=${escapeValue(recipe.charset)}`, ...sizeItems(recipe.size)].join(",");
    case "pronounceable": {
      const items = ["pronounceable", ...sizeItems(recipe.size), ...(recipe.capitalize ? ["cap"] : [])];
      return [...items, ...exclusionItems(recipe)].join(",");
    }
    case "rules":
      return [
        `rules=${escapeValue(recipe.rules)}`,
        ...sizeItems(recipe.size),
        ...exclusionItems(recipe),
      ].join(",");
    case "password":
      return [
        ...sizeItems(recipe.size),
        ...recipe.without.map((name) => EXCLUSIONS[name]),
        ...exclusionItems(recipe),
        ...(recipe.require.length === 0 ? [] : [`require=${recipe.require.join("+")}`]),
      ].join(",");
  }
}

interface Item {
  readonly name: string;
  readonly value: string | true;
}

function readItem(item: string): Item | undefined {
  if (/^[0-9]+$/.test(item)) return { name: "length", value: item };
  const at = item.indexOf("=");
  if (at === -1) return isOneOf(FLAGS, item) ? { name: item, value: true } : undefined;
  const name = item.slice(0, at);
  return isOneOf(VALUES, name) ? { name, value: item.slice(at + 1) } : undefined;
}

function isOneOf(names: readonly string[], name: string): boolean {
  return names.includes(name);
}

function splitItems(text: string): readonly string[] {
  const items: string[] = [];
  let rest = text;
  for (;;) {
    const item = /^(?:[^\\,]|\\[\\,])*/.exec(rest)?.[0] ?? "";
    items.push(item.replaceAll(/\\(.)/g, "$1"));
    if (item.length === rest.length) return items;
    if (rest[item.length] === "\\") {
      throw recipeError("a backslash in a recipe needs a comma or a backslash after it");
    }
    rest = rest.slice(item.length + 1);
  }
}

function escapeValue(text: string): string {
  return text.replaceAll(/[\\,]/g, "\\$&");
}

function exclusionItems({ exclude, noAmbiguous }: Exclusions): readonly string[] {
  return [
    ...(exclude === "" ? [] : [`exclude=${escapeValue(exclude)}`]),
    ...(noAmbiguous ? ["no-ambiguous"] : []),
  ];
}

function sizeItem(unit: "length" | "words", wanted: Size): string {
  return wanted.by === "bits" ? `bits=${wanted.bits}` : `${unit}=${wanted.count}`;
}

function sizeItems(wanted: Size | undefined): readonly string[] {
  return wanted === undefined ? [] : [sizeItem("length", wanted)];
}
