import { describe, expect, test } from "vitest";
import type { Values } from "../../src/cli/command.ts";
import { gen } from "../../src/cli/commands/gen.ts";
import { createContext } from "../../src/cli/context.ts";
import { type GenInput, readGenRequest } from "../../src/cli/gen-request.ts";
import { toGlobals } from "../../src/cli/globals.ts";
import { scopeOf, toInput } from "../../src/cli/parse.ts";
import { fromUtf8 } from "../../src/core/bytes.ts";
import { hasCode } from "../../src/core/errors.ts";
import { parseRecipe } from "../../src/core/generate/recipe.ts";
import { refusal } from "../support/refusal.ts";
import { seededRandom } from "../support/random.ts";
import { createTestIo } from "../support/test-io.ts";

const NOTHING: GenInput = {
  words: undefined,
  length: undefined,
  name: undefined,
  count: undefined,
  clip: undefined,
};

describe("the words after gen", () => {
  test.each<
    [words: readonly string[], input: Partial<GenInput>, name: string | undefined, length: string | undefined]
  >([
    [[], {}, undefined, undefined],
    [["24"], {}, undefined, "24"],
    [["site"], {}, "site", undefined],
    [["site", "24"], {}, "site", "24"],
    [["24", "site"], {}, "site", "24"],
    [["site"], { length: "24" }, "site", "24"],
    [[], { name: "1234" }, "1234", undefined],
    [["24"], { name: "1234" }, "1234", "24"],
    [[], { name: "1234", length: "24" }, "1234", "24"],
    [[], { name: "-24" }, "-24", undefined],
    [["2four"], {}, "2four", undefined],
    [["٢٤"], {}, "٢٤", undefined],
    [[""], {}, "", undefined],
  ])("%j with %j: name %j, length %j", (words, input, name, length) => {
    const request = readGenRequest(words, { ...NOTHING, ...input });
    expect(request).toMatchObject({ name, count: undefined });
    expect(request.parts.length).toBe(length);
  });

  test.each<[words: readonly string[], input: Partial<GenInput>, message: RegExp]>([
    [["1234", "24"], {}, /^the length is given twice$/],
    [["1234"], { length: "24" }, /^the length is given twice$/],
    [["site", "other"], {}, /^"other" is a second name, and not a length$/],
    [["site"], { name: "1234" }, /^"1234" is a second name/],
    [["-24"], {}, /^"-24" is not a length$/],
    [["site", "-24"], {}, /^"-24" is not a length$/],
    [[], { count: "0" }, /^"count" must be a whole number from 1 to 1000$/],
    [[], { count: "1001" }, /^"count" must be/],
    [["site"], { count: "2" }, /^--count does not go with the name of an entry$/],
    [[], { count: "2", clip: "" }, /^--count does not go with --clip$/],
  ])("%j with %j is refused", (words, input, message) => {
    expect(refusal(() => readGenRequest(words, { ...NOTHING, ...input }))).toMatch(message);
  });
});

interface Call {
  readonly args?: Values;
  readonly options?: Values;
  readonly globals?: Values;
  readonly env?: Readonly<Record<string, string>>;
  readonly settings?: { readonly length?: number; readonly clipTime?: number };
  readonly clip?: (bytes: Uint8Array, seconds: number) => Promise<void>;
}

async function closed(): Promise<never> {
  throw new Error("was reached for nothing");
}

/** Runs `gen` where neither a vault nor the clipboard can be reached. */
async function run({
  args = {},
  options = {},
  globals = {},
  env = {},
  settings,
  clip = closed,
}: Call = {}): Promise<string> {
  const world = createTestIo({ env, random: seededRandom("gen") });
  await using context = createContext(world.io, toGlobals(globals, env));
  const ctx = { ...context, vault: closed, clip, settings: () => settings ?? {} };
  await gen.run(ctx, toInput(args, { ...scopeOf(gen.options).values, ...options }));
  expect(world.stderr()).toBe("");
  return fromUtf8(world.stdout()) ?? "";
}

