/** The content of a new entry: from the arguments of `add`, standard input, a prompt or the generator. */
import { utf8, wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { Recipe } from "../core/generate/recipe-parts.ts";
import type { EntryType, Field } from "../core/vault/model.ts";
import { primaryField, standardFields } from "../core/vault/types.ts";
import { askTwice } from "./ask.ts";
import type { Context } from "./context.ts";
import { type FieldArg, judgeFields, readFields } from "./fields.ts";
import { withoutNewline } from "./stdin.ts";
import { checkFieldCount, fieldOf, MAX_INPUT_BYTES } from "./values.ts";

/** Types whose primary field can be anything random. */
const GENERATED: readonly EntryType[] = ["login", "wifi", "api-key", "custom"];

export interface NewFields {
  readonly path: string;
  readonly type: EntryType;
  readonly args: readonly FieldArg[];
  /** The recipe after -g; undefined without the option. */
  readonly gen: string | undefined;
  readonly noSecret: boolean;
  /** Whether a person fills in the rest: then nothing is read or asked for. */
  readonly inEditor: boolean;
  readonly keepNewline: boolean;
}

/** Where the primary field comes from. */
export type PrimarySource = "given" | "none" | "generator" | "prompt" | "stdin";

export interface Plan {
  readonly args: readonly FieldArg[];
  readonly primary: PrimarySource;
  /** Set where the generator makes the value. */
  readonly recipe: Recipe | undefined;
}

/**
 * Settles where each value comes from, before anything is read or asked.
 * @throws PmError "usage" for a secret in argv or sources that exclude each other
 */
export async function planFields(ctx: Context, wanted: NewFields): Promise<Plan> {
  const rules = { type: wanted.type, existing: [], secretsInArgv: ctx.globals.insecureArgv };
  const args = judgeFields(wanted.args, rules);
  const isGiven = args.some((arg) => arg.name === primaryField(wanted.type));
  checkSources(wanted, isGiven);
  const recipe = wanted.gen === undefined ? undefined : await closedRecipe(ctx, wanted.gen);
  return { args, primary: isGiven ? "given" : primarySource(ctx, args, wanted), recipe };
}

function primarySource(ctx: Context, args: readonly FieldArg[], wanted: NewFields): PrimarySource {
  if (wanted.gen !== undefined) return "generator";
  if (primaryField(wanted.type) === undefined || wanted.noSecret || wanted.inEditor) return "none";
  if (ctx.io.stdin.isTTY) {
    if (wanted.type !== "ssh-key") return "prompt";
    throw new PmError("usage", "a private key has more lines than a prompt can take", {
      hint: "private=@FILE, or private=- to read it from standard input",
    });
  }
  // A value read from elsewhere says that the caller does not pipe one in.
  return args.some(({ source }) => source.kind !== "text") ? "none" : "stdin";
}

function checkSources({ type, gen, noSecret }: NewFields, isGiven: boolean): void {
  const name = primaryField(type) ?? "";
  if (gen !== undefined && !GENERATED.includes(type)) {
    throw new PmError("usage", `-g has nothing to generate in a ${type}`);
  }
  const given = [isGiven ? `${name}=` : "", gen === undefined ? "" : "-g", noSecret ? "--no-secret" : ""];
  const [first, second] = given.filter((option) => option !== "");
  if (second !== undefined) throw new PmError("usage", `${first} and ${second} exclude each other`);
}

export interface Content {
  readonly fields: readonly Field[];
  /** What the generator followed, to be remembered with the entry. */
  readonly recipe: string | undefined;
}

/** Reads, asks for or generates what the plan says. */
export async function readContent(ctx: Context, plan: Plan, wanted: NewFields): Promise<Content> {
  const read = await readFields(ctx, plan.args, { keepNewline: wanted.keepNewline });
  const primary = await primaryValue(ctx, plan, wanted);
  const name = primaryField(wanted.type);
  const fields = primary === undefined || name === undefined ? read : [...read, fieldOf(name, primary, true)];
  wipe(primary);
  checkFieldCount(fields.length);
  const recipe = plan.recipe === undefined ? undefined : await recipeText(plan.recipe);
  return { fields: inOrder(wanted.type, fields), recipe };
}

async function primaryValue(ctx: Context, plan: Plan, wanted: NewFields): Promise<Uint8Array | undefined> {
  const name = primaryField(wanted.type) ?? "";
  switch (plan.primary) {
    case "prompt":
      return askTwice(ctx, `${name} of ${wanted.path}`, `${name}=- reads a pipe, --no-secret leaves it out`);
    case "stdin":
      return readPiped(ctx, name, wanted.keepNewline);
    case "generator":
      return plan.recipe === undefined ? undefined : generateValue(ctx, plan.recipe);
    case "given":
    case "none":
      return undefined;
  }
}

async function readPiped(ctx: Context, name: string, keepNewline: boolean): Promise<Uint8Array> {
  const bytes = await ctx.input(MAX_INPUT_BYTES);
  const kept = keepNewline ? bytes : withoutNewline(bytes);
  if (kept.length > 0) return kept;
  throw new PmError("usage", `standard input is empty, and add reads the ${name} from it`, {
    hint: "--no-secret adds the entry without one, -g generates one",
  });
}

/** The recipe after -g, its length settled. */
async function closedRecipe(ctx: Context, text: string): Promise<Recipe> {
  const { parseRecipe } = await import("../core/generate/recipe.ts");
  const { defaultLength, withDefaultLength } = await import("../core/generate/recipe-parts.ts");
  const length = (): number => defaultLength(ctx.io.env["PM_LENGTH"], () => ctx.settings().length);
  return withDefaultLength(parseRecipe(text), length);
}

async function generateValue(ctx: Context, recipe: Recipe): Promise<Uint8Array> {
  const { generate } = await import("../core/generate/generate.ts");
  return utf8((await generate(recipe, ctx.io.random)).value);
}

async function recipeText(recipe: Recipe): Promise<string> {
  const { formatRecipe } = await import("../core/generate/recipe.ts");
  return formatRecipe(recipe);
}

/** The fields of the type in reading order, the others behind them as they were given. */
function inOrder(type: EntryType, fields: readonly Field[]): Field[] {
  const order = standardFields(type);
  const rank = ({ name }: Field): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return fields.toSorted((a, b) => rank(a) - rank(b));
}
