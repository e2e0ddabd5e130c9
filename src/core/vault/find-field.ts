/** Names to fields, the same way wherever an entry is read. */
import { PmError } from "../errors.ts";
import type { Entry, Field } from "./model.ts";
import { canonicalField, primaryField } from "./types.ts";

/**
 * The field called `name`: exactly, by its alias, else the only one that differs in case.
 * @throws PmError "not-found" naming the nearest, "ambiguous" listing the candidates.
 */
export async function findField(entry: Entry, name: string): Promise<Field> {
  const wanted = name.normalize("NFC");
  const exact = entry.fields.find((field) => field.name === wanted);
  if (exact !== undefined) return exact;
  const lower = canonicalField(entry.type, wanted).toLowerCase();
  const [first, ...more] = entry.fields.filter((field) => field.name.toLowerCase() === lower);
  const names = entry.fields.map((field) => field.name);
  if (first === undefined) throw await missingField(entry.path, wanted, names);
  if (more.length === 0) return first;
  throw new PmError("ambiguous", `several fields of "${entry.path}" match "${wanted}"`, {
    details: [first, ...more].map((field) => field.name),
    hint: "write the field as it is listed",
  });
}

async function missingField(path: string, name: string, names: readonly string[]): Promise<PmError> {
  const { nearest } = await import("./nearest.ts");
  const [near] = nearest(name, names);
  const known = names.length === 0 ? "it has no fields" : `it has ${names.join(", ")}`;
  const hint = near === undefined ? known : `did you mean "${near}"?`;
  return new PmError("not-found", `"${path}" has no field "${name}"`, { hint });
}

/**
 * The field that is meant where none is named: the primary one of the type, else the only one.
 * @param hint how a field is named there, given the first one
 * @throws PmError "usage" where there is no such one, "not-found" where it is not filled in.
 */
export async function defaultField(entry: Entry, hint: (field: string) => string): Promise<Field> {
  const primary = primaryField(entry.type);
  const field = entry.fields.find(({ name }) => name === primary);
  if (field !== undefined) return field;
  const [first, ...more] = entry.fields;
  const names = entry.fields.map(({ name }) => name);
  if (primary !== undefined && entry.type !== "custom") throw await missingField(entry.path, primary, names);
  if (first === undefined) throw await missingField(entry.path, primary ?? "value", names);
  if (entry.type === "custom" && more.length === 0) return first;
  throw new PmError("usage", `"${entry.path}" has several fields and no default one`, {
    details: names,
    hint: hint(first.name),
  });
}
