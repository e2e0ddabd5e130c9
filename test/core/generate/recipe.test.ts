import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasCode } from "../../../src/core/errors.ts";
import { CHAR_CLASSES } from "../../../src/core/generate/recipe-items.ts";
import {
  MAX_BITS,
  MAX_PIN_DIGITS,
  MAX_WORDS,
  type CharsetRecipe,
  type PassphraseRecipe,
  type PasswordRecipe,
  type PinRecipe,
  type PronounceableRecipe,
  type Recipe,
  type RulesRecipe,
} from "../../../src/core/generate/recipe-parts.ts";
import { MAX_LENGTH, type Size } from "../../../src/core/generate/recipe-checks.ts";
import { formatRecipe, MAX_RECIPE_CHARS, parseRecipe } from "../../../src/core/generate/recipe.ts";
import { MAX_RULES_CHARS } from "../../../src/core/generate/rules-syntax.ts";
import { refusal } from "../../support/refusal.ts";

const PLAIN: PasswordRecipe = {
  kind: "password",
  size: undefined,
  without: [],
  exclude: "",
  noAmbiguous: false,
  require: [],
};
const SPOKEN = { kind: "pronounceable", capitalize: false, exclude: "", noAmbiguous: false } as const;
const RULES: RulesRecipe = {
  kind: "rules",
  size: undefined,
  rules: "maxlength:8",
  exclude: "",
  noAmbiguous: false,
};
const count = (n: number): Size => ({ by: "count", count: n });
const bits = (n: number): Size => ({ by: "bits", bits: n });

