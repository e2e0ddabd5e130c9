/** The short and the long way from argv to a command never disagree, whatever the definitions say. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OptionDef, Options } from "../../src/cli/command.ts";
import { type CommandNode, loadTree } from "../../src/cli/gen/tree.ts";
import { GLOBAL_OPTIONS } from "../../src/cli/globals.ts";
import { parseShort } from "../../src/cli/parse.ts";
import { namesOf } from "../../src/cli/registry.ts";
import { long, meaning } from "../support/parsing.ts";
import { runs } from "../support/properties.ts";

const { commands } = await loadTree();

const WORD = fc.constantFrom("a", "web/x", "-", "-5", "-.5e3", "a=b", "", "é ü", "=", "x--y", "constructor");
const ODD = fc.constantFrom(
  "--",
  "---",
  "-",
  "--=x",
  "-Z",
  "--nope",
  "--no-",
  "-h",
  "--help",
  "-V",
  "-n-",
  "-=",
  "__proto__",
);

function valuesOf(def: OptionDef): fc.Arbitrary<string> {
  const choices = "choices" in def ? (def.choices ?? []) : [];
  return choices.length > 0 ? fc.constantFrom(...choices) : WORD;
}

/** Ways to write one option, as tokens. */
function spellings(name: string, def: OptionDef): fc.Arbitrary<readonly string[]> {
  const short = def.short === undefined ? [] : [`-${def.short}`];
  const bare = fc.constantFrom(`--${name}`, ...short).map((token) => [token]);
  const value = valuesOf(def);
  const joined = value.map((text) => [`--${name}=${text}`]);
  if (def.kind === "flag") return bare;
  const equalled = short.map((token) => value.map((text) => [`${token}=${text}`]));
  if (def.kind === "optional") return fc.oneof(bare, joined, ...equalled);
  const apart = fc.tuple(fc.constantFrom(`--${name}`, ...short), value);
  const attached = short.map((token) =>
    value.filter((text) => text !== "").map((text) => [`${token}${text}`]),
  );
  return fc.oneof(apart, joined, ...attached);
}

function optionTokens(options: Options): fc.Arbitrary<readonly string[]> {
  return fc.oneof(...Object.entries(options).map(([name, def]) => spellings(name, def)));
}

function bundles(options: Options): fc.Arbitrary<readonly string[]> {
  const letters = Object.values(options).flatMap(({ short }) => (short === undefined ? [] : [short]));
  return fc
    .array(fc.constantFrom("y", "q", "v", ...letters), { minLength: 2, maxLength: 4 })
    .map((chosen) => [`-${chosen.join("")}`]);
}

function nameTokens({ row }: CommandNode): fc.Arbitrary<readonly string[]> {
  return fc.constantFrom(...namesOf(row)).map((name) => name.split(" "));
}

/** A call as its definition wants it. */
function validCalls(node: CommandNode): fc.Arbitrary<readonly string[]> {
  const { args, options } = node.command;
  const globals = fc.array(optionTokens(GLOBAL_OPTIONS), { maxLength: 2 });
  const own = fc.array(optionTokens({ ...GLOBAL_OPTIONS, ...options }), { maxLength: 4 });
  const operands = args.map((def) =>
    fc.array(def.choices === undefined ? WORD : fc.constantFrom(...def.choices), {
      minLength: def.required === true ? 1 : 0,
      maxLength: def.variadic === true ? 3 : 1,
    }),
  );
  const isForeign = args.at(-1)?.foreign === true;
  const given = fc.tuple(...operands).map((lists) => {
    // An argument that is left out leaves out those after it.
    const end = lists.findIndex((list) => list.length === 0);
    return (end < 0 ? lists : lists.slice(0, end)).flat();
  });
  return fc
    .tuple(
      globals,
      nameTokens(node),
      fc.tuple(own, given).chain((call) => (isForeign ? fc.constant(behind(call)) : mixed(call))),
    )
    .map(([first, name, rest]) => [...first.flat(), ...name, ...rest]);
}

type Call = readonly [options: readonly (readonly string[])[], words: readonly string[]];

function behind([options, words]: Call): readonly string[] {
  return [...options.flat(), "--", ...words];
}

/** Options anywhere between the operands, or the operands all after `--`. */
function mixed(call: Call): fc.Arbitrary<readonly string[]> {
  const [options, words] = call;
  const places = fc.array(fc.nat({ max: words.length }), {
    minLength: options.length,
    maxLength: options.length,
  });
  const between = places.map((at) =>
    Array.from({ length: words.length + 1 }, (_, place) => [
      ...options.filter((_tokens, i) => at[i] === place).flat(),
      ...words.slice(place, place + 1),
    ]).flat(),
  );
  // A word that looks like a number is one of the command's options where that is a digit.
  const last = fc.constant(behind(call));
  return words.some((word) => /^-./.test(word)) ? last : fc.oneof(between, last);
}

/** Anything that looks like a call of this command. */
function anyCalls(node: CommandNode): fc.Arbitrary<readonly string[]> {
  const { options } = node.command;
  const token = fc.oneof(
    { weight: 3, arbitrary: optionTokens({ ...GLOBAL_OPTIONS, ...options }) },
    { weight: 2, arbitrary: bundles(options) },
    { weight: 3, arbitrary: WORD.map((word) => [word]) },
    { weight: 1, arbitrary: ODD.map((word) => [word]) },
    { weight: 1, arbitrary: nameTokens(node) },
  );
  const lists = fc.array(token, { maxLength: 5 });
  const front = fc.array(token, { maxLength: 1 });
  return fc
    .tuple(front, nameTokens(node), lists)
    .map(([before, name, rest]) => [...before.flat(), ...name, ...rest.flat()]);
}

describe("the two paths never disagree", () => {
  test.each(commands.map((node) => [node.row.name, node] as const))("on pm %s", async (_name, node) => {
    await fc.assert(
      fc.asyncProperty(anyCalls(node), async (argv) => {
        const short = await parseShort(argv);
        if (short !== undefined) expect(await long(argv)).toEqual(meaning(short));
      }),
      runs(60),
    );
  });
});

describe("the short path takes every well-formed call", () => {
  test.each(commands.map((node) => [node.row.name, node] as const))("of pm %s", async (_name, node) => {
    await fc.assert(
      fc.asyncProperty(validCalls(node), async (argv) => {
        const short = await parseShort(argv);
        expect(short).toMatchObject({ kind: "run", row: { name: node.row.name } });
        expect(short === undefined ? undefined : meaning(short)).toEqual(await long(argv));
      }),
      runs(20),
    );
  });
});