describe("gen without a name", () => {
  test("prints twenty printable characters and a newline", async () => {
    expect(await run()).toMatch(/^[!-~]{20}\n$/);
  });

  test.each<[what: string, options: Values, shape: RegExp]>([
    ["a length", { length: "32" }, /^[!-~]{32}\n$/],
    ["classes", { "no-symbols": true, "no-upper": true, "no-digits": true }, /^[a-z]{20}\n$/],
    [
      "no small letters",
      { "no-lower": true, "no-symbols": true, "no-ambiguous": true },
      /^[A-HJ-NP-Z2-9]{20}\n$/,
    ],
    ["exclusions", { "no-symbols": true, exclude: "abcdefghijklmnopqrstuvwxyz" }, /^[A-Z0-9]{20}\n$/],
    ["requirements", { length: "2", require: "upper,digit" }, /^(?:[A-Z][0-9]|[0-9][A-Z])\n$/],
    ["a charset", { charset: "é🔑", length: "5" }, /^[é🔑]{5}\n$/u],
    ["entropy", { bits: "64", charset: "01" }, /^[01]{64}\n$/],
    ["words", { words: "4" }, /^[a-z]+(?:-[a-z-]+){3}\n$/],
    ["words of its own kind", { words: "3", sep: " ", cap: true }, /^[A-Z][a-z-]+(?: [A-Z][a-z-]+){2}\n$/],
    ["words by entropy", { bits: "40", sep: " " }, /^[a-z-]+(?: [a-z-]+){3}\n$/],
    ["a pin", { pin: "6" }, /^[0-9]{6}\n$/],
  ])("follows %s", async (_, options, shape) => {
    expect(await run({ options })).toMatch(shape);
  });

  test("takes a word of digits as the length", async () => {
    expect(await run({ args: { name: "8" } })).toMatch(/^[!-~]{8}\n$/);
  });

  test("prints as many as --count asks for, all different", async () => {
    const lines = (await run({ options: { count: "50" } })).trimEnd().split("\n");
    expect(lines).toHaveLength(50);
    expect(new Set(lines).size).toBe(50);
  });

  test.each<[what: string, call: Call, length: number]>([
    [
      "the option before the variable",
      { options: { length: "7" }, env: { PM_LENGTH: "8" }, settings: { length: 9 } },
      7,
    ],
    ["the variable before the setting", { env: { PM_LENGTH: "8" }, settings: { length: 9 } }, 8],
    ["the setting before the default", { settings: { length: 9 } }, 9],
    ["an empty variable is none", { env: { PM_LENGTH: "" } }, 20],
    ["a variable that is not needed is not judged", { options: { length: "7" }, env: { PM_LENGTH: "x" } }, 7],
  ])("the length: %s", async (_, call, length) => {
    expect(await run(call)).toHaveLength(length + 1);
  });

  test.each<[what: string, call: Call, message: RegExp]>([
    ["a variable that is no length", { env: { PM_LENGTH: "x" } }, /"PM_LENGTH" must be/],
    ["a contradiction", { options: { words: "6", "no-symbols": true } }, /does not go with a passphrase/],
    ["an impossible requirement", { options: { length: "1", require: "upper,digit" } }, /do not fit/],
    ["--clip with --json", { options: { clip: "" }, globals: { json: true } }, /exclude each other/],
    ["a clip time that is none", { options: { clip: "soon" } }, /--clip/],
    ["a bad PM_CLIP_TIME", { options: { clip: "" }, env: { PM_CLIP_TIME: "soon" } }, /PM_CLIP_TIME/],
  ])("refuses %s", async (_, call, message) => {
    const error: unknown = await run(call).catch((thrown: unknown) => thrown);
    if (!hasCode(error, "usage")) throw error;
    expect(error.message).toMatch(message);
  });
});

async function json(call: Call): Promise<unknown> {
  return JSON.parse(await run({ ...call, globals: { json: true } }));
}

describe("gen --clip", () => {
  test.each<[options: Values, call: Call, seconds: number]>([
    [{ clip: "9" }, { env: { PM_CLIP_TIME: "8" } }, 9],
    [{ clip: "" }, { env: { PM_CLIP_TIME: "8" }, settings: { clipTime: 7 } }, 8],
    [{ clip: "" }, { settings: { clipTime: 7 } }, 7],
    [{ clip: "" }, {}, 45],
  ])(
    "%j copies the exact value, prints nothing, and leaves no copy in memory",
    async (options, call, seconds) => {
      const copied: { text: string | undefined; seconds: number }[] = [];
      const owned: Uint8Array[] = [];
      const clip = async (bytes: Uint8Array, after: number): Promise<void> => {
        copied.push({ text: fromUtf8(bytes), seconds: after });
        owned.push(bytes);
      };
      expect(await run({ ...call, clip, options: { ...options, pin: "6" } })).toBe("");
      expect(copied).toEqual([{ text: expect.stringMatching(/^[0-9]{6}$/) as string, seconds }]);
      expect(owned).toEqual([new Uint8Array(6)]);
    },
  );
});

describe("gen --json", () => {
  test("gives the value, its entropy and its recipe", async () => {
    expect(await json({ options: { pin: "6" } })).toEqual({
      v: 1,
      value: expect.stringMatching(/^[0-9]{6}$/) as string,
      bits: 6 * Math.log2(10),
      recipe: "pin=6",
    });
  });

  test("gives a list where --count is given", async () => {
    const said = await json({ options: { count: "1", words: "5", sep: "," } });
    expect(said).toMatchObject({ v: 1, values: [expect.any(String)], recipe: "words=5,sep=\\," });
    expect(said).not.toHaveProperty("value");
  });

  test("the recipe is complete: what it says gives as many bits", async () => {
    const said = await json({ options: { "no-symbols": true, require: "digit" } });
    expect(said).toMatchObject({ recipe: "length=20,no-symbols,require=digit" });
    expect(parseRecipe("length=20,no-symbols,require=digit")).toMatchObject({
      size: { by: "count", count: 20 },
    });
  });
});
