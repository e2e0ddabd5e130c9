/**
 * An unlocked vault as commands see it. Commands never hold the root key: they talk to this
 * interface, which the process itself or a background agent implements.
 */
import type { Argon2Params, KdfProfile } from "../crypto/kdf.ts";
import type { AttachmentSession } from "./attachment.ts";
import type { BundleInfo, BundleSession } from "./bundle-info.ts";
import type { Difference } from "./compare.ts";
import type { Credentials } from "./credentials.ts";
import type { Edit, EditResult } from "./edit.ts";
import type { MergeReport } from "./merge-copies.ts";
import type { Entry, EntryType, FieldValue, Row } from "./model.ts";
import type { OperationKind } from "./op-log.ts";
import type { ExportSession } from "./sealed-export.ts";
import type { VerifyReport } from "./verify.ts";

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
  /** Of a bundle only: a file that is read and never written. */
  readonly bundle?: Pick<BundleInfo, "label" | "notAfter">;
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

/** Another copy of this vault: a backup, the file of another device. */
export interface CopySource {
  /** Absolute. */
  readonly path: string;
  /** Where the copy has another root key than this vault; the session wipes them. */
  readonly credentials?: Credentials;
}

/** The values of one register that several devices wrote at the same time. */
export interface Conflict {
  readonly id: string;
  readonly path: string;
  /** The register, as an edit "resolve" takes it. */
  readonly key: string;
  /** For people: "password", "tag:work", "path". */
  readonly name: string;
  /** The shown one first. */
  readonly values: readonly ConflictValue[];
}

export interface ConflictValue {
  /** A field's value, or undefined where one side removed it; of other facts their text. */
  readonly value: FieldValue | undefined;
  /** 16 hex digits. */
  readonly replica: string;
  /** Epoch milliseconds of the writer's clock. */
  readonly written: number;
}

/** An operation as `pm log` shows it: never a value. */
export interface LoggedOperation {
  readonly kind: OperationKind;
  /** The command, as "trash empty". */
  readonly by: string;
  /** 16 hex digits, and whether it is the one that this machine writes under. */
  readonly replica: string;
  readonly here: boolean;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Entries touched. */
  readonly count: number;
  /** Of all, or of some where there were many. */
  readonly entries: readonly {
    readonly id: string;
    readonly path: string;
    readonly names: readonly string[];
  }[];
}

/** What the agent gave out, or did, for a program. */
export interface Access {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The process that asked, and what runs in the one that started it, as the client reports them. */
  readonly pid: number;
  readonly program: string;
  /** The command, as "get". */
  readonly command: string;
  /** "show" or "use" of an entry, "search" of any number of them, else the method of the session, or "unlock". */
  readonly purpose: string;
  /** Of an entry. */
  readonly id?: string;
  readonly path?: string;
}

export interface UndoReport extends Pick<EditResult, "durable"> {
  /** Newest first. */
  readonly undone: readonly LoggedOperation[];
}

export interface CopyReport extends Pick<EditResult, "durable"> {
  readonly differences: readonly Difference[];
}

export interface MergeResult extends Pick<EditResult, "durable"> {
  readonly report: MergeReport;
}

export interface RekeyReport extends Pick<EditResult, "durable"> {
  /** The slots of the new root key. */
  readonly slots: readonly SlotInfo[];
  /** Slots that open no copy of today's vault any longer. */
  readonly dropped: readonly SlotInfo[];
}

/**
 * What an entry is read for: to be shown, by itself or with all others (export); used by a program that pm hands
 * the value to (run, ssh-agent, credential); looked for in another text (redact, scan), or judged (audit, due).
 */
export type Purpose = "show" | "use" | "search" | "export";

export interface VaultSession extends AttachmentSession, BundleSession, ExportSession, Disposable {
  /** `name` is a path, or `id:<hex>` with at least 4 digits of an id; NFC is applied here. */
  resolve(name: string): Promise<Resolution>;
  /** Paths of live entries that `name` may have meant, best first: to be offered, never to be used. */
  nearest(name: string): Promise<readonly string[]>;
  /** Live entries sorted by path (trashed ones where asked for). */
  list(filter: ListFilter): Promise<readonly Row[]>;
  /**
   * Read for "show" or "export", a use-only entry comes without its concealed values (`withheld`) until the session is
   * confirmed. So do the values of {@link conflicts}.
   * @param purpose "show" where it is left out
   * @throws PmError "not-found" where no entry (live or trashed) has this id
   */
  entry(id: string, purpose?: Purpose): Promise<Entry>;
  /**
   * Proves the master password (or a recovery code) to a session that something else opened: a machine key,
   * a key file, the agent. Until then changes that take the flag off a use-only entry, or copy it, throw
   * "use-only". A session that a password or a recovery code opened is confirmed already.
   * @param password stays the caller's
   * @throws PmError "auth", or "locked" where the vault has no password that does without a key file
   */
  confirm(password: Uint8Array): Promise<void>;
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
  /**
   * A new root key and, in the place of all key slots, new ones for it. The secrets of the slots stay the
   * caller's.
   * @param deliver calls `save` once the new secrets are where they last; by then all costly work is done.
   * What it throws before leaves everything as it was
   * @param options.dropsBundles forgets all bundles, too: the old root key opens what the vault remembers of them
   * @throws PmError "conflict" where another process added or removed a key, or renewed the root key, meanwhile
   */
  rekey(
    slots: readonly NewSlot[],
    deliver?: (save: () => Promise<void>) => Promise<void>,
    options?: { readonly dropsBundles?: boolean },
  ): Promise<RekeyReport>;
  /** Newest first. */
  log(): Promise<readonly LoggedOperation[]>;
  /** What the agent gave out of this vault, newest first. */
  accessLog(limit?: number): Promise<readonly Access[]>;
  /** Reverses the last `count` operations. @throws PmError "not-found" or "conflict"; then nothing is changed */
  undo(count: number): Promise<UndoReport>;
  /** All registers that hold concurrent values, by path. */
  conflicts(): Promise<readonly Conflict[]>;
  /** What would have to change for this vault to have the copy's content. @throws PmError "conflict", "auth" */
  compare(copy: CopySource): Promise<readonly Difference[]>;
  /** Gives the vault the content of the copy, as one change that can be undone. */
  restore(copy: CopySource): Promise<CopyReport>;
  /**
   * Takes over what the copy has and this vault does not know; the copy is not changed.
   * @param options.dryRun changes nothing; options.strict throws "conflict" where registers would be divided
   */
  merge(
    copy: CopySource,
    options: { readonly dryRun: boolean; readonly strict: boolean },
  ): Promise<MergeResult>;
}
