/** What an export has of an entry: all that a session tells of it. */
import type { Entry } from "../vault/model.ts";
import type { Conflict } from "../vault/session.ts";

export interface ExportedEntry extends Omit<Entry, "conflicts" | "attachments"> {
  /** The registers that hold several values, with all of them. */
  readonly conflicts: readonly Conflict[];
  readonly attachments: readonly ExportedAttachment[];
}

export interface ExportedAttachment {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What a format can't hold of an entry: it is said aloud, by entry. */
export interface Loss {
  /** As people call it: "attachments", "earlier values of username". */
  readonly what: string;
  readonly path: string;
}

/** Told of every loss while an export is written. */
export type LossReport = (loss: Loss) => void;
