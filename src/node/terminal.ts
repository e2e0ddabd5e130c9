/** The terminal device: secrets read without echo, and texts for the person alone. */
import { writeSync } from "node:fs";
import { utf8, wipe } from "../core/bytes.ts";
import { ioError } from "./io-error.ts";
import { interrupted, RawInput } from "./raw-input.ts";
import { type LineState, SecretLine } from "./secret-line.ts";
import { endSignal } from "./signals.ts";

export interface TerminalDevice {
  /** Opened for each question, so that nothing is read between them. */
  readonly inputPath: string;
  readonly outputPath: string;
  /** An open descriptor of `outputPath`. */
  readonly output: number;
  /** What was typed before it was asked for, such as the second line of a paste; wiped by the owner. */
  readonly typedAhead: Uint8Array[];
}

/**
 * Shows `label` exactly and reads a line that nobody sees; the caller owns it.
 * @throws PmError "interrupted" on Ctrl-C, on Ctrl-D in an empty line, or where the process or the
 * terminal ends; "limit" where the line is too long
 */
export async function readSecret(device: TerminalDevice, label: string): Promise<Uint8Array> {
  if (endSignal().aborted) throw interrupted();
  using line = new SecretLine();
  // Raw before the label shows: whoever types at once must not see an echo.
  using input = new RawInput(device.inputPath);
  print(device, label);
  let state = consumeAhead(device, line);
  try {
    while (state === "typing") state = consume(device, line, await input.next());
  } finally {
    endLine(device);
  }
  if (state === "interrupted") throw interrupted();
  return line.take();
}

/** Also after Ctrl-C: what follows stands on a line of its own. */
function endLine(device: TerminalDevice): void {
  try {
    print(device, "\n");
  } catch {
    // Where the terminal is gone, why the reading ended says more.
  }
}

function consumeAhead(device: TerminalDevice, line: SecretLine): LineState {
  let state: LineState = "typing";
  for (const bytes of device.typedAhead.splice(0)) {
    if (state === "typing") state = consume(device, line, bytes);
    else device.typedAhead.push(bytes.slice());
    wipe(bytes);
  }
  return state;
}

/** Feeds `bytes` to the line; what stands after its end is kept for the next question. */
function consume(device: TerminalDevice, line: SecretLine, bytes: Uint8Array): LineState {
  for (let i = 0; i < bytes.length; i++) {
    const state = line.feed(bytes[i] ?? 0);
    if (state === "typing") continue;
    if (state === "entered" && i + 1 < bytes.length) device.typedAhead.push(bytes.slice(i + 1));
    return state;
  }
  return "typing";
}

/** Writes to the terminal; control characters but tab and newline are shown, not obeyed. */
export function print(device: TerminalDevice, text: string): void {
  const bytes = utf8(visible(text));
  try {
    for (let offset = 0; offset < bytes.length;) offset += writeSync(device.output, bytes, offset);
  } catch (error) {
    throw ioError(error, "can't write to the terminal");
  } finally {
    // A recovery code may have been among it.
    wipe(bytes);
  }
}

/** C0 and C1 controls, and the characters that end or reorder a line (Unicode UAX #9). */
const HOSTILE = /(?![\t\n])[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** `text` with every such character as `\u{…}`: it can't steer the terminal. */
export function visible(text: string): string {
  return text.replace(HOSTILE, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}
