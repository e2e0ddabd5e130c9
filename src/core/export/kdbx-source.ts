/** What the writer of KDBX takes of an entry, and the word with which it says what it can't keep. */
import type { Entry } from "../vault/model.ts";

/** As a session gives it: `history` newest first. */
export interface KdbxSource extends Pick<
  Entry,
  "id" | "path" | "type" | "fields" | "tags" | "expires" | "favourite" | "trashed" | "created" | "modified"
> {
  readonly written?: Entry["written"];
  readonly history: Entry["history"];
  readonly attachments: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** `what` is what KDBX has no place for, as people call it; never a secret. */
export type LossReport = (loss: { readonly what: string; readonly path: string }) => void;

/** pm's own facts, which KeePass keeps and does not look at: items of an entry's custom data. */
export const TYPE_KEY = "pm/type";
export const FAVOURITE_KEY = "pm/favourite";
