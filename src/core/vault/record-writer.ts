/** The records of a plaintext, laid one behind the other: new ones, and such of the version before. */
import type { Extent, WholeContent } from "./layout.ts";

/** Neighbours that stay neighbours are copied in one piece. */
export class RecordWriter {
  readonly #content: WholeContent;
  readonly #parts: Uint8Array[] = [];
  #run: Extent = { offset: 0, length: 0 };
  #end = 0;

  constructor(content: WholeContent) {
    this.#content = content;
  }

  /** Copies a record of the current version. */
  keep(extent: Extent): Extent {
    const run = this.#run;
    if (run.offset + run.length !== extent.offset) {
      this.#flush();
      this.#run = extent;
    } else {
      this.#run = { offset: run.offset, length: run.length + extent.length };
    }
    return this.#advance(extent.length);
  }

  /** A new one. */
  append(bytes: Uint8Array): Extent {
    this.#flush();
    this.#parts.push(bytes);
    return this.#advance(bytes.length);
  }

  /** All of them. */
  finish(): readonly Uint8Array[] {
    this.#flush();
    return this.#parts;
  }

  #advance(length: number): Extent {
    const offset = this.#end;
    this.#end += length;
    return { offset, length };
  }

  #flush(): void {
    if (this.#run.length > 0) this.#parts.push(this.#content.records(this.#run));
    this.#run = { offset: 0, length: 0 };
  }
}
