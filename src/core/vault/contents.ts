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

/** Where the records of each content stand, by its SHA-256. A root record was held against that when it was read. */
export function contentExtents({
  contents,
  attachments,
}: RootRecord): ReadonlyMap<string, readonly Extent[]> {
  const extents = new Map<string, readonly Extent[]>();
  let from = 0;
  for (const { size, sha256 } of contents) {
    const count = pieceLengths(size).length;
    extents.set(sha256, attachments.slice(from, from + count));
    from += count;
  }
  return extents;
}

/** A content of the next version: where it stands in this one, or its bytes. */
export interface KeptContent extends ContentRef {
  readonly pieces: readonly (Extent | Uint8Array)[];
}

export class Contents {
  readonly #root: RootRecord;
  readonly #record: (extent: Extent) => Uint8Array;
  readonly #added = new Map<string, Uint8Array>();
  #other: Contents | undefined;

  /** @param record reads a record of the version that `root` is of */
  constructor(root: RootRecord, record: (extent: Extent) => Uint8Array) {
    this.#root = root;
    this.#record = record;
  }

  /** Whether there is anything at all. */
  get isEmpty(): boolean {
    return this.#root.contents.length === 0 && this.#added.size === 0 && (this.#other?.isEmpty ?? true);
  }

  /** Records of attachments that are no content: of a later version, and kept. */
  get unknown(): readonly Extent[] {
    const named = this.#root.contents.flatMap(({ size }) => pieceLengths(size)).length;
    return this.#root.attachments.slice(named);
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
    return (
      this.#root.contents.find((content) => content.sha256 === sha256)?.size ??
      this.#added.get(sha256)?.length ??
      this.#other?.size(sha256)
    );
  }

  /** All of `mentioned` that is here: first what this version has, in its order. */
  kept(mentioned: ReadonlySet<string>): readonly KeptContent[] {
    const extents = contentExtents(this.#root);
    const own = this.#root.contents
      .filter(({ sha256 }) => mentioned.has(sha256))
      .map((content) => ({ ...content, pieces: extents.get(content.sha256) ?? [] }));
    const others = [...mentioned].filter((sha256) => !extents.has(sha256));
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
    const content = this.#root.contents.find((known) => known.sha256 === sha256);
    const extents = contentExtents(this.#root).get(sha256);
    if (content === undefined || extents === undefined) return undefined;
    return { ...content, pieces: extents.map((extent) => this.#record(extent)) };
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
