/** The keyboard in raw mode: bytes as they are typed, without echo; the old mode comes back whatever happens. */
import { wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import { ioError } from "./io-error.ts";
import { type Keyboard, openKeyboard } from "./keyboard.ts";
import { atEnd, endSignal } from "./signals.ts";

const BUFFER_BYTES = 1024;

interface Waiting {
  resolve(bytes: Uint8Array): void;
  reject(error: PmError): void;
}

/** Raw from the constructor on; nothing is read while nobody waits in {@link next}. */
export class RawInput implements Disposable {
  /** The stream reads into this, not into buffers of its own that nobody could wipe. */
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  readonly #stream: Keyboard;
  readonly #restore: Disposable;
  readonly #onAbort = (): void => this.#fail(interrupted());
  #waiting: Waiting | undefined;
  #failure: PmError | undefined;

  /** @throws PmError "io" where the terminal can't be opened */
  constructor(path: string) {
    this.#stream = openStream(path, { buffer: this.#buffer, callback: (length) => this.#deliver(length) });
    this.#stream.once("error", (error) => this.#fail(ioError(error, "can't read the terminal")));
    // A terminal that went away can't be asked again.
    this.#stream.once("end", this.#onAbort);
    endSignal().addEventListener("abort", this.#onAbort);
    this.#restore = atEnd(() => this.#stream.setRawMode(false));
    this.#stream.setRawMode(true);
  }

  /**
   * What is typed next, valid until the following call.
   * @throws PmError "interrupted" where the process is told to end or the terminal goes away
   */
  async next(): Promise<Uint8Array> {
    if (this.#failure !== undefined) throw this.#failure;
    return await new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#stream.resume();
    });
  }

  [Symbol.dispose](): void {
    this.#restore[Symbol.dispose]();
    endSignal().removeEventListener("abort", this.#onAbort);
    this.#stream.setRawMode(false);
    this.#stream.destroy();
    wipe(this.#buffer);
  }

  /** @returns whether to go on reading */
  #deliver(length: number): boolean {
    this.#waiting?.resolve(this.#buffer.subarray(0, length));
    this.#waiting = undefined;
    return false;
  }

  #fail(error: PmError): void {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
    this.#waiting = undefined;
  }
}

export function interrupted(): PmError {
  return new PmError("interrupted", "interrupted");
}

function openStream(
  path: string,
  onread: { buffer: Uint8Array; callback: (length: number) => boolean },
): Keyboard {
  try {
    return openKeyboard(path, { onread });
  } catch (error) {
    throw ioError(error, "can't open the terminal");
  }
}