describe("reading a recipe", () => {
  test.each<[string, Recipe]>([
    ["", PLAIN],
    ["24", { ...PLAIN, size: count(24) }],
    ["length=24,no-symbols", { ...PLAIN, size: count(24), without: ["symbol"] }],
    ["no-symbols,24", { ...PLAIN, size: count(24), without: ["symbol"] }],
    ["bits=128", { ...PLAIN, size: bits(128) }],
    ["no-digits,no-lower,no-upper", { ...PLAIN, without: ["lower", "upper", "digit"] }],
    ["exclude=aba0a", { ...PLAIN, exclude: "ab0" }],
    ["no-ambiguous", { ...PLAIN, noAmbiguous: true }],
    ["require=symbol+lower+symbol", { ...PLAIN, require: ["lower", "symbol"] }],
    ["require=upper\\,digit", { ...PLAIN, require: ["upper", "digit"] }],
    ["exclude=\\,\\\\=", { ...PLAIN, exclude: ",\\=" }],
    ["exclude=", PLAIN],
    ["words=6,sep=-,cap", { kind: "passphrase", size: count(6), separator: "-", capitalize: true }],
    ["words=4", { kind: "passphrase", size: count(4), separator: "-", capitalize: false }],
    ["cap", { kind: "passphrase", size: count(6), separator: "-", capitalize: true }],
    ["sep=", { kind: "passphrase", size: count(6), separator: "", capitalize: false }],
    ["sep= \\, ,bits=80", { kind: "passphrase", size: bits(80), separator: " , ", capitalize: false }],
    ["pin=6", { kind: "pin", digits: 6 }],
    ["pronounceable", { ...SPOKEN, size: undefined }],
    ["pronounceable,cap,24,exclude=q", { ...SPOKEN, size: count(24), capitalize: true, exclude: "q" }],
    ["no-ambiguous,bits=60,pronounceable", { ...SPOKEN, size: bits(60), noAmbiguous: true }],
    ["rules= required: upper\\, lower ,12", { ...RULES, rules: "required: upper, lower", size: count(12) }],
    ["rules=maxlength:8,bits=9,no-ambiguous", { ...RULES, size: bits(9), noAmbiguous: true }],
    ["charset=abc,length=10", { kind: "charset", size: count(10), charset: "abc" }],
    ["charset=a=b\\,🔑🔑,bits=9", { kind: "charset", size: bits(9), charset: "a=b,🔑" }],
  ])("%j", (text, recipe) => {
    expect(parseRecipe(text)).toEqual(recipe);
  });

  test.each<[string, RegExp]>([
    ["hunter2", /^item 1 of the recipe is not known$/],
    ["24,", /^item 2 of the recipe is not known$/],
    [",", /^item 1 /],
    [" 24", /^item 1 /],
    ["Length=24", /^item 1 /],
    ["length", /^item 1 /],
    ["cap=1", /^item 1 /],
    ["no-symbols=", /^item 1 /],
    ["__proto__=1", /^item 1 /],
    ["require=upper,digit", /^item 2 /],
    ["24,length=24", /^"length" stands twice in the recipe$/],
    ["cap,cap", /^"cap" stands twice/],
    ["sep=\\", /^a backslash in a recipe needs/],
    ["sep=\\n", /^a backslash in a recipe needs/],
    ["0", /^"length" must be a whole number from 1 to 1024$/],
    [`${MAX_LENGTH + 1}`, /^"length" must be/],
    ["99999999999999999999", /^"length" must be/],
    ["length=", /^"length" must be/],
    ["length=-1", /^"length" must be/],
    ["length=1e2", /^"length" must be/],
    ["length=٣", /^"length" must be/],
    [`bits=${MAX_BITS + 1}`, /^"bits" must be/],
    [`words=${MAX_WORDS + 1}`, /^"words" must be/],
    [`pin=${MAX_PIN_DIGITS + 1}`, /^"pin" must be/],
    ["24,bits=128", /^"bits" does not go with "length"$/],
    ["words=6,bits=128", /^"bits" does not go with "words"$/],
    ["words=6,24", /^"length" does not go with a passphrase$/],
    ["cap,no-symbols", /^"no-symbols" does not go with a passphrase$/],
    ["pin=6,bits=20", /^"bits" does not go with a pin$/],
    ["pin=6,words=6", /^"words" does not go with a pin$/],
    ["charset=abc,require=lower", /^"require" does not go with a charset$/],
    ["charset=abc,cap", /^"charset" does not go with a passphrase$/],
    ["charset=", /^"charset" needs at least 2 different characters$/],
    ["charset=aaa", /^"charset" needs at least 2/],
    ["charset=a\tb", /^"charset" has a control character in it$/],
    ["charset=a\ud800", /^"charset" has a control character in it$/],
    ["sep=\u0085", /^"sep" has a control character in it$/],
    ["exclude=\n", /^"exclude" has a control character in it$/],
    [`sep=${"-".repeat(17)}`, /^"sep" takes at most 16 characters$/],
    [`exclude=${"a".repeat(257)}`, /^"exclude" takes at most 256 characters$/],
    ["require=", /^"require" takes some of lower, upper, digit, symbol$/],
    ["require=lowercase", /^"require" takes some of/],
    ["require=lower+", /^"require" takes some of/],
    ["a".repeat(MAX_RECIPE_CHARS + 1), /^a recipe takes at most 2048 characters$/],
  ])("refuses %j", (text, message) => {
    expect(refusal(() => parseRecipe(text))).toMatch(message);
  });

  test("a complaint never repeats what may be a secret", () => {
    for (const text of ["s3cret", "s3cret=1", "length=s3cret", "require=s3cret", "charset=s3cret\n"]) {
      expect(refusal(() => parseRecipe(text))).not.toContain("s3cret");
    }
  });
});

/** Values that a user may well type, commas, backslashes and "=" among them. */
const text = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom(...Array.from(",\\=+ ab0Z-%é🔑\u0301")), maxLength })
    .map((value) => Array.from(new Set(value)).join(""));
const size = (max: number): fc.Arbitrary<Size> =>
  fc.oneof(fc.integer({ min: 1, max }).map(count), fc.integer({ min: 1, max: MAX_BITS }).map(bits));
