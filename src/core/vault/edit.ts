/**
 * Changes as data: a command says what to change, a session applies it under the lock. All edits of
 * one call are saved together or not at all.
 */
import type { Expected } from "./expected.ts";
import type { EntryType, Field, FieldValue } from "./model.ts";

/** Entry facts that are not fields. Undefined leaves as is, null removes. */
export interface MetaEdit {
  /** YYYY-MM-DD. */
  readonly expires?: string | null;
  readonly favourite?: boolean;
  readonly useOnly?: boolean;
  readonly recipe?: string | null;
}

/** An earlier value of a field, as an import brings it. */
export interface EarlierValue {
  /** The name of a field, which need not be there any more. */
  readonly field: string;
  readonly value: FieldValue;
  /** When it was written, epoch milliseconds. */
  readonly written?: number;
}

/** A file that comes with an entry: its exact bytes. */
export interface NewAttachment {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export type Edit =
  | {
      readonly kind: "create";
      readonly path: string;
      readonly type: EntryType;
      readonly fields: readonly Field[];
      readonly tags: readonly string[];
      readonly meta: MetaEdit;
      readonly attachments?: readonly NewAttachment[];
      /** Oldest first; over the limit the newest are kept. */
      readonly history?: readonly EarlierValue[];
      /** Epoch milliseconds: of a new entry, where it was made before it came here. */
      readonly created?: number;
      /** Into the trash, where several entries may have one path. */
      readonly trashed?: boolean;
      /** What happens where a live entry has this path: "conflict" error, or its content replaced. */
      readonly existing: "refuse" | "replace";
    }
  | {
      readonly kind: "update";
      readonly id: string;
      readonly set: readonly Field[];
      /** Names of fields to remove; one that is missing is "not-found". */
      readonly unset: readonly string[];
      readonly addTags: readonly string[];
      readonly removeTags: readonly string[];
      readonly type?: EntryType;
      readonly meta: MetaEdit;
      /** Without it the edit holds whatever the entry shows by now; where it is not met, "conflict". */
      readonly expected?: Expected;
    }
  | {
      readonly kind: "move";
      readonly id: string;
      readonly path: string;
      readonly existing: "refuse" | "trash";
    }
  | {
      readonly kind: "copy";
      readonly id: string;
      readonly path: string;
      readonly existing: "refuse" | "replace";
    }
  | { readonly kind: "trash"; readonly id: string }
  /** Back from the trash; a live entry of the same path is a "conflict". */
  | { readonly kind: "restore"; readonly id: string }
  /** Erases the values and the history of a trashed entry for ever. */
  | { readonly kind: "purge"; readonly id: string }
  | ({
      readonly kind: "attach";
      readonly id: string;
      /** What happens where the entry has one of this name: "conflict" error, or its data replaced. */
      readonly existing: "refuse" | "replace";
    } & NewAttachment)
  | { readonly kind: "detach"; readonly id: string; readonly name: string }
  /** Settles a register that two devices wrote at the same time; number 0 is the value that is shown. */
  | { readonly kind: "resolve"; readonly id: string; readonly key: string; readonly number: number };

export interface EditResult {
  /** The ids that the edits touched, in their order; a "create" gives the new (or replaced) id. */
  readonly ids: readonly string[];
  /** False where the data is in place but the directory could not be flushed. */
  readonly durable: boolean;
}
