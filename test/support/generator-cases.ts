/** Recipes whose output is counted: some in every run, a million of each in a soak. */
import { createGenerator } from "../../src/core/generate/generate.ts";
import { CLASS_CHARS } from "../../src/core/generate/password.ts";
import { parseRecipe } from "../../src/core/generate/recipe.ts";
import { loadWords } from "../../src/core/generate/words.ts";
import { misfit, numberOf, PositionCounts, positionsOf } from "./distributions.ts";
import { seededRandom } from "./random.ts";
import { space } from "./spaces.ts";

const RULES =
  "minlength: 12; maxlength: 20; required: lower, upper; required: digit; allowed: [-_.]; max-consecutive: 2";

export interface GeneratorCase {
  readonly name: string;
  readonly recipe: string;
  /** What every value keeps to. */
  readonly shape: RegExp;
  /** Whether the characters of a value say nothing of one another. */
  readonly independent: boolean;
}

export const CASES: readonly GeneratorCase[] = [
  { name: "default", recipe: "length=20", shape: /^[!-~]{20}$/, independent: true },
  { name: "no-symbols", recipe: "length=16,no-symbols", shape: /^[A-Za-z0-9]{16}$/, independent: true },
  { name: "pin", recipe: "pin=6", shape: /^[0-9]{6}$/, independent: true },
  { name: "charset", recipe: "charset=abcdefg0-,length=12", shape: /^[a-g0-]{12}$/, independent: true },
  {
    name: "exclude",
    recipe: "length=12,exclude=aeiouAEIOU<>&",
    shape: /^[^aeiouAEIOU<>&]{12}$/,
    independent: true,
  },
  { name: "no-ambiguous", recipe: "length=12,no-ambiguous", shape: /^[^Il1|O0]{12}$/, independent: true },
  {
    name: "require",
    recipe: "length=8,require=lower+upper+digit+symbol",
    shape: /^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?=.*[^A-Za-z0-9])[!-~]{8}$/,
    independent: false,
  },
  {
    name: "require in so few characters that most strings lack something",
    recipe: "length=4,no-symbols,require=lower+upper+digit",
    shape: /^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9]{4}$/,
    independent: false,
  },
  {
    name: "pronounceable",
    recipe: "pronounceable,length=10",
    shape: /^(?=.*[aeiou])[a-z]{10}$/,
    independent: false,
  },
  {
    name: "rules",
    recipe: `rules=${RULES.replaceAll(",", "\\,")},length=14`,
    shape: /^(?=.*[A-Za-z])(?=.*[0-9])(?!.*(.)\1\1)(?!.*(?:abc|cba|012|321|XYZ|ZYX))[A-Za-z0-9._-]{14}$/,
    independent: false,
  },
  {
    name: "rules so strict that no string is drawn in vain",
    recipe: "rules=required: digit; required: [5]; max-consecutive: 1; maxlength: 40,length=40",
    shape: /^(?=.*5)(?!.*(.)\1)(?!.*(?:01|12|23|34|45|56|67|78|89|10|21|32|43|54|65|76|87|98))[0-9]{40}$/,
    independent: false,
  },
];

/** How far each thing that is counted is from what it should be, in standard deviations. */
export type Misfits = Readonly<Record<string, number>>;

/** Draws `draws` values of `recipe` by `draw`, and counts. @throws where one is not of its shape */
export function measure(wanted: GeneratorCase, draws: number, draw: () => string): Misfits {
  const positions = new PositionCounts();
  const pairs = new Map<string, number>();
  const classes = Object.entries(CLASS_CHARS).map(([name, chars]) => ({
    name,
    pattern: new RegExp(`[^${chars.replaceAll(/[\]\\^-]/g, "\\$&")}]`, "g"),
    counts: new Map<string, number>(),
  }));
  for (let i = 0; i < draws; i++) {
    const value = draw();
    if (!wanted.shape.test(value)) throw new Error(`not as asked for: ${value}`);
    positions.add(value);
    bump(pairs, value.slice(0, 2));
    for (const { pattern, counts } of classes) bump(counts, `${value.replaceAll(pattern, "").length}`);
  }
  const expected = positionsOf(wanted.recipe);
  const misfits: Record<string, number> = {};
  for (const [at, shares] of expected.entries()) {
    misfits[`position ${at + 1}`] = misfit(positions.at(at), shares);
  }
  if (wanted.independent) {
    const [first = new Map<string, number>(), second = first] = expected;
    const both = [...first].flatMap(([a, p]) => [...second].map(([b, q]) => [a + b, p * q] as const));
    misfits["pairs"] = misfit(pairs, new Map(both));
  }
  if (!/^(?:pronounceable|rules)/.test(wanted.recipe)) {
    for (const { name, counts } of classes) {
      const chars = CLASS_CHARS[name as keyof typeof CLASS_CHARS];
      misfits[`number of ${name}`] = misfit(counts, numberOf(chars, space(wanted.recipe)));
    }
  }
  return misfits;
}

/** The same for the words of passphrases, by their position. */
export async function measureWords(draws: number): Promise<Misfits> {
  const listed = await loadWords();
  const expected = new Map(listed.map((word) => [word, 1 / listed.length]));
  const make = await createGenerator(parseRecipe("words=4,sep=."));
  const random = seededRandom("words");
  const counts = Array.from({ length: 4 }, () => new Map<string, number>());
  for (let i = 0; i < draws; i++) {
    for (const [at, word] of make(random).value.split(".").entries()) bump(counts[at] ?? new Map(), word);
  }
  return Object.fromEntries(counts.map((count, at) => [`word ${at + 1}`, misfit(count, expected)]));
}

/** The generator itself. */
export async function drawer({ name, recipe }: GeneratorCase): Promise<() => string> {
  const make = await createGenerator(parseRecipe(recipe));
  const random = seededRandom(name);
  return () => make(random).value;
}

/** The worst of all, sign aside. */
export function worst(misfits: Misfits): number {
  return Math.max(...Object.values(misfits).map(Math.abs));
}

function bump(counts: Map<string, number>, outcome: string): void {
  counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
}
