/** What is proven strong without zxcvbn is what zxcvbn finds strong. */
import { beforeAll, describe, expect, test } from "vitest";
import { eachWord, patternReach, textOf } from "../../../src/core/audit/reach.ts";
import { signsOf } from "../../../src/core/audit/readings.ts";
import { loadScorer, type Scorer } from "../../../src/core/audit/scorer.ts";
import { createProof, type Proof } from "../../../src/core/audit/strong.ts";
import { WordTree } from "../../../src/core/audit/word-tree.ts";
import { generate } from "../../../src/core/generate/generate.ts";
import { parseRecipe } from "../../../src/core/generate/recipe.ts";
import { chosenPasswords } from "../../support/chosen-passwords.ts";
import { seededRandom } from "../../support/random.ts";

const SOAK = process.env["SOAK"] === "1";
const OWN = ["github", "mara.h", "site.example.com", "x"];

let scorer: Scorer;
let proves: Proof;
beforeAll(async () => {
  scorer = await loadScorer();
  proves = createProof(scorer, 3);
});

/** As pm makes them. */
async function generated(recipe: string): Promise<readonly string[]> {
  const random = seededRandom(recipe);
  const values: string[] = [];
  for (let at = 0; at < 100; at++) values.push((await generate(parseRecipe(recipe), random)).value);
  return values;
}

describe("the proof", () => {
  test.each([1, 2, 3, 4])("never gives a password score %d that has a lower one", (minScore) => {
    const holds = createProof(scorer, minScore);
    const values = chosenPasswords(SOAK ? 20_000 : 1500, "strong").filter((value) => holds(value, OWN));
    expect(values.filter((value) => scorer.rate(value, OWN).score < minScore)).toEqual([]);
    expect(values.length).toBeGreaterThan(100);
  });

  test.each([
    ["length=20", 3],
    ["length=20", 4],
    ["length=12", 3],
    ["words=4", 3],
    ["words=4", 4],
  ])("is found for what pm generates: %s, score %d", async (recipe, minScore) => {
    const holds = createProof(scorer, minScore);
    const values = await generated(recipe);
    expect(values.filter((value) => holds(value, OWN)).length).toBeGreaterThanOrEqual(95);
  });

  test.each([
    ["nothing", ""],
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

test.each<[string, readonly string[]]>([
  ["password", ["pass", "password"]],
  ["p@ssvv0rd", ["p@ss", "p@ssvv0rd"]],
  ["xPASSx", ["pass"]],
  ["ssapx", ["ssap"]],
  ["ss@p", []],
  ["vvavepass", ["vvave", "pass"]],
  ["", []],
])("in %j there are the words %j", (password, words) => {
  const tree = new WordTree();
  for (const word of ["pass", "password", "wave"]) tree.add(word, 1);
  const text = textOf(password, signsOf({ a: ["@"], o: ["0"], w: ["vv"] }));
  const found: string[] = [];
  eachWord(text, tree, (from, end) => found.push(text.lower.slice(from, end)));
  expect(found).toEqual(words);
});

test.each([
  ["x31.12.1999", [1, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11]],
  ["1".repeat(12), [12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12]],
  ["abcx", [3, 3, 3, 4]],
  ["acegZ", [4, 4, 4, 4, 5]],
  ["abcabx", [3, 3, 4, 5, 5, 6]],
  ["k=k=k=Z", [6, 6, 6, 4, 5, 6, 7]],
])("patterns in %j reach so far", (text, reach) => {
  expect([...patternReach(text, new Set())]).toEqual(reach);
});

test("a row of keys reaches as far as they are neighbours", () => {
  expect([...patternReach("q1m", new Set(["q1"]))]).toEqual([2, 2, 3]);
});

test("a tree grows, and keeps the lowest rank of a word", () => {
  const tree = new WordTree();
  const words = Array.from({ length: 2000 }, (_, at) => `word ${at} ü`);
  for (const [at, word] of words.entries()) tree.add(word, at + 2);
  tree.add("word 7 ü", 1);
  tree.add("word 8 ü", 5000);
  const rankOf = (word: string): number => tree.rank(tree.nodeOf(word));
  expect(words.map((word) => rankOf(word))).toEqual(words.map((_, at) => (at === 7 ? 1 : at + 2)));
  expect([rankOf("word"), rankOf("word 7 ")]).toEqual([0, 0]);
});
