/** The scorer for thousands of passwords gives the numbers of zxcvbn itself, to the last digit. */
import { beforeAll, describe, expect, test } from "vitest";
import { loadScorer, type Scorer } from "../../../src/core/audit/scorer.ts";
import { strength } from "../../../src/core/generate/strength.ts";
import { chosenPasswords, OWN_WORDS } from "../../support/chosen-passwords.ts";

const SOAK = process.env["SOAK"] === "1";

let scorer: Scorer;
beforeAll(async () => {
  scorer = await loadScorer();
});

async function expectSame(password: string, ownWords: readonly string[]): Promise<void> {
  const { score, guessesLog10 } = await strength(password, ownWords);
  expect({ password, ...scorer.rate(password, ownWords) }).toStrictEqual({ password, score, guessesLog10 });
}

test("what people choose", { timeout: 120_000 }, async () => {
  const values = chosenPasswords(SOAK ? 10_000 : 60, "scorer");
  for (const value of values) await expectSame(value, OWN_WORDS);
  const scores = new Set(values.map((value) => scorer.rate(value, OWN_WORDS).score));
  expect(scores).toEqual(new Set([0, 1, 2, 3, 4]));
});

describe("what is odd", () => {
  test.each([
    ["", "nothing"],
    ["constructor", "what every object has"],
    ["c0n$7ru(7or__proto__", "the same in other spelling"],
    ["AbcdefDr49on___proto__", "the same behind other words"],
    ["p@$$w0rd", "signs alone: a whole word ends the search"],
    ["4@4@4@4@3!1|0()$57+", "more readings than are tried"],
    ["1111111l1i1l", "one sign in a row"],
    ["|<|<|-||_|()><//^/", "signs of several characters"],
    ["one-two_three.four five", "words that are counted"],
    ["onetwothreeXfour1five", "words that are counted, with what is between them"],
    ["monkeymonkeymonkey", "a word again and again"],
    ["githubgithubgithub", "a word of its own again and again"],
    ["ΣΟΦΟΣ5ΣΟΦΟΣ", "a letter whose small form depends on what follows"],
    ["İSTANBUL2024İ", "a letter whose small form is longer"],
    ["é".repeat(12), "no word at all"],
    ["a".repeat(300), "longer than is looked at"],
  ])("%j: %s", async (password) => {
    await expectSame(password, OWN_WORDS);
    await expectSame(password, []);
  });
});

test("words of before are forgotten", async () => {
  scorer.rate("quux-vortex", ["quux-vortex"]);
  await expectSame("quux-vortex", []);
});
