/** stdout and stderr by their rules: stdout is the answer, stderr is for people. */
import { fromUtf8, toHex, utf8, wipe } from "../core/bytes.ts";
import type { Io } from "../node/io.ts";
import { escapeControls, escapeJson, escapeText } from "./escape.ts";
import type { ColorMode } from "./globals.ts";
import { loadColours, PLAIN, type Style } from "./style.ts";

export interface Out {
  /** One line on stdout; control characters are escaped where it is a terminal. */
  line(text: string): Promise<void>;
  /** Many lines in one write. */
  lines(texts: readonly string[]): Promise<void>;
  /** The exact bytes on stdout; "\n" after them where asked and not there. Escaped on a terminal. */
  value(bytes: Uint8Array, newline: boolean): Promise<void>;
  /** The exact bytes on stdout, whatever it is. */
  raw(bytes: Uint8Array): Promise<void>;
  /** One line of JSON on stdout. */
  json(data: unknown): Promise<void>;
  /** A notice on stderr, where a person looks at it and has not asked for quiet. */
  note(text: string): Promise<void>;
  /** A warning on stderr, unless quiet. */
  warn(text: string): Promise<void>;
  /** Colours for texts that go to {@link line}; without colours it changes nothing. */
  style(): Promise<Style>;
}

export interface OutOptions {
  readonly quiet: boolean;
  /** Asked only where something is to be styled. */
  readonly color: () => ColorMode;
}

const ESCAPE = "\u001b[";
const NEWLINE = 0x0a;

export function createOut(io: Io, options: OutOptions): Out {
  const { stdout, stderr } = io;
  // Styled text carries this mark in place of ESC: nobody can put it into a name, so whatever else
  // looks like an escape sequence was not written by pm.
  let mark: string | undefined;
  const shown = (text: string): string => {
    const safe = stdout.isTTY ? escapeControls(text) : text;
    return mark === undefined ? safe : safe.replaceAll(mark, ESCAPE);
  };
  return {
    line: (text) => stdout.write(`${shown(text)}\n`),
    lines: async (texts) => {
      if (texts.length > 0) await stdout.write(`${texts.map(shown).join("\n")}\n`);
    },
    value: async (bytes, newline) => {
      const shownBytes = printable(bytes, { newline, isTTY: stdout.isTTY });
      await stdout.write(shownBytes);
      if (shownBytes !== bytes && typeof shownBytes !== "string") wipe(shownBytes);
    },
    raw: (bytes) => stdout.write(bytes),
    json: (data) => {
      const json = JSON.stringify(data);
      return stdout.write(`${stdout.isTTY ? escapeJson(json) : json}\n`);
    },
    note: async (text) => {
      if (stderr.isTTY && !options.quiet) await stderr.write(`${escapeControls(text)}\n`);
    },
    warn: async (text) => {
      if (!options.quiet) await stderr.write(`pm: warning: ${escapeControls(text)}\n`);
    },
    style: async () => {
      if (!wantsColours(io, options.color())) return PLAIN;
      mark ??= `\ue000${toHex(io.random(8))}`;
      return markStyle(await loadColours(), mark);
    },
  };
}

function wantsColours(io: Io, mode: ColorMode): boolean {
  if (mode !== "auto") return mode === "always";
  return io.stdout.isTTY && io.env["TERM"] !== "dumb";
}

function markStyle(style: Style, mark: string): Style {
  const marked = (paint: (text: string) => string) => (text: string) =>
    paint(escapeControls(text)).replaceAll(ESCAPE, mark);
  return {
    bold: marked(style.bold),
    dim: marked(style.dim),
    cyan: marked(style.cyan),
    green: marked(style.green),
    yellow: marked(style.yellow),
    red: marked(style.red),
  };
}

function printable(bytes: Uint8Array, to: { newline: boolean; isTTY: boolean }): Uint8Array | string {
  const ending = to.newline && bytes.at(-1) !== NEWLINE ? "\n" : "";
  if (to.isTTY) return `${escapeText(fromUtf8(bytes) ?? lossyText(bytes))}${ending}`;
  if (ending === "") return bytes;
  const line = new Uint8Array(bytes.length + 1);
  line.set(bytes);
  line.set(utf8(ending), bytes.length);
  return line;
}

function lossyText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
