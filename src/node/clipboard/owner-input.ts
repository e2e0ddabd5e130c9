/** What the holder of the clipboard is told on its standard input: lines, and a value between them. */
import { wipe } from "../../core/bytes.ts";

const LF = 0x0a;

export class OwnerInput {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Without its newline; empty at the end. */
  async line(): Promise<string> {
    let text = "";
    for (;;) {
      const end = this.#rest.indexOf(LF);
      const part = this.#rest.subarray(0, end === -1 ? undefined : end);
      text += String.fromCharCode(...part);
      this.#rest = end === -1 ? new Uint8Array() : this.#rest.subarray(end + 1);
      if (end !== -1 || !(await this.#more())) return text;
    }
  }

  /** So many bytes, which the caller owns. @throws Error where the input ends before */
  async take(length: number): Promise<Uint8Array> {
    const value = new Uint8Array(length);
    let taken = 0;
    while (taken < length) {
      if (this.#rest.length === 0 && !(await this.#more())) throw new Error("cut off");
      const part = this.#rest.subarray(0, length - taken);
      value.set(part, taken);
      taken += part.length;
      this.#rest = this.#rest.subarray(part.length);
      wipe(part);
    }
    return value;
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#chunks.next();
    if (done !== true) this.#rest = value;
    return done !== true;
  }
}
