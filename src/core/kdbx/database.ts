/** What a KeePass database holds, as far as anything of it has a place in pm; plain, readonly data. */

export interface KdbxDatabase {
  readonly root: KdbxGroup;
  readonly description: string;
  readonly customData: readonly KdbxItem[];
  readonly recycleBin: string | undefined;
}

export interface KdbxGroup {
  /** As the file spells it; only ever compared. */
  readonly uuid: string;
  readonly name: string;
  readonly notes: string;
  readonly tags: readonly string[];
  readonly defaultSequence: string;
  readonly customData: readonly KdbxItem[];
  /** Where it was before it came to the recycle bin (KDBX 4.1). */
  readonly previousParent: string | undefined;
  readonly groups: readonly KdbxGroup[];
  readonly entries: readonly KdbxEntry[];
}

export interface KdbxEntry {
  readonly uuid: string;
  /** In the order of the file; keys may repeat in a bad one. */
  readonly strings: readonly KdbxString[];
  readonly attachments: readonly KdbxAttachment[];
  readonly tags: readonly string[];
  /** Epoch milliseconds. */
  readonly created: number | undefined;
  readonly modified: number | undefined;
  /** Undefined where it does not expire. */
  readonly expires: number | undefined;
  readonly overrideUrl: string;
  readonly autoType: KdbxAutoType;
  readonly customData: readonly KdbxItem[];
  readonly isChecked: boolean;
  readonly hasIcon: boolean;
  readonly hasColours: boolean;
  readonly previousParent: string | undefined;
  /** Whole earlier versions, oldest first; theirs is empty. */
  readonly history: readonly KdbxEntry[];
}

export interface KdbxItem {
  readonly key: string;
  readonly value: string;
}

export interface KdbxString extends KdbxItem {
  readonly isProtected: boolean;
}

export interface KdbxAttachment {
  readonly name: string;
  /** Undefined where the file does not hold what it refers to. */
  readonly bytes: Uint8Array | undefined;
}

export interface KdbxAutoType {
  readonly isEnabled: boolean;
  readonly defaultSequence: string;
  readonly associations: readonly { readonly window: string; readonly sequence: string }[];
}
