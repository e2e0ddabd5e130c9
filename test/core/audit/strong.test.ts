/** What is proven strong without zxcvbn is what zxcvbn finds strong, and its quick form is the same as the slow one. */
import { beforeAll, describe, expect, test } from "vitest";
import { createProof, type Proof } from "../../../src/core/audit/strong.ts";
import { createSpelling, createWordReach, fewWordsReach } from "../../../src/core/audit/word-reach.ts";
import { generate } from "../../../src/core/generate/generate.ts";
import { parseRecipe } from "../../../src/core/generate/recipe.ts";
import { loadScorer, type Scorer, strength } from "../../../src/core/generate/strength.ts";
import { seededRandom } from "../../support/random.ts";

const SOAK = process.env["SOAK"] === "1";
const OWN = ["github", "mara.h", "site.example.com", "x"];

let scorer: Scorer;
let proves: Proof;
beforeAll(async () => {
  scorer = await loadScorer();
  proves = createProof(scorer);
});

const PIECES = [
  "monkey",
  "P4ssw0rd",
  "dr4g0n",
  "nosrep",
  "1qaz2wsx",
  "31.12.1999",
  "abcdef",
  "7en",
  "one two three",
].concat([
  "github",
  "mara.h",
  "jjjj",
  "xyxyxy",
  "zQ",
  "!",
  "9",
  "K",
  "vvind0vv",
  "|-|ello",
  "Zz7#",
  "marcH-April",
]);

/** Pieces of what zxcvbn knows and of what it does not, in many combinations. */
function made(count: number): string[] {
  const random = seededRandom("audit");
  return Array.from({ length: count }, () => {
    const [length = 0, ...picks] = random(6);
    return picks
      .slice(0, 1 + (length % 5))
      .map((pick) => PIECES[pick % PIECES.length])
      .join("");
  });
}

describe("the proof", () => {
  test("never calls strong what zxcvbn finds weak", () => {
    const values = made(SOAK ? 5000 : 150);
    const wrong = values.filter((value) => proves(value, OWN) && scorer.score(value, OWN) < 3);
    expect(wrong).toEqual([]);
    expect(values.filter((value) => proves(value, OWN)).length).toBeGreaterThan(values.length / 20);
  });

  test.each(["length=20", "length=12", "words=4"])("is found for what pm generates: %s", async (recipe) => {
    const random = seededRandom(recipe);
    const values: string[] = [];
    for (let at = 0; at < 100; at++) values.push((await generate(parseRecipe(recipe), random)).value);
    const proven = values.filter((value) => proves(value, OWN)).length;
    expect(proven).toBeGreaterThanOrEqual(95);
  });

  test.each([
    ["too short", "xK9#mQ2!"],
    ["a word in other spelling", "c0n$7@nt1n0p13"],
    ["backwards", "elponitnatsnoc"],
    ["own words", "gi7hu8MARA.h"],
    ["a row of keys", "qwertyuiop[]xK9#m"],
    ["a repetition", "xK9#xK9#xK9#xK9#"],
    ["a sequence", "acegikmoqsuwyxK9#"],
    ["counted words", "one-two-three-four-five"],
    ["other letters than ASCII", "größereÄpfelsindgut"],
  ])("is not found for %s", (_what, value) => {
    expect(proves(value, OWN)).toBe(false);
  });
});

describe("the quick score", () => {
  test("is that of strength()", async () => {
    const values = [...made(12), "constructor", "__proto__", "", "a".repeat(300), "é".repeat(12)];
    for (const value of values) {
      const score = scorer.score(value, OWN);
      expect([value, score]).toEqual([value, (await strength(value, OWN)).score]);
      expect(scorer.quickScore(value, OWN)).toBeGreaterThanOrEqual(score);
    }
  });
});

describe.each([
  ["words", createWordReach],
  ["few words", fewWordsReach],
])("the reach of %s", (_what, create) => {
  const reach = create(["pass", "password", "wave"], createSpelling({ a: ["@"], o: ["0"], w: ["vv"] }));

  test.each<[string, number, number]>([
    ["password", 8, 8],
    ["p@ssvv0rd", 9, 9],
    ["passx", 4, 0],
    ["xpass", 0, 4],
    ["ssapx", 4, 0],
    ["ss@p", 0, 0],
    ["vvave", 5, 5],
    ["", 0, 0],
  ])("of %j is %d from the beginning and %d from the end", (text, prefix, suffix) => {
    expect([reach.prefix(text), reach.suffix(text)]).toEqual([prefix, suffix]);
  });
});
