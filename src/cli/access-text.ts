/** What the agent gave out, for people and as JSON: never a value. */
import type { Access } from "../core/vault/session.ts";
import { alignColumns } from "./columns.ts";
import { minuteOf } from "./dates.ts";
import { timeToJson } from "./entry-json.ts";
import { escapeControls } from "./escape.ts";

/** The columns: time, command, what for, entry, process and program. */
export function accessLines(accesses: readonly Access[]): readonly string[] {
  return alignColumns(
    accesses.map(({ at, command, purpose, path = purpose === "search" ? "(any)" : "", pid, program }) => [
      minuteOf(at),
      escapeControls(command),
      escapeControls(purpose),
      escapeControls(path),
      `${pid}, as reported: ${program === "" ? "unknown" : escapeControls(program)}`,
    ]),
  );
}

export function accessToJson(access: Access): Readonly<Record<string, unknown>> {
  const { at, command, purpose, id, path, pid, program } = access;
  return {
    time: timeToJson(at),
    command,
    purpose,
    id: id ?? null,
    path: path ?? null,
    reported: { pid, program: program === "" ? null : program },
  };
}
