/**
 * An unlocked vault as commands see it. Commands never hold the root key: they talk to this
 * interface, which the process itself or a background agent implements.
 */
import type { Argon2Params, KdfProfile } from "../crypto/kdf.ts";
import type { Edit, EditResult } from "./edit.ts";
import type { Entry, EntryType, Row } from "./model.ts";

/** The words for slot types in commands and JSON. */
export type SlotWord = "password" | "keyfile" | "password-keyfile" | "recovery" | "machine" | "secret-key";

export interface SlotInfo {
  /** 32 hex digits. */
  readonly id: string;
  readonly type: SlotWord;
  readonly label: string;
  /** Epoch milliseconds; undefined where the slot book does not know the slot. */
  readonly created: number | undefined;
  readonly kdf: Argon2Params | undefined;
  /** Whether this slot opened the session. */
  readonly current: boolean;
}

export interface VaultInfo {
  readonly vaultId: string;
  /** Revision: saves since the beginning of the vault, over all replicas. */
  readonly rev: number;
  readonly entries: number;
  readonly trashed: number;
  readonly fileBytes: number;
  readonly slots: readonly SlotInfo[];
}

/** How a name resolves: exact path, else the only one that differs in case. */
export type Resolution =
  | { readonly kind: "found"; readonly row: Row }
  | { readonly kind: "ambiguous"; readonly rows: readonly Row[] }
  | { readonly kind: "none" };

export interface ListFilter {
  /** Only this path and what is below it. */
  readonly prefix?: string;
  readonly tags?: readonly string[];
  readonly type?: EntryType;
  readonly trashed?: boolean;
}

/** A new slot. The session owns the secrets while it works; the caller wipes them after. */
export type NewSlot =
  | ({ readonly type: "password" } & PasswordParts)
  /** `secret` is that of the key file. */
  | ({ readonly type: "password-keyfile"; readonly secret: Uint8Array } & PasswordParts)
  | {
      readonly type: "keyfile" | "recovery" | "machine";
      readonly secret: Uint8Array;
      readonly label: string;
    };

interface PasswordParts {
  readonly password: Uint8Array;
  readonly profile: KdfProfile;
  readonly label: string;
}

/** The secrets that opened a session by its password, and the cost to wrap them at. */
export interface Rewrap {
  readonly password: Uint8Array;
  /** Where the slot takes a key file, too. */
  readonly keyFile: Uint8Array | undefined;
  readonly profile: KdfProfile;
  /** "never": fails at once with "lock-held" where another process writes. */
  readonly wait: "for the lock" | "never";
}

export interface VerifyReport {
  readonly entries: number;
  readonly trashed: number;
  readonly records: number;
  readonly chunks: number;
  readonly fileBytes: number;
}

export interface VaultSession extends Disposable {
  /** `name` is a path, or `id:<hex>` with at least 4 digits of an id; NFC is applied here. */
  resolve(name: string): Promise<Resolution>;
  /** Paths of live entries that `name` may have meant, best first: to be offered, never to be used. */
  nearest(name: string): Promise<readonly string[]>;
  /** Live entries sorted by path (trashed ones where asked for). */
  list(filter: ListFilter): Promise<readonly Row[]>;
  /** @throws PmError "not-found" where no entry (live or trashed) has this id. */
  entry(id: string): Promise<Entry>;
  info(): Promise<VaultInfo>;
  /** Applies all edits in order and saves once. Throws before anything is changed. */
  edit(edits: readonly Edit[]): Promise<EditResult>;
  /** Reads every chunk and every record, and holds the index against the records. */
  verify(): Promise<VerifyReport>;
  addSlot(slot: NewSlot): Promise<SlotInfo>;
  /** @throws PmError "conflict" where it is the last way in. */
  removeSlot(id: string): Promise<void>;
  /**
   * Replaces the password slot that opened this session by one for `password`. A slot that takes a key
   * file goes on taking it.
   * @param keyFile the secret of that key file; needed only there
   */
  changePassword(password: Uint8Array, profile: KdfProfile, keyFile?: Uint8Array): Promise<void>;
  /**
   * Wraps the password slot that opened this session anew; its label and time of creation stay.
   * @throws PmError "conflict" where it was no password that opened it, or the slot is gone meanwhile
   */
  rewrapPassword(rewrap: Rewrap): Promise<void>;
}
