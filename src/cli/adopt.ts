/** `pm adopt`: the vault first, then the file. */
import { fromUtf8, utf8, wipe } from "../core/bytes.ts";
import { hasCode, PmError } from "../core/errors.ts";
import { parseEnvFile } from "../core/references/env-file.ts";
import type { Edit, EditResult } from "../core/vault/edit.ts";
import { type Entry, MAX_FIELDS } from "../core/vault/model.ts";
import { parsePath } from "../core/vault/names.ts";
import type { RewritableFile } from "../node/rewrite-file.ts";
import { type AdoptChoice, type AdoptPlan, planAdoption } from "./adopt-plan.ts";
import type { Context } from "./context.ts";
import { ambiguous } from "./lookup.ts";
import { shellWord } from "./shell-word.ts";

const MAX_FILE_BYTES = 1_048_576;

export interface AdoptRequest extends AdoptChoice {
  readonly file: string;
  /** Undefined: named after the folder and the file. */
  readonly entry: string | undefined;
  readonly force: boolean;
}

export interface Adoption {
  readonly path: string;
  /** Undefined where it is not there yet. */
  readonly entry: Entry | undefined;
  readonly plan: AdoptPlan;
  readonly source: RewritableFile;
}

/** Reads the file and the entry and decides; nothing is changed. @throws PmError */
export async function prepareAdoption(ctx: Context, request: AdoptRequest): Promise<Adoption> {
  const { openRewritable } = await import("../node/rewrite-file.ts");
  const source = await openRewritable(request.file, { cwd: ctx.io.cwd, limit: MAX_FILE_BYTES });
  const text = fromUtf8(source.bytes);
  if (text === undefined)
    throw new PmError("usage", `"${request.file}" is not UTF-8`, { hint: "iconv converts it" });
  const assignments = parseEnvFile(text, request.file);
  const path = parsePath(request.entry ?? defaultName(source));
  const entry = await findEntry(ctx, path);
  const plan = planAdoption({ file: request.file, text, assignments }, request, {
    path: entry?.path ?? path,
    fields: entry?.fields ?? [],
  });
  requireRoom(request, entry, plan);
  if (!request.force) requireNoOther(plan, entry?.path ?? path);
  return { path: entry?.path ?? path, entry, plan, source };
}

function defaultName({ folder, name }: RewritableFile): string {
  return [folder, name.replace(/^\.+(?=.)/, "")].filter((part) => part !== "").join("/");
}

async function findEntry(ctx: Context, path: string): Promise<Entry | undefined> {
  const session = await ctx.vault();
  const found = await session.resolve(path);
  if (found.kind === "ambiguous") throw ambiguous(path, found.rows);
  // To be compared with the file, never to be shown.
  return found.kind === "none" ? undefined : await session.entry(found.row.id, "use");
}

function requireRoom({ file }: AdoptRequest, entry: Entry | undefined, { fields }: AdoptPlan): void {
  const known = new Set(entry?.fields.map(({ name }) => name));
  const count = known.size + fields.filter(({ name }) => !known.has(name)).length;
  if (count <= MAX_FIELDS) return;
  throw new PmError("limit", `${count} fields are more than an entry holds, which is ${MAX_FIELDS}`, {
    hint: `pm adopt ${shellWord(file)} --only-vars A,B --entry NAME, and the rest into another one`,
  });
}

function requireNoOther({ steps }: AdoptPlan, path: string): void {
  const others = steps.filter(({ action }) => action === "replace").map(({ name }) => name);
  if (others.length === 0) return;
  throw new PmError("conflict", `"${path}" holds other values than the file`, {
    details: [...new Set(others)],
    hint: "-f replaces them, --except leaves them out, --entry takes another entry",
  });
}

/** @returns undefined where the vault had it all */
export async function adopt(
  ctx: Context,
  { path, entry, plan, source }: Adoption,
): Promise<EditResult | undefined> {
  const saved = plan.fields.length === 0 ? undefined : await save(ctx, { path, entry, plan });
  const where = `the values are in "${path}"`;
  if (saved?.durable === false) {
    throw new PmError(
      "io",
      `${where}, but the folder of the vault could not be flushed to disk: the file stays`,
      {
        hint: "make sure that the vault lasts, then run it again",
      },
    );
  }
  const bytes = utf8(plan.text);
  try {
    await source.rewrite(bytes);
  } catch (error) {
    if (!hasCode(error, "conflict")) throw error;
    throw new PmError("conflict", `${error.message}; ${where}`, { hint: "run it again" });
  } finally {
    wipe(source.bytes);
  }
  return saved;
}

async function save(ctx: Context, { path, entry, plan }: Omit<Adoption, "source">): Promise<EditResult> {
  const session = await ctx.vault({ write: true });
  const nothing = { unset: [], addTags: [], removeTags: [], meta: {} };
  const names = plan.fields.map(({ name }) => name);
  const edit: Edit =
    entry === undefined
      ? { kind: "create", path, type: "custom", fields: plan.fields, tags: [], meta: {}, existing: "refuse" }
      : {
          ...nothing,
          kind: "update",
          id: entry.id,
          set: plan.fields,
          expected: {
            fields: entry.fields.filter(({ name }) => names.includes(name)),
            absent: names.filter((name) => !entry.fields.some((field) => field.name === name)),
          },
        };
  return await session.edit([edit]);
}
