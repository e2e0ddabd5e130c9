/** What `pm adopt` will do to an env file and to an entry: decided here, done elsewhere. */
import { PmError } from "../core/errors.ts";
import type { EnvLine } from "../core/references/env-file.ts";
import { formatReference } from "../core/references/reference.ts";
import { hasReferences } from "../core/references/template.ts";
import type { Field } from "../core/vault/model.ts";
import { parseFieldName } from "../core/vault/names.ts";
import { OTP_FIELD } from "../core/vault/types.ts";

/** "same": the entry holds this value already. "replace": it holds another one. */
export type AdoptAction = "adopt" | "same" | "replace" | "keep";

export interface AdoptStep {
  readonly name: string;
  readonly action: AdoptAction;
  /** What stands in the file afterwards; undefined where it is kept. */
  readonly reference: string | undefined;
  /** Why it is kept. */
  readonly why: string | undefined;
}

export interface AdoptChoice {
  readonly only: readonly string[];
  readonly except: readonly string[];
}

export interface AdoptPlan {
  /** One for each variable, in the order of the file. */
  readonly steps: readonly AdoptStep[];
  /** To be set in the entry. */
  readonly fields: readonly Field[];
  /** The file with references. */
  readonly text: string;
}

export interface EnvSource {
  /** As the user named it. */
  readonly file: string;
  readonly text: string;
  readonly assignments: readonly EnvLine[];
}

/** @throws PmError "usage" for a variable that is not there, or stands twice with different values */
export function planAdoption(
  source: EnvSource,
  choice: AdoptChoice,
  entry: { readonly path: string; readonly fields: readonly Field[] },
): AdoptPlan {
  requireKnown(source, [...choice.only, ...choice.except]);
  const moved = source.assignments.filter((item) => whyKept(item, choice) === undefined);
  requireOneValueEach(source, moved);
  const actions = new Map(moved.map((item) => [item.name, actionFor(item, entry.fields)]));
  const steps = source.assignments.map((item): AdoptStep => {
    const why = whyKept(item, choice);
    const action = why === undefined ? (actions.get(item.name) ?? "keep") : "keep";
    return {
      name: item.name,
      action,
      why,
      reference: action === "keep" ? undefined : referenceTo(entry, item),
    };
  });
  const fields = new Map(
    moved
      .filter(({ name }) => actions.get(name) !== "same")
      .map(({ name, value }) => [name, fieldOf(name, value)]),
  );
  return { steps, fields: [...fields.values()], text: withReferences(source.text, moved, entry) };
}

/** Undefined where it is to be moved. */
function whyKept({ name, value }: EnvLine, { only, except }: AdoptChoice): string | undefined {
  if (value === "") return "empty";
  if (hasReferences(value)) return "a reference already";
  const isChosen = only.length === 0 ? !except.includes(name) : only.includes(name);
  return isChosen ? undefined : "not chosen";
}

function requireKnown({ file, assignments }: EnvSource, names: readonly string[]): void {
  const unknown = names.find((name) => !assignments.some((item) => item.name === name));
  if (unknown === undefined) return;
  throw new PmError("usage", `"${file}" has no variable ${unknown}`, {
    hint: "names stand with commas between them, as in A,B",
  });
}

function requireOneValueEach({ file }: EnvSource, moved: readonly EnvLine[]): void {
  for (const { name, value, line } of moved) {
    const other = moved.find((item) => item.name === name && item.value !== value);
    if (other === undefined) continue;
    throw new PmError(
      "usage",
      `${name} stands in "${file}" with two values, in lines ${line} and ${other.line}`,
      {
        hint: "remove one of them: the later one is the one that counts",
      },
    );
  }
}

function actionFor({ name, value }: EnvLine, fields: readonly Field[]): Exclude<AdoptAction, "keep"> {
  const field = fields.find((known) => known.name === parseFieldName(name));
  if (field === undefined) return "adopt";
  return field.encoding === "utf8" && field.text === value ? "same" : "replace";
}

function fieldOf(name: string, text: string): Field {
  return { name: parseFieldName(name), text, encoding: "utf8", concealed: true };
}

function referenceTo({ path }: { readonly path: string }, { name }: EnvLine): string {
  const reference = formatReference(path, name);
  // Without a query it would be a code.
  return name === OTP_FIELD ? `${reference}?rev=0` : reference;
}

function withReferences(text: string, moved: readonly EnvLine[], entry: { readonly path: string }): string {
  let at = 0;
  let result = "";
  for (const item of moved) {
    const reference = referenceTo(entry, item);
    result += text.slice(at, item.start) + (/\s/.test(reference) ? `"${reference}"` : reference);
    at = item.end;
  }
  return result + text.slice(at);
}
