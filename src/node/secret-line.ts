/** The editing of a line that nobody sees: a state machine over bytes, without a terminal. */
import { wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";

/** As long as any other source of a password may be. */
export const MAX_SECRET_BYTES = 4096;

const CTRL_C = 0x03;
const CTRL_D = 0x04;
const CTRL_H = 0x08;
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const CTRL_U = 0x15;
const ESC = 0x1b;
const SPACE = 0x20;
const DEL = 0x7f;

/** "typing" takes the next byte; the others end the line. */
export type LineState = "typing" | "entered" | "interrupted";

/** Where in an escape sequence the input is (ECMA-48 §5.4; SS3 as xterm's function keys). */
type Escape = "none" | "started" | "parameters" | "linux-console" | "ss3";

/** A line being typed. Holds the secret until it is taken or disposed of. */
export class SecretLine implements Disposable {
  readonly #bytes = new Uint8Array(MAX_SECRET_BYTES);
  #length = 0;
  #isTooLong = false;
  #escape: Escape = "none";

  feed(byte: number): LineState {
    if (this.#escape !== "none" && this.#swallow(byte)) return "typing";
    switch (byte) {
      case CR:
      case LF:
        return "entered";
      case CTRL_C:
        return "interrupted";
      case CTRL_D:
        return this.#length === 0 ? "interrupted" : "typing";
      case CTRL_H:
      case DEL:
        this.#eraseCharacter();
        return "typing";
      case CTRL_U:
        this.#eraseAll();
        return "typing";
      case ESC:
        this.#escape = "started";
        return "typing";
      default:
        if (byte >= SPACE || byte === TAB) this.#append(byte);
        return "typing";
    }
  }

  /**
   * The line; the caller owns it.
   * @throws PmError "limit" where more was typed than fits
   */
  take(): Uint8Array {
    if (this.#isTooLong) throw new PmError("limit", `the line is over ${MAX_SECRET_BYTES} bytes`);
    return this.#bytes.slice(0, this.#length);
  }

  [Symbol.dispose](): void {
    wipe(this.#bytes);
    this.#length = 0;
  }

  /** Whether `byte` belongs to an escape sequence: a cursor key, the brackets of a paste. */
  #swallow(byte: number): boolean {
    const state = this.#escape;
    this.#escape = "none";
    switch (state) {
      case "started":
        if (byte === 0x5b) this.#escape = "parameters";
        else if (byte === 0x4f) this.#escape = "ss3";
        // After a lone Esc, or with Alt held, the key counts as itself.
        return this.#escape !== "none";
      case "parameters":
        if (byte < SPACE) return false;
        if (byte === 0x5b) this.#escape = "linux-console";
        else if (byte < 0x40) this.#escape = "parameters";
        return true;
      case "linux-console":
      case "ss3":
        return byte >= SPACE;
      case "none":
        return false;
    }
  }

  /** What does not fit is swallowed up to Enter: left in the terminal, the shell would run it. */
  #append(byte: number): void {
    if (this.#length === MAX_SECRET_BYTES) this.#isTooLong = true;
    else this.#bytes[this.#length++] = byte;
  }

  /** Takes the continuation bytes of UTF-8 together with the byte that leads them. */
  #eraseCharacter(): void {
    while (this.#length > 0) {
      const last = this.#bytes[--this.#length] ?? 0;
      this.#bytes[this.#length] = 0;
      if ((last & 0xc0) !== 0x80) return;
    }
  }

  #eraseAll(): void {
    this.#bytes.fill(0, 0, this.#length);
    this.#length = 0;
    this.#isTooLong = false;
  }
}
