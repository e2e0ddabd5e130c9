/**
 * The clipboard of whoever sits at the terminal, by an escape sequence: "OSC 52" of xterm's "Control
 * Sequences", section "Operating System Commands". It goes where the terminal is, over SSH too; whether the
 * terminal took it, it does not say.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { toBase64, utf8 } from "../../core/bytes.ts";
import { clipboardEnvironment } from "./environment.ts";
import { unavailable } from "./failure.ts";
import { readProgram } from "./program.ts";
import type { Env } from "./ways.ts";

/** Terminals keep 100,000 bytes of one sequence: 99,992 of base64 between the frame (hterm's osc52.sh). */
export const MAX_OSC52_BYTES = 74_994;

/** screen drops a longer string; the pieces are put together by the terminal. */
const SCREEN_PIECE_CHARS = 240;

export type Multiplexer = "tmux" | "screen";

/** Inside tmux and over SSH TERM alone may tell; "screen" is then screen's, though an old tmux says it too. */
export function multiplexerOf({ TMUX, STY, TERM = "" }: Env): Multiplexer | undefined {
  if (TMUX || TERM.startsWith("tmux")) return "tmux";
  return STY || TERM.startsWith("screen") ? "screen" : undefined;
}

/** What makes the terminal hold `bytes`; none empties its clipboard. */
export function osc52(bytes: Uint8Array, multiplexer: Multiplexer | undefined): string {
  const sequence = `\x1b]52;c;${toBase64(bytes)}\x07`;
  switch (multiplexer) {
    case undefined:
      return sequence;
    case "tmux":
      return `\x1bPtmux;${sequence.replaceAll("\x1b", "\x1b\x1b")}\x1b\\`;
    case "screen":
      return sequence.replaceAll(PIECES, "\x1bP$&\x1b\\");
  }
}

const PIECES = new RegExp(`[^]{1,${SCREEN_PIECE_CHARS}}`, "g");

/**
 * Sends the value to the terminal.
 * @returns the terminal, open; the caller closes it
 * @throws PmError "unavailable" where there is no terminal, or none that would take the value
 */
export async function sendToTerminal(bytes: Uint8Array, env: Env): Promise<number> {
  if (bytes.length > MAX_OSC52_BYTES) {
    throw unavailable(
      `a terminal takes no more than ${MAX_OSC52_BYTES} bytes`,
      "-o FILE writes the value to a file",
    );
  }
  await requireWayThrough(env);
  const terminal = openTerminal();
  try {
    write(terminal, osc52(bytes, multiplexerOf(env)));
    return terminal;
  } catch (error) {
    closeSync(terminal);
    throw unavailable("the terminal can't be written to", HINT, error);
  }
}

/** Where the terminal is gone there is nothing to clear any more. */
export function clearTerminal(terminal: number, multiplexer: Multiplexer | undefined): void {
  try {
    write(terminal, osc52(new Uint8Array(), multiplexer));
  } catch {
    // Hung up.
  }
}

const HINT = "set PM_CLIP_COMMAND to a command that copies its input, or leave out --clip";

/** tmux passes on nothing by default, and would say nothing of it. */
async function requireWayThrough(env: Env): Promise<void> {
  if (/^(dumb|linux)$/.test(env["TERM"] ?? "")) throw unavailable("this terminal has no clipboard", HINT);
  if (!env["TMUX"]) return;
  const show = ["tmux", "show-options", "-A", "-p", "-v", ...paneOf(env), "allow-passthrough"];
  const { output } = await readProgram(show, { env: clipboardEnvironment(env, "terminal") });
  // Before version 3.3 there was no such option, and it did pass on.
  if (String.fromCharCode(...output).trim() !== "off") return;
  throw unavailable("tmux does not let the value through", "tmux set -g allow-passthrough on");
}

function paneOf({ TMUX_PANE }: Env): readonly string[] {
  return TMUX_PANE ? ["-t", TMUX_PANE] : [];
}

function openTerminal(): number {
  try {
    return openSync("/dev/tty", "w");
  } catch (error) {
    throw unavailable("there is no clipboard and no terminal that could have one", HINT, error);
  }
}

function write(terminal: number, text: string): void {
  const bytes = utf8(text);
  for (let written = 0; written < bytes.length;) written += writeSync(terminal, bytes, written);
}
