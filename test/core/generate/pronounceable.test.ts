import { describe, expect, test } from "vitest";
import { createGenerator, generate } from "../../../src/core/generate/generate.ts";
import { countWords, GROUPS } from "../../../src/core/generate/pronounceable.ts";
import { parseRecipe } from "../../../src/core/generate/recipe.ts";
import { seededRandom, tally, unevenness } from "../../support/random.ts";

const PLAIN = { capitalize: false, exclude: "", noAmbiguous: false };

/** The model as a pattern. */
function isWord(text: string): boolean {
  const v = `(?:${GROUPS.vowels.join("|")})`;
  const inner = `(?:${[...GROUPS.onsets, ...GROUPS.joints].join("|")})`;
  const pattern = `^(?:${GROUPS.onsets.join("|")})?${v}(?:(?<=[aeiou])${inner}${v})*(?:${GROUPS.codas.join("|")})?$`;
  return new RegExp(pattern).test(text);
}

function enumerate(length: number): readonly string[] {
  let strings = [""];
  for (let i = 0; i < length; i++) {
    strings = strings.flatMap((s) => Array.from("abcdefghijklmnopqrstuvwxyz", (char) => s + char));
  }
  return strings.filter(isWord);
}

describe("the groups", () => {
  // Else one string would be made in two ways, and be twice as likely.
  test.each([
    ["between vowels", [...GROUPS.onsets, ...GROUPS.joints]],
    ["at the end", GROUPS.codas],
    ["of vowels", GROUPS.vowels],
  ])("%s are distinct", (_, groups) => {
    expect(new Set(groups).size).toBe(groups.length);
  });

  test("are all vowels or all consonants", () => {
    expect(GROUPS.vowels.join("")).toMatch(/^[aeiou]+$/);
    expect([GROUPS.onsets, GROUPS.joints, GROUPS.codas].flat().join("")).toMatch(/^[b-df-hj-np-tv-z]+$/);
  });
});

describe("words", () => {
  test.each([1, 2, 3, 4])("of %d letters are counted exactly, and each rank is another one", (length) => {
    const words = countWords(PLAIN);
    const strings = enumerate(length);
    expect(words.count(length)).toBe(BigInt(strings.length));
    expect(strings.map((_, rank) => words.at(BigInt(rank), length)).sort()).toEqual([...strings].sort());
  });

  test("are drawn evenly", async () => {
    const make = await createGenerator(parseRecipe("pronounceable,length=3"));
    const random = seededRandom("words of three");
    expect(unevenness(tally(enumerate(3), 100_000, () => make(random).value))).toBeLessThan(5);
  });

  test("of any length keep to the model", async () => {
    const random = seededRandom("long words");
    for (const length of [5, 20, 64, 1024]) {
      const { value, bits } = await generate(parseRecipe(`pronounceable,length=${length}`), random);
      expect(value).toHaveLength(length);
      expect(isWord(value)).toBe(true);
      expect(bits / length).toBeGreaterThan(2.3);
    }
  });

  test("begin with a capital letter where that is asked for, at no cost", async () => {
    const [small, capital] = await Promise.all(
      ["pronounceable,length=9", "pronounceable,length=9,cap"].map((text) =>
        generate(parseRecipe(text), seededRandom("cap")),
      ),
    );
    expect(capital?.value).toBe(`${small?.value.charAt(0).toUpperCase()}${small?.value.slice(1)}`);
    expect(capital?.bits).toBe(small?.bits);
  });

  test("leave out what is excluded, as it would be written", async () => {
    const random = seededRandom("without");
    for (let i = 0; i < 50; i++) {
      const recipe = parseRecipe("pronounceable,length=12,cap,exclude=sB,no-ambiguous");
      expect((await generate(recipe, random)).value).toMatch(/^[AC-HJ-NP-Z][a-km-rt-z]{11}$/);
    }
  });

  test("have at least the bits that are asked for", async () => {
    for (const bits of [1, 40, 64, 128]) {
      const made = await generate(parseRecipe(`pronounceable,bits=${bits}`), seededRandom("bits"));
      expect(made.bits).toBeGreaterThanOrEqual(bits);
      expect(countWords(PLAIN).count(made.value.length - 1)).toBeLessThan(2n ** BigInt(bits));
    }
  });

  test.each<[string, RegExp]>([
    ["pronounceable,length=5,exclude=aeiou", /^the exclusions leave fewer than 2 words of 5 letters$/],
    ["pronounceable,bits=64,exclude=aeiou", /^"bits" would need more than 1024 characters$/],
  ])("%s is refused", async (recipe, message) => {
    await expect(createGenerator(parseRecipe(recipe))).rejects.toThrow(message);
  });
});
