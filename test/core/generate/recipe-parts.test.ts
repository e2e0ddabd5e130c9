import { describe, expect, test } from "vitest";
import { hasParts, type RecipeParts } from "../../../src/core/generate/recipe-items.ts";
import {
  buildRecipe,
  defaultLength,
  withDefaultLength,
  type PasswordRecipe,
} from "../../../src/core/generate/recipe-parts.ts";
import { formatRecipe, parseRecipe } from "../../../src/core/generate/recipe.ts";
import { refusal } from "../../support/refusal.ts";

const PLAIN: PasswordRecipe = {
  kind: "password",
  size: undefined,
  without: [],
  exclude: "",
  noAmbiguous: false,
  require: [],
};

function never(): never {
  throw new Error("was read for nothing");
}

describe("options", () => {
  test("flags that were not given say nothing", () => {
    const parts: RecipeParts = { length: undefined, cap: false, "no-symbols": false };
    expect(hasParts(parts)).toBe(false);
    expect(buildRecipe(parts)).toEqual(PLAIN);
  });

  test.each<RecipeParts>([{ length: "9" }, { sep: "" }, { cap: true }, { length: "" }])(
    "%j says something",
    (parts) => {
      expect(hasParts(parts)).toBe(true);
    },
  );

  test("classes may be joined by commas", () => {
    expect(buildRecipe({ require: "symbol,upper" })).toEqual({ ...PLAIN, require: ["upper", "symbol"] });
  });
});

describe("the default length", () => {
  test.each<[string | undefined, () => number | undefined, number]>([
    ["31", never, 31],
    ["", () => 30, 30],
    [undefined, () => 30, 30],
    [undefined, () => undefined, 20],
  ])("PM_LENGTH %j, then the setting, then 20", (variable, setting, expected) => {
    expect(defaultLength(variable, setting)).toBe(expected);
  });

  test.each(["0", "1025", "x", "20 "])("PM_LENGTH=%s is refused by its name", (variable) => {
    expect(refusal(() => defaultLength(variable, never))).toBe(
      '"PM_LENGTH" must be a whole number from 1 to 1024',
    );
  });

  test.each<[string, string]>([
    ["", "length=20"],
    ["no-symbols", "length=20,no-symbols"],
    ["charset=ab", "charset=ab,length=20"],
  ])("closes %j", (open, closed) => {
    expect(formatRecipe(withDefaultLength(parseRecipe(open), () => 20))).toBe(closed);
  });

  test.each(["24", "bits=90", "charset=ab,bits=9", "words=6", "pin=4"])("leaves %j alone", (text) => {
    expect(withDefaultLength(parseRecipe(text), never)).toEqual(parseRecipe(text));
  });
});
