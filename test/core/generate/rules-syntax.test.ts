import { describe, expect, test } from "vitest";
import { MAX_RULES_CHARS, parseRules, type PasswordRules } from "../../../src/core/generate/rules-syntax.ts";
import { refusal } from "../../support/refusal.ts";

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER = UPPER.toLowerCase();
const DIGIT = "0123456789";
const SPECIAL = " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
const PRINTABLE = Array.from({ length: 95 }, (_, i) => String.fromCodePoint(0x20 + i)).join("");

const NOTHING: PasswordRules = {
  minLength: 0,
  maxLength: undefined,
  maxRepeating: undefined,
  maxSequential: undefined,
  required: [],
  allowed: undefined,
  ignored: [],
};

describe("reading rules", () => {
  test.each<[text: string, rules: Partial<PasswordRules>]>([
    ["", {}],
    [" ;\t;\n", {}],
    ["minlength: 12", { minLength: 12 }],
    ["minlength:12;maxlength:20;", { minLength: 12, maxLength: 20 }],
    ["MaxLength : 7 ", { maxLength: 7 }],
    ["required: upper", { required: [UPPER] }],
    ["required: uPPer, lower", { required: [UPPER + LOWER] }],
    ["required: upper; required: digit", { required: [UPPER, DIGIT] }],
    ["allowed: special", { allowed: SPECIAL }],
    ["allowed: ascii-printable", { allowed: PRINTABLE }],
    ["allowed: unicode", { allowed: PRINTABLE }],
    ["allowed: [-_.]", { allowed: "-._" }],
    ["allowed: [b], [ab];allowed:[c]", { allowed: "abc" }],
    ["allowed: [ ;,:]", { allowed: " ,:;" }],
    ["required: [[]", { required: ["["] }],
  ])("%j", (text, rules) => {
    expect(parseRules(text)).toEqual({ ...NOTHING, ...rules });
  });

  test.each<[text: string, chars: string]>([
    ["[]]", "]"],
    ["[a]]", "]a"],
    ["[-]]", "-]"],
    ["[-]", "-"],
    ["[-a]", "-a"],
    ["[--a]", "-a"],
    ["[[]]", "[]"],
  ])("in a class, a dash counts right after the bracket, a bracket right before it: %s", (text, chars) => {
    expect(parseRules(`allowed: ${text}`).allowed).toBe(chars);
  });

  test("of several numbers the strictest counts", () => {
    const text = "minlength: 8; minlength: 12; minlength: 4; maxlength: 30; maxlength: 20; maxlength: 25";
    expect(parseRules(text)).toMatchObject({ minLength: 12, maxLength: 20 });
  });

  test.each<[string, number | undefined, number | undefined]>([
    ["max-repeating: 2", 2, undefined],
    ["max-sequential: 3", undefined, 3],
    ["max-consecutive: 2", 2, 2],
    ["max-consecutive: 4; max-repeating: 5; max-sequential: 3", 4, 3],
  ])("max-consecutive bounds repetitions and sequences: %s", (text, maxRepeating, maxSequential) => {
    expect(parseRules(text)).toMatchObject({ maxRepeating, maxSequential });
  });

  test.each(["required:", "allowed: ;", "maxlength: 0", "max-consecutive: 0", "minlength: ; minlength: 0"])(
    "an empty value and a 0 say nothing: %s",
    (text) => {
      expect(parseRules(text)).toEqual(NOTHING);
    },
  );
});

describe("what is ignored is told", () => {
  test.each<[text: string, rules: Partial<PasswordRules>, ignored: string]>([
    ["color: red; minlength: 8", { minLength: 8 }, "the property at character 1 is not known"],
    ["minlength: 8; x-y:", { minLength: 8 }, "the property at character 15 is not known"],
    ["x: [;]; minlength: 8", { minLength: 8 }, "the property at character 1 is not known"],
    ["allowed: [a-z]", { allowed: "az" }, 'the "-" at character 12 counts only right after "["'],
    ["allowed: [aéb]", { allowed: "ab" }, "what stands at character 12 is not printable ASCII"],
    ["allowed: [🔑a\tb]", { allowed: "ab" }, "what stands at character 11 is not printable ASCII"],
    ["allowed: [], upper", { allowed: UPPER }, "the class at character 10 has no characters"],
    ["required: []", {}, "the class at character 11 has no characters"],
  ])("%j", (text, rules, ignored) => {
    expect(parseRules(text)).toEqual({ ...NOTHING, ...rules, ignored: [ignored] });
  });
});

describe("malformed rules are refused by the place", () => {
  test.each<[text: string, message: string]>([
    ["minlength 12", 'at character 11: expected ":"'],
    ["minlength", 'at the end: expected ":"'],
    ["minlength: twelve", "at character 12: expected a whole number"],
    ["minlength: -1", "at character 12: expected a whole number"],
    ["minlength: 1+1", 'at character 13: expected ";"'],
    ["minlength: 12 maxlength: 20", 'at character 15: expected ";"'],
    ["required: upper lower", 'at character 17: expected ";"'],
    ["required: upper [a]", 'at character 17: expected ";"'],
    ["required: upper,", 'at the end: expected a class such as "upper" or "[-_.]"'],
    ["required: upper,;", 'at character 17: expected a class such as "upper" or "[-_.]"'],
    ["required: uper", 'at character 11: expected a class such as "upper" or "[-_.]"'],
    ["required: 1", 'at character 11: expected a class such as "upper" or "[-_.]"'],
    ["allowed: 🔑", 'at character 10: expected a class such as "upper" or "[-_.]"'],
    ["allowed: [abc", 'at the end: expected "]"'],
    ["allowed: []a]", 'at character 12: expected ";"'],
    ["allowed: [a]b]", 'at character 13: expected ";"'],
    ["x: [a; minlength: 8", 'at the end: expected "]"'],
    ["🔑; 12", 'at character 1: expected a property such as "minlength"'],
    ["minlength: 8; 12", 'at character 15: expected a property such as "minlength"'],
  ])("%j", (text, message) => {
    expect(refusal(() => parseRules(text))).toBe(`the rules are malformed ${message}`);
  });

  test("a complaint never repeats what may be a secret", () => {
    for (const text of ["s3cret", "required: s3cret", "minlength: s3cret", "minlength: 8 s3cret"]) {
      expect(refusal(() => parseRules(text))).not.toContain("s3cret");
    }
  });

  test("as many characters as a recipe can hold, and no more", () => {
    const most = ",".repeat(MAX_RULES_CHARS - 10);
    expect(parseRules(`allowed:[${most}]`).allowed).toBe(",");
    expect(refusal(() => parseRules(`allowed:[${most}a]`))).toBe('"rules" takes at most 700 characters');
  });
});