const classes = fc.subarray([...CHAR_CLASSES]);
const password = fc.record<PasswordRecipe>({
  kind: fc.constant("password"),
  size: fc.option(size(MAX_LENGTH), { nil: undefined }),
  without: classes,
  exclude: text(12),
  noAmbiguous: fc.boolean(),
  require: classes,
});
const charset = fc.record<CharsetRecipe>({
  kind: fc.constant("charset"),
  size: fc.option(size(MAX_LENGTH), { nil: undefined }),
  charset: text(12).filter((chars) => Array.from(chars).length >= 2),
});
const passphrase = fc.record<PassphraseRecipe>({
  kind: fc.constant("passphrase"),
  size: size(MAX_WORDS),
  separator: text(12),
  capitalize: fc.boolean(),
});
const pin = fc.record<PinRecipe>({
  kind: fc.constant("pin"),
  digits: fc.integer({ min: 1, max: MAX_PIN_DIGITS }),
});
const pronounceable = fc.record<PronounceableRecipe>({
  kind: fc.constant("pronounceable"),
  size: fc.option(size(MAX_LENGTH), { nil: undefined }),
  capitalize: fc.boolean(),
  exclude: text(12),
  noAmbiguous: fc.boolean(),
});
const rules = fc.record<RulesRecipe>({
  kind: fc.constant("rules"),
  size: fc.option(size(MAX_LENGTH), { nil: undefined }),
  rules: text(12).map((chars) => `required: upper, [${chars.replaceAll("]", "")}]; x: y`),
  exclude: text(12),
  noAmbiguous: fc.boolean(),
});
const anyRecipe = fc.oneof(password, charset, passphrase, pin, pronounceable, rules);

describe("writing a recipe", () => {
  test.each([
    ["no-symbols,length=24", "length=24,no-symbols"],
    [
      "require=digit+lower,no-ambiguous,exclude=\\,a,bits=90",
      "bits=90,exclude=\\,a,no-ambiguous,require=lower+digit",
    ],
    ["cap,words=6", "words=6,sep=-,cap"],
    ["no-ambiguous,cap,pronounceable,9", "pronounceable,length=9,cap,no-ambiguous"],
    ["exclude=a,12,rules=required:upper\\,lower", "rules=required:upper\\,lower,length=12,exclude=a"],
    ["bits=80,sep=", "bits=80,sep="],
    ["012", "length=12"],
    ["pin=0004", "pin=4"],
    ["length=9,charset=abca", "charset=abc,length=9"],
    ["", ""],
  ])("%j is %j", (from, canonical) => {
    expect(formatRecipe(parseRecipe(from))).toBe(canonical);
  });

  test("every recipe is read back as it was", () => {
    fc.assert(
      fc.property(anyRecipe, (recipe) => {
        expect(parseRecipe(formatRecipe(recipe))).toEqual(recipe);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test("the longest recipe can be read back", () => {
    const exclude = String.fromCodePoint(...Array.from({ length: 256 }, (_, i) => 0x1f300 + i));
    const recipe: Recipe = {
      ...PLAIN,
      size: bits(MAX_BITS),
      without: CHAR_CLASSES,
      exclude,
      require: CHAR_CLASSES,
    };
    expect(parseRecipe(formatRecipe(recipe))).toEqual(recipe);
    const long = `allowed:[${",".repeat(MAX_RULES_CHARS - 10)}]`;
    const ruled: Recipe = { ...RULES, rules: long, size: bits(MAX_BITS), exclude, noAmbiguous: true };
    expect(parseRecipe(formatRecipe(ruled))).toEqual(ruled);
  });

  test("any text is either refused as usage or has one canonical form", () => {
    const items = fc.constantFrom(
      "24",
      "cap",
      "words=3",
      "sep=\\,",
      "charset=ab",
      "pin=4",
      "no-lower",
      "x",
      "\\",
      "",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(items).map((all) => all.join(",")),
          fc.string(),
        ),
        (anything) => {
          let canonical: string;
          try {
            canonical = formatRecipe(parseRecipe(anything));
          } catch (error) {
            return hasCode(error, "usage");
          }
          return formatRecipe(parseRecipe(canonical)) === canonical;
        },
      ),
      { seed: 2, numRuns: 500 },
    );
  });
});
