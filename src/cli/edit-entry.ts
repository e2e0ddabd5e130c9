/** `pm edit`: from the entry to the editor and back, as often as it takes. */
import { hasCode, PmError } from "../core/errors.ts";
import type { EditResult } from "../core/vault/edit.ts";
import type { Entry, Row } from "../core/vault/model.ts";
import { isConcealedByDefault } from "../core/vault/types.ts";
import { revealEntry } from "./confirm.ts";
import type { Context } from "./context.ts";
import { type Changes, changesBetween, editsOf, isNothing, withChanges } from "./document-changes.ts";
import { parseDocument } from "./document-reader.ts";
import { fieldLines, formatEntry } from "./document.ts";
import { type EditorOptions, openEditor, wantsAgain, withNotices } from "./edit-text.ts";
import { shellWord } from "./shell-word.ts";

export interface Edited {
  readonly result: EditResult;
  /** The entry's path now. */
  readonly path: string;
}

/** One try: what the entry was when the editor was opened, and the text in it. */
interface Round {
  readonly base: Entry;
  readonly text: string;
}

/** @returns undefined where nothing was changed */
export async function editEntry(ctx: Context, row: Row, options: EditorOptions): Promise<Edited | undefined> {
  const base = await revealEntry(ctx, row.id);
  using editor = await openEditor(ctx, options);
  const original = formatEntry(base);
  for (let round: Round = { base, text: original }; ;) {
    const left = await editor.edit(round.text);
    if (left === original) return undefined;
    let changes: Changes | undefined;
    try {
      changes = changesBetween(round.base, parseDocument(left), ctx.io.now());
      return await save(ctx, round.base, changes);
    } catch (error) {
      // Whatever went wrong: what was typed must not be lost to it.
      if (!(error instanceof PmError) || !(await wantsAgain(ctx, error))) throw error;
      round = await nextRound(ctx, { base: round.base, text: left }, { error, changes });
    }
  }
}

async function save(ctx: Context, base: Entry, changes: Changes): Promise<Edited | undefined> {
  if (isNothing(changes)) return undefined;
  try {
    const result = await (await ctx.vault()).edit(editsOf(base, changes));
    return { result: { ...result, ids: [base.id] }, path: changes.path ?? base.path };
  } catch (error) {
    if (hasCode(error, "conflict")) throw conflict(error, base, changes);
    if (!hasCode(error, "not-found")) throw error;
    throw new PmError("conflict", `"${base.path}" was removed elsewhere meanwhile`, { hint: "pm trash ls" });
  }
}

/** With what helps here: the hint of other commands names options that `pm edit` does not have. */
function conflict({ message, hint }: PmError, base: Entry, { path }: Changes): PmError {
  const isTaken = hint !== undefined && path !== undefined;
  return new PmError("conflict", message, {
    hint: isTaken
      ? `give that one another name first: pm mv ${shellWord(path)} NEW`
      : `edit it as it is now: pm edit ${shellWord(base.path)}`,
  });
}

/** The person's text with what is wrong on top; after a conflict their changes on the entry of now. */
async function nextRound(
  ctx: Context,
  { base, text }: Round,
  failed: { readonly error: PmError; readonly changes: Changes | undefined },
): Promise<Round> {
  const { error, changes } = failed;
  if (changes === undefined || error.code !== "conflict")
    return { base, text: withNotices(text, [error.message]) };
  const fresh = await readAnew(ctx, base);
  const elsewhere = changesBetween(base, fresh, ctx.io.now());
  if (isNothing(elsewhere)) return { base, text: withNotices(text, [error.message]) };
  const lines = elsewhere.set.flatMap((field) =>
    fieldLines(field, isConcealedByDefault(fresh.type, field.name)),
  );
  const notices = [error.message, "what was set elsewhere:", ...lines.map((line) => `  ${line}`)];
  return { base: fresh, text: withNotices(formatEntry(withChanges(fresh, changes)), notices) };
}

/** The session of the call shows the entry as it was when it was opened. */
async function readAnew(ctx: Context, { id }: Entry): Promise<Entry> {
  const { openSession } = await import("./open-session.ts");
  using session = await openSession(ctx);
  return await revealEntry(ctx, id, { session });
}
