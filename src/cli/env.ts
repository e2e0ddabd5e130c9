/** `pm env`: the variables of env files and options, with the values of their references. */
import { fromUtf8, wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { Resolved } from "../core/references/resolve.ts";
import { fillTemplate, hasReferences, parseValue, type TemplatePart } from "../core/references/template.ts";
import type { Context } from "./context.ts";
import type { Variable } from "./env-formats.ts";
import { type Placed, readEnvFile, resolveToShow } from "./references.ts";
import { parseAssignment } from "./run-values.ts";

export interface EnvRequest {
  readonly files: readonly string[];
  /** VAR=REFERENCE */
  readonly assignments: readonly string[];
  readonly only: readonly string[];
}

interface Source {
  readonly name: string;
  readonly place: string;
  readonly parts: readonly TemplatePart[];
}

/** In the order in which they stand first; the later value of a name wins. */
export async function readVariables(ctx: Context, request: EnvRequest): Promise<readonly Variable[]> {
  const sources = new Map<string, Source>();
  const put = ({ name, value, place, line }: ReturnType<typeof parseAssignment>): void => {
    const parts = hasReferences(value) ? parseValue(value, place, line) : literal(value);
    sources.set(name, { name, parts, place: place.startsWith("-e") ? place : `${place}:${line} ${name}` });
  };
  const given = request.assignments.map(parseAssignment);
  for (const file of request.files) {
    for (const found of await readEnvFile(ctx, file)) put({ ...found, place: file });
  }
  given.forEach(put);
  const placed = [...sources.values()].flatMap(({ parts, place }) =>
    parts.flatMap((part): readonly Placed[] => (part.kind === "reference" ? [{ ref: part.ref, place }] : [])),
  );
  const values = await resolveToShow(ctx, placed, request.only);
  try {
    return filled([...sources.values()], values);
  } finally {
    for (const { bytes } of values) wipe(bytes);
  }
}

function literal(value: string): readonly TemplatePart[] {
  return [{ kind: "literal", bytes: new TextEncoder().encode(value) }];
}

function filled(sources: readonly Source[], values: readonly Resolved[]): readonly Variable[] {
  let at = 0;
  return sources.map(({ name, parts }) => {
    const count = parts.filter(({ kind }) => kind === "reference").length;
    const bytes = fillTemplate(
      parts,
      values.slice(at, at + count).map((value) => value.bytes),
    );
    at += count;
    const value = fromUtf8(bytes);
    wipe(bytes);
    if (value !== undefined && !value.includes("\0")) return { name, value };
    throw new PmError("usage", `the value of ${name} is no text that a variable can hold`, {
      hint: `${name}=pm://…?encoding=base64`,
    });
  });
}
