/** What the log says can be undone. */
import type { LoggedOperation } from "../core/vault/session.ts";

export interface UndoPlan {
  /** Newest first. */
  readonly operations: readonly LoggedOperation[];
  /** The one behind them that can't be undone; undefined where they end for another reason. */
  readonly barrier: LoggedOperation | undefined;
}

/**
 * The newest `count` operations that can be undone, or all.
 * @param log newest first; what came with a merge is undone with it, and is none by itself
 */
export function planUndo(log: readonly LoggedOperation[], count?: number): UndoPlan {
  const own = log.filter(({ kind }) => kind !== "merged");
  const end = own.findIndex(({ kind }) => kind !== "change");
  const possible = end < 0 ? own : own.slice(0, end);
  const operations = possible.slice(0, count);
  const barrier = operations.length < possible.length || end < 0 ? undefined : own[end];
  return { operations, barrier };
}

export function isSameOperation(a: LoggedOperation, b: LoggedOperation | undefined): boolean {
  return a.at === b?.at && a.replica === b.replica;
}
