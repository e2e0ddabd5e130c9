import { describe, expect, test } from "vitest";
import { createGenerator, generate } from "../../../src/core/generate/generate.ts";
import { buildRecipe, withDefaultLength } from "../../../src/core/generate/recipe-parts.ts";
import type { RecipeParts } from "../../../src/core/generate/recipe-items.ts";
import { parseRecipe } from "../../../src/core/generate/recipe.ts";
import { countSpace, type RulesSpace, rulesSpace, stringAt } from "../../../src/core/generate/rules.ts";
import { refusal } from "../../support/refusal.ts";
import { seededRandom, tally, unevenness } from "../../support/random.ts";

function spaceOf(rules: string, exclude = ""): RulesSpace {
  return rulesSpace({ kind: "rules", rules, exclude, noAmbiguous: false });
}

/** Said another way than the code does: by looking at every part of the string. */
function keeps(text: string, { required, limits }: RulesSpace): boolean {
  for (let start = 0; start < text.length; start++) {
    for (let end = start + 2; end <= text.length; end++) {
      const part = text.slice(start, end);
      if (part.length > limits.repeating && new Set(part).size === 1) return false;
      const ordered = ["abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"];
      const isSequence = ordered.some(
        (all) => all.includes(part) || all.includes([...part].reverse().join("")),
      );
      if (part.length > limits.sequential && isSequence) return false;
    }
  }
  return required.every((set) => Array.from(text).some((char) => set.has(char)));
}

function enumerate(wanted: RulesSpace, length: number): readonly string[] {
  let strings = [""];
  for (let i = 0; i < length; i++)
    strings = strings.flatMap((s) => [...wanted.alphabet].map((char) => s + char));
  return strings.filter((s) => keeps(s, wanted));
}

const SMALL = [
  "allowed: [abx]",
  "allowed: [abx]; required: [a]; required: [b]",
  "allowed: [abc]; max-repeating: 1",
  "allowed: [abc]; max-consecutive: 1",
  "allowed: [ab]; max-consecutive: 1",
  "allowed: [abde]; max-sequential: 2",
  "allowed: [acbA]; max-sequential: 3; max-repeating: 2",
  "allowed: [abcd]; max-consecutive: 2; required: [ab]; required: [bc]",
  "allowed: [abcx12]; max-repeating: 2; required: [a]; required: [12]",
  "allowed: [90/z]; max-sequential: 1; required: [9]",
];

describe("what keeps the rules", () => {
  test.each(SMALL)("is counted exactly, and each rank is another string: %s", (rules) => {
    const wanted = spaceOf(rules);
    const counts = countSpace(wanted);
    for (let length = 1; length <= 5; length++) {
      const strings = enumerate(wanted, length);
      expect(counts.fitting(length)).toBe(BigInt(strings.length));
      const drawn = strings.map((_, rank) => stringAt(BigInt(rank), wanted, counts, length));
      expect(drawn.sort()).toEqual([...strings].sort());
    }
  });

  test.each(SMALL)("is drawn evenly: %s", async (rules) => {
    const strings = enumerate(spaceOf(rules), 4);
    if (strings.length < 2) return;
    const make = await createGenerator(buildRecipe({ rules, length: "4" }));
    const random = seededRandom(rules);
    expect(unevenness(tally(strings, 20_000, () => make(random).value))).toBeLessThan(5);
  });

  test("so rare that whole strings would not do, it is drawn all the same", async () => {
    const rules =
      "required:[a]; required:[b]; required:[c]; required:[d]; required:[e]; allowed: lower; maxlength: 5";
    const make = await createGenerator(buildRecipe({ rules, length: "5" }));
    const random = seededRandom("rare");
    const drawn = Array.from({ length: 50 }, () => make(random));
    expect(drawn.every(({ value }) => [...value].sort().join("") === "abcde")).toBe(true);
    expect(drawn[0]?.bits).toBeCloseTo(Math.log2(120), 9);
    expect(new Set(drawn.map(({ value }) => value)).size).toBeGreaterThan(30);
  });

  test.each<[rules: string, length: string, bits: number]>([
    ["", "20", 20 * Math.log2(94)],
    ["allowed: unicode", "10", 10 * Math.log2(94)],
    ["required: digit", "6", 6 * Math.log2(10)],
    ["required: digit; allowed: lower", "1", Math.log2(10)],
    ["allowed: digit; max-repeating: 1", "6", Math.log2(10 * 9 ** 5)],
    ["allowed: digit; required: digit; required: [5], digit", "4", 4 * Math.log2(10)],
  ])("%s at length %s has exactly %d bits", async (rules, length, bits) => {
    const made = await generate(buildRecipe({ rules, length }), seededRandom(rules));
    expect(made.bits).toBeCloseTo(bits, 9);
    expect(made.value).toHaveLength(Number(length));
  });

  test("a blank is drawn only where a rule can't do without", () => {
    expect(spaceOf("allowed: [ a!], digit").alphabet.has(" ")).toBe(false);
    expect(spaceOf("required: special").alphabet.has(" ")).toBe(false);
    expect(spaceOf("required: [ ]; allowed: lower").alphabet.has(" ")).toBe(true);
  });

  test("exclusions take away from what is allowed", () => {
    const recipe = { kind: "rules", rules: "required: upper; required: digit", exclude: "A" } as const;
    expect([...rulesSpace({ ...recipe, noAmbiguous: true }).alphabet].join("")).toBe(
      "BCDEFGHJKLMNPQRSTUVWXYZ23456789",
    );
  });
});

