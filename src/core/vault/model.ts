/** What an entry is to everything above the codec: plain, readonly data. */

export const ENTRY_TYPES = [
  "custom",
  "login",
  "note",
  "card",
  "identity",
  "ssh-key",
  "api-key",
  "wifi",
] as const;
export type EntryType = (typeof ENTRY_TYPES)[number];

/** An opaque value. Text is UTF-8; other bytes stand as base64. Never trimmed or normalised. */
export interface FieldValue {
  readonly text: string;
  readonly encoding: "utf8" | "base64";
  /** Whether people see it masked and scripts may not pass it in argv. */
  readonly concealed: boolean;
  /** The session did not give the value: `text` is "". See {@link Entry.withheld}. */
  readonly withheld?: true;
}

export interface Field extends FieldValue {
  /** 1 to 128 characters, NFC, no control characters. */
  readonly name: string;
}

/** An earlier value of a field. */
export interface HistoryItem {
  readonly field: string;
  readonly value: FieldValue;
  /** When it was written, epoch milliseconds of the writer's clock. */
  readonly written: number;
}

/** What an entry says of a file that comes with it. */
export interface Attachment {
  /** 1 to 255 bytes, NFC, no control characters. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Of its bytes, 64 hex digits. */
  readonly sha256: string;
}

export interface Entry {
  /** 16 random bytes as 32 hex digits, constant for the entry's life. */
  readonly id: string;
  /** Folders and name joined by "/", NFC. */
  readonly path: string;
  readonly type: EntryType;
  readonly fields: readonly Field[];
  readonly attachments: readonly Attachment[];
  readonly tags: readonly string[];
  /** Calendar day, YYYY-MM-DD. */
  readonly expires: string | undefined;
  readonly favourite: boolean;
  /** Whether programs may use its concealed values, and people prove the master password to see them. */
  readonly useOnly: boolean;
  /** The session gives no concealed value of it before `confirm`: all of them are withheld. */
  readonly withheld?: true;
  /** The generator recipe that `pm gen NAME` follows, as `recipe.ts` writes it. */
  readonly recipe: string | undefined;
  readonly trashed: boolean;
  /** Epoch milliseconds. */
  readonly created: number;
  readonly modified: number;
  /** By the name of a field: when its value was written, epoch milliseconds; a session says so. */
  readonly written?: Readonly<Record<string, number>>;
  /** Earlier values, newest first. */
  readonly history: readonly HistoryItem[];
  /** Field names (or "path", "type", …) that hold concurrent values of two replicas. */
  readonly conflicts: readonly string[];
}

/** What the index says of an entry: enough to list and search, never a secret. */
export interface Row {
  readonly id: string;
  readonly path: string;
  readonly username: string;
  readonly hosts: readonly string[];
  readonly tags: readonly string[];
  readonly type: EntryType;
  readonly trashed: boolean;
  readonly favourite: boolean;
  readonly hasOtp: boolean;
  readonly conflict: boolean;
  readonly modified: number;
}

/** Limits of docs/format.md section 9; all are checked before a write and on reading. */
export const MAX_ENTRIES = 200_000;
export const MAX_FIELDS = 64;
export const MAX_TAGS = 64;
export const MAX_ATTACHMENTS = 64;
export const MAX_HISTORY = 20;
export const MAX_VALUE_BYTES = 262_144;
export const MAX_PATH_BYTES = 1024;
export const MAX_FIELD_NAME_BYTES = 128;
export const MAX_TAG_BYTES = 128;
export const MAX_ATTACHMENT_NAME_BYTES = 255;
export const MAX_ATTACHMENT_BYTES = 10_485_760;
/** Of all entries together. */
export const MAX_ATTACHMENTS_BYTES = 33_554_432;
