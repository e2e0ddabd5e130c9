import { describe, expect, test } from "vitest";
import { utf8 } from "../../../src/core/bytes.ts";
import { generate } from "../../../src/core/generate/generate.ts";
import { parseRecipe } from "../../../src/core/generate/recipe.ts";
import { masterPasswordProblem, MAX_RATED_CHARS, strength } from "../../../src/core/generate/strength.ts";
import { seededRandom } from "../../support/random.ts";

describe("strength", () => {
  test.each<[string, number]>([
    ["", 0],
    ["password", 0],
    ["P@ssw0rd", 0],
    ["qwertyuiop", 0],
    ["aaaaaaaaaaaa", 0],
    ["monkey2019", 1],
    ["correct horse battery staple", 4],
  ])("%j has the score %d", async (password, score) => {
    expect((await strength(password)).score).toBe(score);
  });

  test("rises with the guesses", async () => {
    const weak = await strength("password1");
    const strong = await strength("x9$kQ2m!vR7#");
    expect(weak.guessesLog10).toBeLessThan(strong.guessesLog10);
    expect(strong).toMatchObject({ score: 4, warning: undefined, suggestions: [] });
  });

  test("a weak password comes with a warning and what to do, in English", async () => {
    const { warning, suggestions } = await strength("password");
    expect(warning).toBe("This is a heavily used password.");
    expect(suggestions).toEqual(["Add more words that are less common."]);
  });

  test("the user's own words are guessed first", async () => {
    const name = "zaphodbeeblebrox";
    const stranger = await strength(name);
    const owner = await strength(name, ["ford", name]);
    expect(stranger.score).toBe(4);
    expect(owner.score).toBe(0);
    // One call's words are not remembered for the next.
    expect((await strength(name)).score).toBe(4);
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty", "\ud800", "🔑🔑🔑", "é".repeat(40)])(
    "%j is rated like any other text",
    async (odd) => {
      const { score, guessesLog10 } = await strength(odd, [odd, "__proto__", ""]);
      expect([0, 1, 2, 3, 4]).toContain(score);
      expect(guessesLog10).toBeGreaterThanOrEqual(0);
    },
  );

  test("looks at the first hundred characters only", async () => {
    const password = (await generate(parseRecipe("length=200,no-digits,no-symbols"), seededRandom("long")))
      .value;
    const cut = await strength(password.slice(0, MAX_RATED_CHARS));
    expect(await strength(password)).toEqual(cut);
    expect(await strength(password + "a".repeat(1_000_000), ["a".repeat(1_000_000)])).toEqual(cut);
  });

  test("every generated default password has the best score", async () => {
    const random = seededRandom("default");
    for (let i = 0; i < 20; i++) {
      expect((await strength((await generate(parseRecipe("20"), random)).value)).score).toBe(4);
    }
  });
});

describe("a master password", () => {
  test.each<[string, string]>([
    ["twelve characters", "abcdefghijkl"],
    ["twelve characters of any script", "пароль пароль"],
    ["twelve characters outside the basic plane", "🔑".repeat(12)],
    ["fewer that are hard to guess", "x9$kQ2m!vR"],
    ["blanks, kept as they are", " correct horse "],
  ])("may be %s", async (_, password) => {
    expect(await masterPasswordProblem(utf8(password))).toBeUndefined();
  });

  test.each<[string, Uint8Array, string]>([
    ["nothing", new Uint8Array(0), "the password is empty"],
    ["bytes that are no text", Uint8Array.of(0xff, 0xfe), "the password is not valid UTF-8"],
    ["a newline", utf8("correct horse\nbattery"), "the password has a control character in it"],
    ["an escape", utf8("correct horse\u001b[31m"), "the password has a control character in it"],
    [
      "eleven that are easy",
      utf8("password123"),
      "the password is too easy to guess: use at least 12 characters",
    ],
    [
      "six emoji, twelve UTF-16 units",
      utf8("🔑".repeat(6)),
      "the password is too easy to guess: use at least 12 characters",
    ],
    // Twelve code points as typed, six as everybody sees them.
    [
      "six letters with loose accents",
      utf8("e\u0301".repeat(6)),
      "the password is too easy to guess: use at least 12 characters",
    ],
  ])("may not be %s", async (_, password, problem) => {
    expect(await masterPasswordProblem(password)).toBe(problem);
  });
});