describe("the length", () => {
  test.each<[rules: string, wanted: number, length: number]>([
    ["", 20, 20],
    ["maxlength: 12", 20, 12],
    ["minlength: 30", 20, 30],
    ["minlength: 8; maxlength: 64", 20, 20],
    ["max-consecutive: 2", 1000, 256],
  ])("%j with the default %d is %d", (rules, wanted, length) => {
    const recipe = withDefaultLength(buildRecipe({ rules }), () => wanted);
    expect(recipe).toMatchObject({ size: { by: "count", count: length } });
  });

  test.each<[rules: string, bits: string, length: number]>([
    ["required: digit", "20", 7],
    ["required: digit; minlength: 12", "20", 12],
    ["required: lower; required: digit", "1", 2],
    ["allowed: digit; max-repeating: 1", "20", 7],
  ])("%s with %s bits is %d", async (rules, bits, length) => {
    expect((await generate(buildRecipe({ rules, bits }), seededRandom("bits"))).value).toHaveLength(length);
  });
});

describe("what can't be met is refused", () => {
  test.each<[parts: RecipeParts, message: RegExp]>([
    [
      { rules: "maxlength: 8", length: "9" },
      /^"length" does not fit the rules: they take 1 to 8 characters$/,
    ],
    [{ rules: "minlength: 8; maxlength: 12", length: "7" }, /they take 8 to 12 characters$/],
    [{ rules: "minlength: 9; maxlength: 8" }, /^the rules ask for a minlength above their maxlength$/],
    [{ rules: "minlength: 1025" }, /^the rules ask for more than 1024 characters$/],
    [{ rules: "minlength: 257; max-consecutive: 3" }, /^the rules ask for more than 256 characters$/],
    [
      { rules: "maxlength: 2; required: lower; required: upper; required: digit" },
      /^no password of 2 characters/,
    ],
    [
      { rules: "allowed: [ab]; max-consecutive: 1", length: "2" },
      /^no password of 2 characters keeps the rules$/,
    ],
    [{ rules: "allowed: [a]" }, /^the rules leave fewer than 2 characters to draw from$/],
    [
      { rules: "required: [abc]; allowed: lower", exclude: "abc" },
      /^the exclusions leave nothing of a class/,
    ],
    [{ rules: "maxlength: 4", bits: "64" }, /^the rules have no passwords of 64 bits up to 4 characters$/],
    [{ rules: Array.from("abcdefg", (c) => `required: [${c}]`).join(";") }, /^the rules require more than 6/],
    [{ rules: "maxlength: 8", require: "digit" }, /^"require" does not go with rules$/],
    [{ rules: "maxlength: 8", words: "4" }, /^"words" does not go with rules$/],
    [{ rules: "maxlength: 8", pin: "4" }, /^"rules" does not go with a pin$/],
  ])("%j", async (parts, message) => {
    const attempt = async (): Promise<unknown> =>
      await createGenerator(withDefaultLength(buildRecipe(parts), () => 20));
    await expect(attempt()).rejects.toThrow(message);
  });

  test.each<[recipe: string, message: RegExp]>([
    ["pronounceable=1", /^item 1 of the recipe is not known$/],
    ["rules", /^item 1 of the recipe is not known$/],
    ["pronounceable,no-digits", /^"no-digits" does not go with a pronounceable password$/],
    ["pronounceable,words=3", /^"words" does not go with a pronounceable password$/],
    ["rules=maxlength:8,9", /^"length" does not fit the rules: they take 1 to 8 characters$/],
    ["rules=maxlength:8,no-symbols", /^"no-symbols" does not go with rules$/],
    ["rules=maxlength:8,pronounceable", /^"pronounceable" does not go with rules$/],
    ["rules=maxlength", /^the rules are malformed at the end: expected ":"$/],
  ])("in a recipe, too: %s", (recipe, message) => {
    expect(refusal(() => parseRecipe(recipe))).toMatch(message);
  });

  test.each<[parts: RecipeParts, hint: RegExp]>([
    [{ charset: "abc", exclude: "a" }, /^leave the characters out of --charset$/],
    [{ pin: "6", "no-ambiguous": true }, /^pm gen --charset/],
    [{ rules: "", "no-symbols": true }, /^--exclude leaves characters out/],
    [{ rules: "", require: "digit" }, /^say it in the rules/],
    [{ words: "6", exclude: "a" }, /^pm help gen/],
  ])("options that do not go together: %j", (parts, hint) => {
    expect(() => buildRecipe(parts)).toThrow(
      expect.objectContaining({ code: "usage", hint: expect.stringMatching(hint) }),
    );
  });

  test("an open length is a mistake of the caller", async () => {
    await expect(createGenerator(buildRecipe({ rules: "" }))).rejects.toThrow(TypeError);
    await expect(createGenerator(buildRecipe({ pronounceable: true }))).rejects.toThrow(TypeError);
  });

  test("each says what to do", () => {
    expect(() => buildRecipe({ rules: "minlength: 9; maxlength: 8" })).toThrow(
      expect.objectContaining({ code: "usage", hint: "change the lengths in the rules" }),
    );
    expect(refusal(() => buildRecipe({ rules: "x" }))).toMatch(/^the rules are malformed/);
  });
});
