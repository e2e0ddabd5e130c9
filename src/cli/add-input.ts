/** What `add` was given, as the edit that creates the entry. */
import { PmError } from "../core/errors.ts";
import type { Edit } from "../core/vault/edit.ts";
import type { EntryType } from "../core/vault/model.ts";
import type { Context } from "./context.ts";
import { parseExpiry } from "./dates.ts";
import { parseEntryJson } from "./entry-json.ts";
import { type FieldArg, literalArg, parseFieldArgs } from "./fields.ts";
import { parsePath } from "../core/vault/names.ts";
import { parseTags, parseType } from "./names.ts";
import { planFields, readContent } from "./new-entry.ts";

/** 64 values of 256 KiB as base64, with room for the rest. */
const MAX_JSON_BYTES = 32 * 1024 * 1024;

export type Create = Extract<Edit, { kind: "create" }>;

/** The arguments and options of `add`, under their names. */
export interface AddInput {
  readonly name: string | undefined;
  readonly fields: readonly string[];
  readonly type: string | undefined;
  readonly user: string | undefined;
  readonly url: readonly string[];
  readonly gen: string | undefined;
  readonly otp: string | undefined;
  readonly note: string | undefined;
  readonly tag: readonly string[];
  readonly expires: string | undefined;
  readonly fav: boolean;
  readonly "use-only": boolean;
  readonly force: boolean;
  readonly "no-secret": boolean;
  readonly edit: boolean;
  readonly "allow-disk": boolean;
  readonly "keep-newline": boolean;
}

export async function createFromArgs(ctx: Context, input: AddInput): Promise<Create> {
  if (input.name === undefined) throw noName();
  const path = parsePath(input.name);
  const type: EntryType = input.type === undefined ? "login" : parseType(input.type);
  const tags = parseTags(input.tag);
  const expires = input.expires === undefined ? {} : { expires: parseExpiry(input.expires, ctx.io.now()) };
  const wanted = {
    path,
    type,
    args: fieldArgs(input),
    gen: input.gen,
    noSecret: input["no-secret"],
    inEditor: input.edit,
    keepNewline: input["keep-newline"],
  };
  const plan = await planFields(ctx, wanted);
  if (plan.primary === "prompt" && !input.force) await requireFree(ctx, path);
  const { fields, recipe } = await readContent(ctx, plan, wanted);
  const meta = {
    ...expires,
    ...(input.fav ? { favourite: true } : {}),
    ...(input["use-only"] ? { useOnly: true } : {}),
    ...(recipe === undefined ? {} : { recipe }),
  };
  return { kind: "create", path, type, fields, tags, meta, existing: existing(input) };
}

export async function createFromJson(ctx: Context, input: AddInput): Promise<Create> {
  refuseWithJson(input);
  const named = input.name === undefined ? undefined : parsePath(input.name);
  const entry = parseEntryJson(await ctx.input(MAX_JSON_BYTES), ctx.io.now());
  const path = named ?? entry.path;
  if (path === undefined) throw noName();
  const meta = {
    ...(entry.expires === undefined ? {} : { expires: entry.expires }),
    ...(entry.favourite ? { favourite: true } : {}),
    ...(entry.useOnly ? { useOnly: true } : {}),
    ...(entry.recipe === undefined ? {} : { recipe: entry.recipe }),
  };
  const { type, fields, tags } = entry;
  return { kind: "create", path, type, fields, tags, meta, existing: existing(input) };
}

function fieldArgs(input: AddInput): FieldArg[] {
  return [
    ...(input.user === undefined ? [] : [literalArg("username", input.user)]),
    ...input.url.map((url, index) => literalArg(index === 0 ? "url" : `url${index + 1}`, url)),
    ...(input.note === undefined ? [] : [literalArg("notes", input.note)]),
    ...(input.otp === undefined ? [] : parseFieldArgs([`otp=${input.otp}`])),
    ...parseFieldArgs(input.fields),
  ];
}

/** Tells of the conflict before a person has typed a secret; the save itself checks again. */
async function requireFree(ctx: Context, path: string): Promise<void> {
  const session = await ctx.vault();
  const found = await session.resolve(path);
  if (found.kind === "none") return;
  const rows = found.kind === "found" ? [found.row] : found.rows;
  if (!rows.some((row) => row.path === path)) return;
  throw new PmError("conflict", `an entry "${path}" exists already`, {
    hint: "pm set changes fields of it, -f replaces it",
  });
}

/** What goes with --json; everything else is part of the object. */
const BESIDE_JSON: ReadonlySet<string> = new Set(["name", "force"]);

function refuseWithJson(input: AddInput): void {
  for (const [name, value] of Object.entries(input)) {
    const isUnset = value === undefined || value === false || (Array.isArray(value) && value.length === 0);
    if (isUnset || BESIDE_JSON.has(name)) continue;
    const what = name === "fields" ? "a field argument" : `--${name}`;
    throw new PmError("usage", `${what} has no place beside --json, which reads the whole entry`);
  }
}

function existing(input: AddInput): Create["existing"] {
  return input.force ? "replace" : "refuse";
}

function noName(): PmError {
  return new PmError("usage", "add needs the name of the entry", { hint: "pm add NAME" });
}
