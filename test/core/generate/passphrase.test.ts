import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { generate } from "../../../src/core/generate/generate.ts";
import { parseRecipe } from "../../../src/core/generate/recipe.ts";
import { loadWords } from "../../../src/core/generate/words.ts";
import { scriptedRandom, seededRandom, tally, unevenness } from "../../support/random.ts";

const BITS_PER_WORD = Math.log2(7776);

describe("the word list", () => {
  test("is the EFF's, byte for byte", async () => {
    // https://www.eff.org/files/2016/07/18/eff_large_wordlist.txt: "11111\tabacus" and so on.
    const lines = (await loadWords()).map((word, index) => {
      const roll = index
        .toString(6)
        .padStart(5, "0")
        .replaceAll(/./g, (digit) => `${Number(digit) + 1}`);
      return `${roll}\t${word}\n`;
    });
    expect(lines).toHaveLength(7776);
    expect(createHash("sha256").update(lines.join("")).digest("hex")).toBe(
      "addd35536511597a02fa0a9ff1e5284677b8883b83e986e43f15a3db996b903e",
    );
  });

  // What makes the entropy exact for every separator, the empty one too.
  test("has no word that begins another", async () => {
    const words = (await loadWords()).toSorted();
    expect(words.filter((word, i) => i > 0 && word.startsWith(words[i - 1] ?? ""))).toEqual([]);
  });

  test("has words that begin with a letter, so that each can be capitalised", async () => {
    expect((await loadWords()).filter((word) => !/^[a-z][a-z-]+$/.test(word))).toEqual([]);
  });
});

describe("drawing", () => {
  test.each<[recipe: string, draws: readonly number[], value: string]>([
    ["words=3", [0, 7775, 1], "abacus-zoom-abdomen"],
    ["words=2,sep=", [0, 7775], "abacuszoom"],
    ["words=2,sep= \\, ", [0, 7775], "abacus , zoom"],
    ["words=2,cap", [0, 7775], "Abacus-Zoom"],
    ["words=1", [7776], "abacus"],
    ["cap", [0, 0, 0, 0, 0, 0], "Abacus-Abacus-Abacus-Abacus-Abacus-Abacus"],
  ])("%s with the draws %j", async (recipe, draws, value) => {
    const random = scriptedRandom(draws);
    expect((await generate(parseRecipe(recipe), random)).value).toBe(value);
    expect(random.left()).toBe(0);
  });

  test("is uniform over the words", async () => {
    const random = seededRandom("words");
    const recipe = parseRecipe("words=100,sep= ");
    const drawn: string[] = [];
    while (drawn.length < 200_000) drawn.push(...(await generate(recipe, random)).value.split(" "));
    const next = drawn.values();
    const counts = tally(await loadWords(), drawn.length, () => next.next().value ?? "");
    expect(unevenness(counts)).toBeLessThan(5);
  });
});

describe("entropy", () => {
  test.each<[string, number]>([
    ["words=1", 1],
    ["words=6", 6],
    ["words=6,cap,sep=", 6],
    ["bits=1,sep=-", 1],
    ["bits=12,sep=-", 1],
    ["bits=13,cap", 2],
    ["bits=77,cap", 6],
    ["bits=78,cap", 7],
    ["bits=1024,cap", 80],
  ])("%s gives %d words", async (recipe, words) => {
    const { value, bits } = await generate(
      parseRecipe(recipe.replace("sep=-", "sep= ")),
      seededRandom(recipe),
    );
    expect(bits).toBeCloseTo(words * BITS_PER_WORD, 9);
    if (recipe.includes("sep=-")) expect(value.split(" ")).toHaveLength(words);
  });
});
