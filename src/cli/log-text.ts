/** Operations of the log, for people and as JSON: what changed when and by whom, never a value. */
import type { LoggedOperation } from "../core/vault/session.ts";
import { alignColumns } from "./columns.ts";
import { minuteOf } from "./dates.ts";
import { timeToJson } from "./entry-json.ts";
import { escapeControls } from "./escape.ts";

const REPLICA_DIGITS = 8;

/** A line for each entry that was touched; of an operation that names none, or not all, how many there are. */
export function operationLines(operations: readonly LoggedOperation[]): readonly string[] {
  return alignColumns(operations.flatMap((operation) => operationCells(operation)));
}

/** The columns: time, command, replica, entry, what of it. */
export function operationCells(operation: LoggedOperation): readonly (readonly string[])[] {
  const { at, by, entries, count } = operation;
  const head = [minuteOf(at), escapeControls(by), replicaWord(operation)];
  const items = entries.map(({ path, names }) => [escapeControls(path), namesText(names)]);
  const left = count - entries.length;
  const more = left > 0 ? [[`${entries.length > 0 ? "and " : ""}${countText(left)}`, ""]] : [];
  const all = [...items, ...more];
  return (all.length === 0 ? [["", ""]] : all).map((item) => [...head, ...item]);
}

function replicaWord({ replica, here }: LoggedOperation): string {
  return here ? "this machine" : shortReplica(replica);
}

export function shortReplica(replica: string): string {
  return replica.slice(0, REPLICA_DIGITS);
}

export function namesText(names: readonly string[]): string {
  return names.map(escapeControls).join(", ");
}

export function countText(count: number): string {
  return count === 1 ? "1 entry" : `${count} entries`;
}

/** One operation in few words, for a question. */
export function operationSummary({ by, entries, count }: LoggedOperation): string {
  const [first] = entries;
  const what = count === 1 && first !== undefined ? `"${first.path}"` : countText(count);
  return `${by} ${what}`;
}

export function operationToJson({
  at,
  by,
  kind,
  replica,
  here,
  count,
  entries,
}: LoggedOperation): Readonly<Record<string, unknown>> {
  return {
    time: timeToJson(at),
    command: by,
    kind,
    replica,
    here,
    count,
    entries: entries.map(({ id, path, names }) => ({ id, path, names })),
  };
}
