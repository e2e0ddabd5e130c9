/** A generated value as the secret of an entry, new or rotated. */
import { PmError } from "../core/errors.ts";
import { type Generated, generate } from "../core/generate/generate.ts";
import { hasParts, type RecipeParts } from "../core/generate/recipe-items.ts";
import { buildRecipe } from "../core/generate/recipe-parts.ts";
import { formatRecipe, parseRecipe, type Recipe } from "../core/generate/recipe.ts";
import type { Edit } from "../core/vault/edit.ts";
import type { Entry, EntryType, Field } from "../core/vault/model.ts";
import { primaryField } from "../core/vault/types.ts";
import { revealEntry } from "./confirm.ts";
import type { Context } from "./context.ts";
import { findEntry } from "./lookup.ts";
import { parsePath } from "../core/vault/names.ts";
import { reportDurability } from "./report.ts";

/** Types whose secret may be any random text; a card number or a note may not. */
const GENERATED: readonly EntryType[] = ["login", "wifi", "api-key", "custom"];
const NEW_TYPE: EntryType = "login";

export interface EntryRequest {
  readonly name: string;
  readonly parts: RecipeParts;
  /** Replaces the secret of an entry of any type. */
  readonly force: boolean;
  /** Closes a recipe that leaves its length open. */
  readonly close: (recipe: Recipe) => Recipe;
}

interface Made extends Generated {
  /** The text that the entry remembers. */
  readonly recipe: string;
}

export interface Saved extends Made {
  readonly id: string;
  readonly path: string;
  readonly field: string;
  /** Whether the entry is new. */
  readonly created: boolean;
  readonly durable: boolean;
}

/** Generates a value and saves it in the entry of that name, which is created where there is none. */
export async function generateInto(ctx: Context, request: EntryRequest): Promise<Saved> {
  const isId = /^id:/i.test(request.name);
  const path = isId ? request.name : parsePath(request.name);
  const make = async (open: Recipe): Promise<Made> => {
    const recipe = request.close(open);
    return { ...(await generate(recipe, ctx.io.random)), recipe: formatRecipe(recipe) };
  };
  // Before the vault is opened: a recipe that can't be followed must not cost a password prompt.
  const asked = hasParts(request.parts) ? await make(buildRecipe(request.parts)) : undefined;
  const session = await ctx.vault({ write: true });
  const isNew = !isId && (await session.resolve(path)).kind === "none";
  // The value is printed: that of a use-only entry takes the password first.
  const entry = isNew ? undefined : await revealEntry(ctx, (await findEntry(ctx, path, { live: true })).id);
  const field =
    entry === undefined
      ? (primaryField(NEW_TYPE) ?? "")
      : secretOf(entry, request.force ? "any type" : "-f replaces it all the same");
  const made = asked ?? (await make(entry === undefined ? buildRecipe({}) : remembered(entry)));
  const value: Field = { name: field, text: made.value, encoding: "utf8", concealed: true };
  const result = await session.edit([
    entry === undefined ? creation(path, value, made.recipe) : rotation(entry.id, value, made.recipe),
  ]);
  await reportDurability(ctx, result);
  const saved = { id: result.ids[0] ?? "", path: entry?.path ?? path, field };
  await ctx.out.note(isNew ? `added "${saved.path}"` : `replaced the ${field} of "${saved.path}"`);
  return { ...made, ...saved, created: isNew, durable: result.durable };
}

function creation(path: string, field: Field, recipe: string): Edit {
  return {
    kind: "create",
    path,
    type: NEW_TYPE,
    fields: [field],
    tags: [],
    meta: { recipe },
    existing: "refuse",
  };
}

/** The engine keeps the value that is replaced in the entry's history. */
function rotation(id: string, field: Field, recipe: string): Edit {
  return { kind: "update", id, set: [field], unset: [], addTags: [], removeTags: [], meta: { recipe } };
}

/**
 * The field that `get` prints without being told which.
 * @param allowed whether it may be the secret of an entry of any type, else what to do about one that may not
 */
export function secretOf(entry: Entry, allowed: "any type" | (string & {})): string {
  const primary = primaryField(entry.type);
  if (primary === undefined) {
    throw new PmError("usage", `"${entry.path}" is of type ${entry.type}, which has no secret to generate`);
  }
  if (!GENERATED.includes(entry.type) && allowed !== "any type") {
    throw new PmError("usage", `"${entry.path}" is of type ${entry.type}: its ${primary} is not generated`, {
      hint: allowed,
    });
  }
  const [only, ...more] = entry.fields;
  const hasOne = entry.type === "custom" && only !== undefined && more.length === 0;
  return hasOne && only.concealed ? only.name : primary;
}

/** @throws PmError "usage" where a later version of pm has written it */
export function remembered(entry: Entry): Recipe {
  try {
    return parseRecipe(entry.recipe ?? "");
  } catch (cause) {
    throw new PmError("usage", `the recipe that "${entry.path}" remembers is not understood`, {
      hint: "say how the value is to be made, as in pm gen NAME 20",
      cause,
    });
  }
}
