/** The variables of `pm run`: where they come from, and what their references become. */
import { fromUtf8 } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { isReference } from "../core/references/reference.ts";
import type { Resolved } from "../core/references/resolve.ts";
import { fillTemplate, hasReferences, parseValue, type TemplatePart } from "../core/references/template.ts";
import type { Env } from "./globals.ts";

/** A variable, or --stdin. */
export interface Wanted {
  readonly name: string;
  /** With its references. */
  readonly text: string;
  readonly parts: readonly TemplatePart[];
}

/** Of an env file, or of an option. */
export interface Assignment {
  readonly name: string;
  readonly value: string;
  /** Where it stands, for messages. */
  readonly place: string;
  readonly line: number;
}

export interface Variables {
  /** Values that are no references. */
  readonly plain: ReadonlyMap<string, string>;
  readonly wanted: readonly Wanted[];
}

/**
 * The inherited environment and what comes on top of it; the later one wins.
 * @param inherited what of it the command gets
 * @throws PmError "usage" for a reference that is malformed
 */
export function joinVariables(inherited: Env, assignments: readonly Assignment[]): Variables {
  const plain = new Map<string, string>();
  const wanted = new Map<string, Wanted>();
  const put = ({ name, value, place, line }: Assignment): void => {
    plain.delete(name);
    wanted.delete(name);
    if (!hasReferences(value)) plain.set(name, value);
    else wanted.set(name, { name, text: value, parts: parseValue(value, place, line) });
  };
  for (const [name, value] of Object.entries(inherited)) {
    if (value !== undefined) attempt(name, () => put({ name, value, place: name, line: 1 }));
  }
  for (const assignment of assignments) put(assignment);
  return { plain, wanted: [...wanted.values()] };
}

/** Nobody gave pm these variables, so what is wrong with one is not the call's. */
function attempt(name: string, put: () => void): void {
  try {
    put();
  } catch (error) {
    if (error instanceof PmError)
      throw notResolved([error.message], [`unset ${name}, or leave it out with --clean-env`]);
    throw error;
  }
}

/** `VAR=pm://…`. What stands behind "=" is never repeated: it may be a secret. */
export function parseAssignment(text: string): Assignment {
  const [, name, value = ""] = /^([A-Za-z_][A-Za-z0-9_]*)=([^]*)$/.exec(text) ?? [];
  if (name === undefined) {
    throw new PmError("usage", "-e needs VAR=REFERENCE", { hint: "-e TOKEN=pm://ci/deploy/key" });
  }
  if (!hasReferences(value)) {
    throw new PmError("usage", `-e ${name} is no reference, and other processes can read arguments`, {
      hint: `-e ${name}=pm://…, or ${name}=VALUE in front of pm for what is no secret`,
    });
  }
  return { name, value, place: `-e ${name}`, line: 1 };
}

/** The reference of --stdin. */
export function parseStdin(text: string): Wanted {
  const name = "--stdin";
  if (!isReference(text)) {
    throw new PmError("usage", "--stdin needs a reference", { hint: "--stdin pm://ci/deploy/key" });
  }
  return { name, text, parts: parseValue(text, name, 1) };
}

export interface Value {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What it is made of. */
  readonly resolved: readonly Resolved[];
}

/**
 * The values, in the order of `wanted`.
 * @param results one for each reference, in order
 * @throws PmError "run-failed" that names every one that has none
 */
export function valuesOf(
  wanted: readonly Wanted[],
  results: readonly (Resolved | PmError)[],
): readonly Value[] {
  const rest = results.values();
  const failures: string[] = [];
  const hints = new Set<string>();
  const values = wanted.map(({ name, parts }): Value => {
    const own = parts.filter(({ kind }) => kind === "reference").map(() => rest.next().value);
    for (const result of own) {
      if (!(result instanceof PmError)) continue;
      failures.push(`${name}: ${[result.message, ...result.details].join("; ")}`);
      if (result.hint !== undefined) hints.add(result.hint);
    }
    const resolved = own.filter(isResolved);
    return {
      name,
      resolved,
      bytes: fillTemplate(
        parts,
        resolved.map(({ bytes }) => bytes),
      ),
    };
  });
  if (failures.length > 0) throw notResolved(failures, [...hints]);
  return values;
}

function isResolved(result: Resolved | PmError | undefined): result is Resolved {
  return result !== undefined && !(result instanceof PmError);
}

function notResolved(failures: readonly string[], [hint, ...others]: readonly string[]): PmError {
  const [only = "", ...more] = failures;
  if (more.length === 0)
    return new PmError("run-failed", `${only}; nothing was started`, hint === undefined ? {} : { hint });
  return new PmError("run-failed", `${failures.length} references can't be resolved; nothing was started`, {
    details: failures,
    hint:
      others.length === 0 && hint !== undefined
        ? hint
        : "pm run --dry-run tries again without starting anything",
  });
}

/** @throws PmError "run-failed" for what no variable can hold */
export function variableText({ name, bytes }: Pick<Value, "name" | "bytes">): string {
  const text = fromUtf8(bytes);
  if (text !== undefined && !text.includes("\0")) return text;
  throw new PmError(
    "run-failed",
    `${name}: its value is no text that a variable can hold; nothing was started`,
    {
      hint: "?encoding=base64 behind the reference, or --files",
    },
  );
}
