/** A person picks an entry at the terminal: for `pm pick`, for a NAME that was left out, for one that leads nowhere. */
import { entryFinder } from "../core/vault/entry-finder.ts";
import type { Row } from "../core/vault/model.ts";
import type { Choice, Terminal } from "../node/io.ts";
import type { Context } from "./context.ts";

export interface Offer {
  readonly question: string;
  readonly rows: readonly Row[];
  /** What the search begins with. */
  readonly words: string;
}

/** Whether a person waits for the answer of this call: what a script runs never asks which entry it means. */
export function isForPerson({ io, globals }: Pick<Context, "io" | "globals">): boolean {
  return !globals.noInput && !globals.json && !globals.yes && io.stdin.isTTY && io.stdout.isTTY;
}

/** @returns undefined on Esc; @throws PmError "interrupted" on Ctrl-C */
export async function pickEntry(
  terminal: Terminal,
  { question, rows, words }: Offer,
): Promise<Row | undefined> {
  const find = entryFinder(rows);
  const needsId = sharedPaths(rows);
  const choices = (typed: string): readonly Choice[] => find(typed).map((row) => choiceOf(row, needsId));
  const id = await terminal.search(question, choices, words);
  return rows.find((row) => row.id === id);
}

/**
 * Offers the entries that a name may have meant, to a person.
 * @returns undefined where there is none, or none was picked
 */
export async function offerEntries(ctx: Context, offer: Offer): Promise<Row | undefined> {
  if (!isForPerson(ctx) || entryFinder(offer.rows)(offer.words).length === 0) return undefined;
  using terminal = ctx.io.openTerminal();
  return terminal === undefined ? undefined : await pickEntry(terminal, offer);
}

/** Whether another entry has its path, as two devices may have made one each: then the ids tell them apart. */
export function isShared({ path }: Row, all: readonly Row[]): boolean {
  return sharedPaths(all)(path);
}

function sharedPaths(rows: readonly Row[]): (path: string) => boolean {
  const [seen, shared] = [new Set<string>(), new Set<string>()];
  for (const { path } of rows) (seen.has(path) ? shared : seen).add(path);
  return (path) => shared.has(path);
}

function choiceOf(row: Row, needsId: (path: string) => boolean): Choice {
  const { id, path, username, type, tags } = row;
  const name = needsId(path) ? `${path}  id:${id.slice(0, 8)}` : path;
  return { name, value: id, about: [type, username, ...tags].filter((text) => text !== "").join("  ") };
}
