/** What the writer of KDBX takes of an entry. */
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

/** pm's own facts, which KeePass keeps and does not look at: items of an entry's custom data. */
export const TYPE_KEY = "pm/type";
export const FAVOURITE_KEY = "pm/favourite";
