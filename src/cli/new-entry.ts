/** The content of a new entry: from the arguments of `add`, standard input, a prompt or the generator. */
import { utf8, wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
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
  readonly keepNewline: boolean;
}

/** Where the primary field comes from. */
export type PrimarySource = "given" | "none" | "generator" | "prompt" | "stdin";

export interface Plan {
  readonly args: readonly FieldArg[];
  readonly primary: PrimarySource;
}

/**
 * Settles where each value comes from, before anything is read or asked.
 * @throws PmError "usage" for a secret in argv or sources that exclude each other
 */
export function planFields(ctx: Context, wanted: NewFields): Plan {
  const rules = { type: wanted.type, existing: [], secretsInArgv: ctx.globals.insecureArgv };
  const args = judgeFields(wanted.args, rules);
  const name = primaryField(wanted.type);
  const isGiven = args.some((arg) => arg.name === name);
  checkSources(wanted, isGiven);
  if (wanted.gen !== undefined) return { args, primary: "generator" };
  if (isGiven) return { args, primary: "given" };
  if (name === undefined || wanted.noSecret) return { args, primary: "none" };
  if (ctx.io.stdin.isTTY) return { args, primary: "prompt" };
  // A value read from elsewhere says that the caller does not pipe one in.
  const readsElsewhere = args.some(({ source }) => source.kind !== "text");
  return { args, primary: readsElsewhere ? "none" : "stdin" };
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
  const generated = plan.primary === "generator" ? await generateValue(ctx, wanted.gen ?? "") : undefined;
  const read = await readFields(ctx, plan.args, { keepNewline: wanted.keepNewline });
  const primary = generated?.bytes ?? (await readPrimary(ctx, plan.primary, wanted));
  const name = primaryField(wanted.type);
  const fields = primary === undefined || name === undefined ? read : [...read, fieldOf(name, primary, true)];
  wipe(primary);
  checkFieldCount(fields.length);
  return { fields: inOrder(wanted.type, fields), recipe: generated?.recipe };
}

async function readPrimary(
  ctx: Context,
  source: PrimarySource,
  wanted: NewFields,
): Promise<Uint8Array | undefined> {
  const name = primaryField(wanted.type) ?? "";
  if (source === "prompt") {
    if (wanted.type === "ssh-key") {
      throw new PmError("usage", "a private key has more lines than a prompt can take", {
        hint: "private=@FILE, or private=- to read it from standard input",
      });
    }
    return askTwice(ctx, `${name} of ${wanted.path}`, `${name}=- reads a pipe, --no-secret leaves it out`);
  }
  if (source !== "stdin") return undefined;
  const bytes = await ctx.input(MAX_INPUT_BYTES);
  const kept = wanted.keepNewline ? bytes : withoutNewline(bytes);
  if (kept.length > 0) return kept;
  throw new PmError("usage", `standard input is empty, and add reads the ${name} from it`, {
    hint: "--no-secret adds the entry without one, -g generates one",
  });
}

async function generateValue(ctx: Context, text: string): Promise<{ bytes: Uint8Array; recipe: string }> {
  const { parseRecipe, formatRecipe } = await import("../core/generate/recipe.ts");
  const { defaultLength, withDefaultLength } = await import("../core/generate/recipe-parts.ts");
  const { generate } = await import("../core/generate/generate.ts");
  const length = (): number => defaultLength(ctx.io.env["PM_LENGTH"], () => ctx.settings().length);
  const recipe = withDefaultLength(parseRecipe(text), length);
  const { value } = await generate(recipe, ctx.io.random);
  return { bytes: utf8(value), recipe: formatRecipe(recipe) };
}

/** The fields of the type in reading order, the others behind them as they were given. */
function inOrder(type: EntryType, fields: readonly Field[]): Field[] {
  const order = standardFields(type);
  const rank = ({ name }: Field): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return fields.toSorted((a, b) => rank(a) - rank(b));
}
