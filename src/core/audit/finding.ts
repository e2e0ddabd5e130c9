/** What `pm audit` finds: data, and never a value or anything that it could be guessed from. */

import type { EntryType } from "../vault/model.ts";

/** Stable, in the order in which they are told. */
export const FINDING_KINDS = [
  "breached",
  "reused",
  "name",
  "weak",
  "similar",
  "expired",
  "old",
  "http",
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface AuditFinding {
  readonly kind: FindingKind;
  /** Of the entry. */
  readonly id: string;
  readonly path: string;
  readonly type: EntryType;
  /** Absent where it is about the entry as a whole. */
  readonly field?: string;
  /** One line, as in "score 1 of 4, weak". */
  readonly text: string;
  /** Of reused and similar values: those of one number belong together, counted from 1 for each kind. */
  readonly group?: number;
  /** Of reused and similar values: how many are in the group. Of breached ones: how often they were seen. */
  readonly count?: number;
}
