/** What a reader makes of an export of another password manager: plain data, before it becomes entries of a vault. */
import type { EntryType, Field, FieldValue } from "../vault/model.ts";

export interface Imported {
  readonly entries: readonly ImportedEntry[];
  /** What the export holds and no entry came of, and why. Never a secret. */
  readonly skipped: readonly Skipped[];
}

export interface Skipped {
  /** Names it as people find it in the other manager: "Work/github", "row 12". */
  readonly what: string;
  /** Lower case, no period: "it is empty". */
  readonly why: string;
}

/**
 * Names are as the export has them: any text, empty, of any length. The rules of pm for names, paths and
 * limits are applied in one place afterwards, never by a reader.
 */
export interface ImportedEntry {
  /** Outermost first. */
  readonly folders: readonly string[];
  readonly title: string;
  readonly type: EntryType;
  /** In reading order. Standard fields under pm's names (types.ts), others under their own; names may repeat. */
  readonly fields: readonly Field[];
  readonly tags: readonly string[];
  readonly favourite: boolean;
  /** Calendar day, YYYY-MM-DD. */
  readonly expires?: string;
  /** Where it is, see docs/use-only.md. */
  readonly useOnly?: true;
  /** The generator recipe, in pm's words. */
  readonly recipe?: string;
  /** Epoch milliseconds. */
  readonly created?: number;
  /** Earlier values of fields, oldest first. */
  readonly history: readonly ImportedValue[];
  readonly attachments: readonly ImportedAttachment[];
  readonly trashed: boolean;
}

export interface ImportedValue {
  /** The name of a field. */
  readonly field: string;
  readonly value: FieldValue;
  /** When it was written, epoch milliseconds. */
  readonly written?: number;
}

export interface ImportedAttachment {
  readonly name: string;
  readonly bytes: Uint8Array;
}
