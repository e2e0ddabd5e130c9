/** One version of a vault file, opened with its root key; decrypted only as far as it is asked for. */
import type { CryptoBackend } from "../core/crypto/backend.ts";
import type { BodyReader } from "../core/vault/cobblestone.ts";
import { type ByteSource, openBody, readHeader } from "../core/vault/format.ts";
import type { Header } from "../core/vault/header.ts";
import { type Extent, type PartialContent, readContent } from "../core/vault/layout.ts";
import { parseIndex, type VaultIndex } from "../core/vault/vault-index.ts";

/** A byte source that may hold a file open. */
export interface ClosableSource extends ByteSource {
  close?(): void;
}

export class Snapshot implements Disposable {
  readonly source: ClosableSource;
  readonly header: Header;
  readonly body: BodyReader;
  #content: PartialContent | undefined;
  #index: VaultIndex | undefined;
  #willForget = false;

  /** @throws PmError "body-commitment" where the root key is not this file's */
  constructor(crypto: CryptoBackend, source: ClosableSource, rootKey: Uint8Array) {
    this.source = source;
    this.header = readHeader(crypto, source);
    this.body = openBody(crypto, source, { header: this.header, rootKey });
  }

  get content(): PartialContent {
    this.#content ??= readContent(this.body);
    return this.#content;
  }

  /** Many are read in one turn of the event loop: until it ends what neighbours share is decrypted once. */
  recordOfMany(extent: Extent): Uint8Array {
    if (!this.#willForget) setImmediate(() => this.#forget());
    this.#willForget = true;
    return this.content.nextRecord(extent);
  }

  #forget(): void {
    this.#willForget = false;
    this.body.forget();
  }

  get index(): VaultIndex {
    this.#index ??= parseIndex(this.content.index);
    return this.#index;
  }

  [Symbol.dispose](): void {
    this.body[Symbol.dispose]();
    this.source.close?.();
  }
}
