/** Reversing the last operations: their images put back as new writes, newest first. */
import { PmError } from "../errors.ts";
import type { EditContext } from "./apply.ts";
import type { VaultDraft } from "./draft.ts";
import { putBack } from "./image.ts";
import { type Operation, parseLog } from "./op-log.ts";

/**
 * Undoes the last `count` operations, an earlier undo being one too. The draft is changed only where all
 * of them can be undone.
 * @returns them, newest first
 * @throws PmError "not-found" where there are fewer, "conflict" where one can't be undone
 */
export function undoLast(draft: VaultDraft, count: number, { stamp }: EditContext): readonly Operation[] {
  const undone = lastOperations(parseLog(draft.logRecords()), count);
  for (const { images } of undone) {
    for (const image of images.toReversed()) {
      const record = draft.record(image.id);
      if (record !== undefined) draft.put(putBack(record, image, stamp));
    }
  }
  return undone;
}

function lastOperations(operations: readonly Operation[], count: number): readonly Operation[] {
  const own = operations.filter(({ kind }) => kind !== "merged").toReversed();
  const last = own.slice(0, count);
  const blocked = last.find(({ kind }) => kind !== "change");
  if (blocked !== undefined) throw cannotUndo(blocked);
  if (last.length < count) {
    const left = last.length === 0 ? "there is nothing to undo" : `only ${last.length} changes can be undone`;
    throw new PmError("not-found", left, { hint: "pm undo --list" });
  }
  return last;
}

function cannotUndo({ by, kind }: Operation): PmError {
  // Of the ways to remove an entry only the one that erases it is a barrier.
  const command = by === "rm" ? "rm --purge" : by;
  return kind === "barrier"
    ? new PmError("conflict", `"pm ${command}" can't be undone, nor what came before it`, {
        hint: "pm restore FILE brings back a copy",
      })
    : new PmError("conflict", `what "pm ${by}" replaced is no longer kept`, {
        hint: "pm history NAME shows earlier values; pm restore FILE brings back a copy",
      });
}
