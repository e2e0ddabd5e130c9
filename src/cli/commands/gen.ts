import { utf8, wipe } from "../../core/bytes.ts";
import { PmError } from "../../core/errors.ts";
import { createGenerator } from "../../core/generate/generate.ts";
import {
  buildRecipe,
  defaultLength,
  type Recipe,
  withDefaultLength,
} from "../../core/generate/recipe-parts.ts";
import { type Command, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import type { EntryRequest } from "../gen-entry.ts";
import { ignoredRules, readGenRequest } from "../gen-request.ts";

export const gen: Command = defineCommand({
  args: [
    { name: "name", summary: "Entry to create, or to give a new secret", completes: "entry" },
    { name: "length", summary: "Number of characters; any word of digits is the length" },
  ],
  options: {
    length: { kind: "value", short: "l", hint: "N", summary: "Number of characters (20, PM_LENGTH)" },
    "no-symbols": { kind: "flag", short: "n", summary: "Letters and digits only" },
    "no-digits": { kind: "flag", summary: "Leave the digits out" },
    "no-upper": { kind: "flag", summary: "Leave the capital letters out" },
    "no-lower": { kind: "flag", summary: "Leave the small letters out" },
    "no-ambiguous": { kind: "flag", summary: "Leave out what looks alike: I l 1 | O 0" },
    exclude: { kind: "value", hint: "CHARS", summary: "Leave these characters out" },
    require: { kind: "value", hint: "CLASSES", summary: "Have some of each: lower,upper,digit,symbol" },
    charset: { kind: "value", hint: "CHARS", summary: "Draw from these characters instead" },
    words: { kind: "value", short: "w", hint: "N", summary: "A passphrase of N words" },
    sep: { kind: "value", hint: "TEXT", summary: "What stands between the words (-)" },
    cap: { kind: "flag", summary: "Begin with a capital letter, in a passphrase each word" },
    pronounceable: { kind: "flag", summary: "A password that can be said, of small letters" },
    rules: {
      kind: "value",
      hint: "RULES",
      summary: "What a site asks for, as in 'minlength: 8; required: digit'",
    },
    pin: { kind: "value", hint: "N", summary: "N digits" },
    bits: { kind: "value", hint: "N", summary: "As long as it takes for N bits of entropy" },
    count: { kind: "value", hint: "N", summary: "Print N values, one a line" },
    clip: {
      kind: "optional",
      short: "c",
      hint: "SECONDS",
      summary: "Copy to the clipboard, cleared after 45 s",
    },
    name: {
      kind: "value",
      hint: "NAME",
      completes: "entry",
      summary: "The entry, where its name is all digits",
    },
    force: { kind: "flag", short: "f", summary: "Replace also a card number, a note or an ssh key" },
  },
  details: [
    "Prints a new password of 20 printable ASCII characters, or what the options ask for. Without NAME no vault is opened.",
    "With NAME the value becomes the secret of that entry, which is created as a login where there is none; the value before stays in its history. The recipe is remembered with the entry: the next pm gen NAME without options on how the value is made follows it. Any such option replaces the whole recipe.",
    "Every value that fits the options is equally likely, with --require too. --json also tells the entropy and the recipe in the form that pm add --gen=RECIPE takes.",
    "--rules takes what sites put into the attribute passwordrules: minlength, maxlength, required, allowed, max-repeating, max-sequential and max-consecutive, with the classes upper, lower, digit, special, ascii-printable, unicode and characters in brackets. What is unknown is ignored with a warning.",
    "--sep or --cap without --words make a passphrase of 6 words, or of as many as --bits needs. The words are those of the EFF's large list.",
  ],
  examples: [
    { command: "pm gen", note: "A password of 20 characters" },
    { command: "pm gen web/github 24 -n", note: "A new password of letters and digits for an entry" },
    { command: "pm gen --words 6 --sep ' '", note: "A passphrase" },
    { command: "pm gen --pronounceable 16", note: "One that can be said" },
    {
      command: "pm gen --rules 'maxlength: 16; required: lower, upper; required: digit'",
      note: "What a site accepts",
    },
    { command: "pm gen --require upper,digit --exclude '<>&' --count 5", note: "Five to choose from" },
    { command: "pm gen --pin 6 --json", note: "With its entropy" },
  ],
  exits: ["not-found", "ambiguous", "conflict", "unavailable", "read-only"],
  vault: "none",
  async run(ctx, { args, options }) {
    const words = [args.name, args.length].filter((word) => word !== undefined);
    const { name, parts, count } = readGenRequest(words, options);
    if (options.clip !== undefined && ctx.globals.json) {
      throw new PmError("usage", "--clip and --json exclude each other");
    }
    const seconds = options.clip === undefined ? undefined : await clipSeconds(ctx, options.clip);
    for (const remark of ignoredRules(parts)) await ctx.out.warn(`in --rules, ${remark}: it is ignored`);
    const length = (): number => defaultLength(ctx.io.env["PM_LENGTH"], () => ctx.settings().length);
    const close = (recipe: Recipe): Recipe => withDefaultLength(recipe, length);
    if (name !== undefined) return intoEntry(ctx, { name, parts, force: options.force, close }, seconds);
    const recipe = close(buildRecipe(parts));
    const make = await createGenerator(recipe);
    const made = Array.from({ length: count ?? 1 }, () => make(ctx.io.random));
    const values = made.map(({ value }) => value);
    if (!ctx.globals.json) return deliver(ctx, values.join("\n"), seconds);
    const { formatRecipe } = await import("../../core/generate/recipe.ts");
    const said = count === undefined ? { value: values[0] } : { values };
    return ctx.out.json({ v: 1, ...said, bits: made[0]?.bits, recipe: formatRecipe(recipe) });
  },
});

async function intoEntry(ctx: Context, request: EntryRequest, seconds: number | undefined): Promise<void> {
  const { generateInto } = await import("../gen-entry.ts");
  const saved = await generateInto(ctx, request);
  if (!ctx.globals.json) return deliver(ctx, saved.value, seconds);
  const { id, path, field, value, bits, recipe, created, durable } = saved;
  return ctx.out.json({ v: 1, id, path, field, value, bits, recipe, created, durable });
}

async function clipSeconds(ctx: Context, option: string): Promise<number> {
  return (await import("../clip-time.ts")).clipSeconds(ctx, option);
}

async function deliver(ctx: Context, text: string, seconds: number | undefined): Promise<void> {
  const bytes = utf8(text);
  try {
    if (seconds === undefined) return await ctx.out.value(bytes, true);
    await ctx.clip(bytes, seconds);
  } finally {
    wipe(bytes);
  }
}
