/** `pm add -e`: a new entry, begun from the arguments and finished in an editor. */
import { PmError } from "../core/errors.ts";
import type { EditResult } from "../core/vault/edit.ts";
import type { Create } from "./add-input.ts";
import { withConfirmation } from "./confirm.ts";
import type { Context } from "./context.ts";
import { changesBetween, withChanges } from "./document-changes.ts";
import { parseDocument } from "./document-reader.ts";
import { type EditableEntry, formatEntry } from "./document.ts";
import { type EditorOptions, openEditor, wantsAgain, withNotices } from "./edit-text.ts";

export interface Added {
  readonly path: string;
  readonly result: EditResult;
}

/** @throws PmError "error" where the text was left as it was */
export async function addFromText(ctx: Context, create: Create, options: EditorOptions): Promise<Added> {
  const session = await ctx.vault();
  using editor = await openEditor(ctx, options);
  const base = editableOf(create);
  const original = formatEntry(base);
  for (let text = original; ;) {
    const left = await editor.edit(text);
    if (left === original) throw new PmError("error", "the text was left as it was; nothing was added");
    try {
      const finished = finish(create, base, { text: left, nowMs: ctx.io.now() });
      return { path: finished.path, result: await withConfirmation(ctx, () => session.edit([finished])) };
    } catch (error) {
      // Whatever went wrong: what was typed must not be lost to it.
      if (!(error instanceof PmError) || !(await wantsAgain(ctx, error))) throw error;
      text = withNotices(left, [error.message]);
    }
  }
}

function editableOf({ path, type, tags, fields, meta }: Create): EditableEntry {
  const { expires, favourite = false, useOnly = false } = meta;
  return { path, type, tags, fields, expires: expires ?? undefined, favourite, useOnly };
}

function finish(
  create: Create,
  base: EditableEntry,
  left: { readonly text: string; readonly nowMs: number },
): Create {
  const changes = changesBetween(base, parseDocument(left.text), left.nowMs);
  const { path, type, tags, fields, expires, favourite, useOnly } = withChanges(base, changes);
  return {
    ...create,
    path,
    type,
    tags,
    fields,
    meta: { ...create.meta, expires: expires ?? null, favourite, ...(useOnly ? { useOnly } : {}) },
  };
}
