/** Entries whose day has come, or will soon. */
import { compareText } from "../core/vault/query.ts";
import { eachEntry } from "./audit-entries.ts";
import { alignColumns } from "./columns.ts";
import type { Context } from "./context.ts";
import { escapeControls } from "./escape.ts";

export interface DueEntry {
  readonly id: string;
  readonly path: string;
  /** YYYY-MM-DD. */
  readonly expires: string;
  /** From today on; below 0 where it has expired. */
  readonly days: number;
}

export interface DueRequest {
  /** A folder or an entry. */
  readonly prefix: string | undefined;
  /** The last day that counts, and this one: YYYY-MM-DD. */
  readonly until: string;
  readonly today: string;
}

/** The earliest day first. @throws PmError "not-found" where nothing is under the prefix */
export async function dueEntries(ctx: Context, request: DueRequest): Promise<readonly DueEntry[]> {
  const { prefix, until, today } = request;
  const found: DueEntry[] = [];
  await eachEntry(ctx, prefix, ({ id, path, expires }) => {
    if (expires !== undefined && expires <= until)
      found.push({ id, path, expires, days: daysBetween(today, expires) });
  });
  return found.toSorted((a, b) => compareText(a.expires, b.expires) || compareText(a.path, b.path));
}

const DAY_MS = 86_400_000;

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

/** The day and the path; for people also how far that is. */
export function dueLines(entries: readonly DueEntry[], forPeople: boolean): readonly string[] {
  if (!forPeople) return entries.map(({ expires, path }) => `${expires}\t${escapeControls(path)}`);
  return alignColumns(entries.map(({ expires, path, days }) => [expires, inDays(days), path]));
}

function inDays(days: number): string {
  if (days === 0) return "today";
  const count = `${Math.abs(days)} ${Math.abs(days) === 1 ? "day" : "days"}`;
  return days < 0 ? `${count} ago` : `in ${count}`;
}
