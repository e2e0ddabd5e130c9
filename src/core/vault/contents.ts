/**
 * The data of attachments (docs/format.md section 6.5): what a version has, what a change brings, and what the
 * next version keeps. It is told by its SHA-256, stored once, and copied without being looked at.
 */
import { fromUtf8 } from "../bytes.ts";
import { damaged } from "./header.ts";
import { type Extent, MAX_RECORD_BYTES } from "./layout.ts";
import type { ContentRef } from "./record.ts";
import type { RootRecord } from "./root.ts";

/** The lengths of the records that hold so many bytes: as few as there can be. */
export function pieceLengths(size: number): readonly number[] {
  const count = Math.ceil(size / MAX_RECORD_BYTES);
  return Array.from({ length: count }, (_, n) => Math.min(MAX_RECORD_BYTES, size - n * MAX_RECORD_BYTES));
}

/** A content of a version, and where its records stand. */
export interface StoredContent extends ContentRef {
  readonly pieces: readonly Extent[];
}

/** All of them by their SHA-256, in their order. A root record was held against their lengths when it was read. */
export function storedContents({ contents, attachments }: RootRecord): ReadonlyMap<string, StoredContent> {
  const stored = new Map<string, StoredContent>();
  let from = 0;
  for (const { size, sha256 } of contents) {
    const count = pieceLengths(size).length;
    stored.set(sha256, { size, sha256, pieces: attachments.slice(from, from + count) });
    from += count;
  }
  return stored;
}

/** A content of the next version: where it stands in this one, or its bytes. */
export interface KeptContent extends ContentRef {
  readonly pieces: readonly (Extent | Uint8Array)[];
}

export class Contents {
  readonly #root: RootRecord;
  readonly #stored: ReadonlyMap<string, StoredContent>;
  readonly #record: (extent: Extent) => Uint8Array;
  readonly #added = new Map<string, Uint8Array>();
  #other: Contents | undefined;

  /** @param record reads a record of the version that `root` is of */
  constructor(root: RootRecord, record: (extent: Extent) => Uint8Array) {
    this.#root = root;
    this.#stored = storedContents(root);
    this.#record = record;
  }

  /** Whether there is anything at all. */
  get isEmpty(): boolean {
    return this.#stored.size === 0 && this.#added.size === 0 && (this.#other?.isEmpty ?? true);
  }

  /** Records of attachments that are no content: of a later version, and kept. */
  get unknown(): readonly Extent[] {
    const known = [...this.#stored.values()].reduce((count, { pieces }) => count + pieces.length, 0);
    return this.#root.attachments.slice(known);
  }

  /** The bytes stay the caller's, and as they are until the next version is built. */
  add(sha256: string, bytes: Uint8Array): void {
    this.#added.set(sha256, bytes);
  }

  /** What is not here is taken from another copy of the vault. */
  lend(other: Contents): void {
    this.#other = other;
  }

  /** In bytes; undefined where it is not here. */
  size(sha256: string): number | undefined {
    return this.#stored.get(sha256)?.size ?? this.#added.get(sha256)?.length ?? this.#other?.size(sha256);
  }

  /** All of `mentioned` that is here: first what this version has, in its order. */
  kept(mentioned: ReadonlySet<string>): readonly KeptContent[] {
    const own = [...this.#stored.values()].filter(({ sha256 }) => mentioned.has(sha256));
    const others = [...mentioned].filter((sha256) => !this.#stored.has(sha256));
    return [...own, ...others.flatMap((sha256) => this.#bring(sha256) ?? [])];
  }

  /** The pieces of a content that is new in this vault. */
  #bring(sha256: string): KeptContent | undefined {
    const bytes = this.#added.get(sha256);
    if (bytes === undefined) return this.#other?.read(sha256);
    let from = 0;
    const pieces = pieceLengths(bytes.length).map((length) => bytes.subarray(from, (from += length)));
    return { sha256, size: bytes.length, pieces };
  }

  /** A content of this version, with its bytes. */
  read(sha256: string): KeptContent | undefined {
    const content = this.#stored.get(sha256);
    return content && { ...content, pieces: content.pieces.map((extent) => this.#record(extent)) };
  }
}

const [QUOTE, LETTER_A, BRACKET, COLON] = [0x22, 0x61, 0x5b, 0x3a];

/** Whether a record has a key of an attachment, `["a:`: no text can, where a quote would be escaped. */
function hasAttachmentKey(record: Uint8Array): boolean {
  for (let at = record.indexOf(COLON); at >= 0; at = record.indexOf(COLON, at + 1)) {
    if (record[at - 1] === LETTER_A && record[at - 2] === QUOTE && record[at - 3] === BRACKET) return true;
  }
  return false;
}

/**
 * The contents that a record of an entry or of the operation log mentions: whatever in it has the form of such a
 * mention, so that the records of a vault need not be parsed at every save.
 */
export function mentionsOf(record: Uint8Array): readonly string[] {
  if (!hasAttachmentKey(record)) return [];
  const text = fromUtf8(record);
  if (text === undefined) throw damaged("record-invalid", "a record of the vault is not UTF-8");
  return Array.from(text.matchAll(/\[\d+,"([0-9a-f]{64})"\]/g), ([, sha256 = ""]) => sha256);
}
