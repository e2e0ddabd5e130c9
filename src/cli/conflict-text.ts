/** Fields that hold several values, for people and as JSON. */
import { PmError } from "../core/errors.ts";
import type { Conflict, ConflictValue } from "../core/vault/session.ts";
import { padColumns } from "./columns.ts";
import { minuteOf } from "./dates.ts";
import { timeToJson, valueToJson } from "./entry-json.ts";
import { valueLines } from "./entry-text.ts";
import { escapeControls } from "./escape.ts";
import { shortReplica } from "./log-text.ts";

/** Path, name, number, time, replica, value; the further lines of a value are indented under its first. */
export function conflictLines(conflicts: readonly Conflict[], reveal: boolean): readonly string[] {
  const rows = conflicts.flatMap(({ path, name, values }) =>
    values.map((value, n) => ({
      cells: [escapeControls(path), escapeControls(name), ...valueCells(value, n)],
      lines: linesOf(value, reveal),
    })),
  );
  const labels = padColumns(rows.map(({ cells }) => [...cells, ""]));
  return rows.flatMap(({ lines: [first = "", ...more] }, n) => {
    const label = labels[n] ?? "";
    return [`${label}${first}`, ...more.map((line) => `${" ".repeat(label.length)}${line}`)];
  });
}

/** A line for each value of one register, to choose from. */
export function choicesOf({ values }: Conflict, reveal: boolean): readonly string[] {
  return values.map((value, n) => {
    const [first = "", ...more] = linesOf(value, reveal);
    return [...valueCells(value, n), `${first}${more.length === 0 ? "" : " …"}`].join("  ");
  });
}

function valueCells({ written, replica }: ConflictValue, n: number): readonly string[] {
  return [String(n + 1), minuteOf(written), shortReplica(replica)];
}

function linesOf({ value }: ConflictValue, reveal: boolean): readonly string[] {
  return value === undefined ? ["(removed)"] : valueLines(value, reveal);
}

export function conflictToJson(
  { id, path, name, values }: Conflict,
  reveal: boolean,
): Readonly<Record<string, unknown>> {
  return {
    id,
    path,
    name,
    values: values.map(({ value, replica, written }, n) => ({
      number: n + 1,
      ...(value === undefined ? { value: null, concealed: false } : valueToJson(value, reveal)),
      removed: value === undefined,
      replica,
      written: timeToJson(written),
    })),
  };
}

/**
 * The one called `name`: exactly, else the only one that differs in case.
 * @throws PmError "not-found" listing them, "ambiguous" where a field and a fact have one name
 */
export function findConflict(path: string, conflicts: readonly Conflict[], name: string): Conflict {
  const wanted = name.normalize("NFC");
  const known = conflicts.map((conflict) => conflict.name);
  const tests: readonly ((conflict: Conflict) => boolean)[] = [
    (conflict) => conflict.name === wanted,
    (conflict) => conflict.key === wanted,
    (conflict) => conflict.name.toLowerCase() === wanted.toLowerCase(),
  ];
  for (const isMeant of tests) {
    const [found, ...more] = conflicts.filter(isMeant);
    if (found !== undefined && more.length === 0) return found;
    if (found === undefined) continue;
    throw new PmError("ambiguous", `several facts of "${path}" match "${wanted}"`, {
      details: [found, ...more].map(({ key }) => key),
      hint: "write it as it is listed",
    });
  }
  throw new PmError("not-found", `"${wanted}" of "${path}" does not hold several values`, {
    hint: `these do: ${known.join(", ")}`,
  });
}
