/** `pm inject`: a template with its values, as a whole or not at all. */
import { wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { fillTemplate, parseTemplate } from "../core/references/template.ts";
import type { Context } from "./context.ts";
import { type Placed, resolveToShow } from "./references.ts";

const MAX_TEMPLATE_BYTES = 16 * 1024 * 1024;
const MAX_MODE_DIGITS = /^0?[0-7]{3}$/;
const STDIN = "-";

export interface InjectRequest {
  /** Standard input where it is missing. */
  readonly template: string | undefined;
  readonly only: readonly string[];
}

/** The caller wipes it. @throws PmError that names each reference that leads nowhere, and its line */
export async function inject(ctx: Context, { template, only }: InjectRequest): Promise<Uint8Array> {
  const isStdin = template === undefined || template === STDIN;
  const name = isStdin ? "standard input" : template;
  const parts = parseTemplate(
    isStdin ? await ctx.input(MAX_TEMPLATE_BYTES) : await read(ctx, template),
    name,
  );
  const placed = parts.flatMap((part): readonly Placed[] =>
    part.kind === "reference" ? [{ ref: part.ref, place: `${name}:${part.line}` }] : [],
  );
  const values = (await resolveToShow(ctx, placed, only)).map(({ bytes }) => bytes);
  try {
    return fillTemplate(parts, values);
  } finally {
    for (const value of values) wipe(value);
  }
}

async function read(ctx: Context, path: string): Promise<Uint8Array> {
  const { readSecretFile } = await import("../node/secret-input.ts");
  return (await readSecretFile(path, { cwd: ctx.io.cwd, limit: MAX_TEMPLATE_BYTES })).bytes;
}

/** Permission bits as chmod takes them. @throws PmError "usage" */
export function parseMode(text: string): number {
  if (MAX_MODE_DIGITS.test(text)) return Number.parseInt(text, 8);
  throw new PmError("usage", `--mode expects three octal digits, got "${text}"`, { hint: "--mode 0600" });
}

export interface OutputFile {
  readonly path: string;
  readonly mode: number;
  readonly overwrite: boolean;
}

/** Before a password is asked for in vain. @throws PmError "conflict" where it is there already */
export async function requireWritableOutput(ctx: Context, { path, overwrite }: OutputFile): Promise<void> {
  if (overwrite) return;
  await orForce(overwrite, async () => {
    const { requireNewFile } = await import("../node/user-file.ts");
    await requireNewFile(path, ctx.io.cwd);
  });
}

export async function writeOutput(ctx: Context, bytes: Uint8Array, file: OutputFile): Promise<void> {
  await orForce(file.overwrite, async () => {
    const { writeUserFile } = await import("../node/user-file.ts");
    await writeUserFile(file.path, bytes, { cwd: ctx.io.cwd, ...file });
  });
}

/** The option has another name here. */
async function orForce(overwrite: boolean, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof PmError) || error.code !== "conflict" || overwrite) throw error;
    throw new PmError("conflict", error.message, { hint: "-f replaces a file that is there", cause: error });
  }
}
