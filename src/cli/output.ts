/** stdout and stderr by their rules: stdout is the answer, stderr is for people. */
import { concat, fromUtf8, toHex, utf8, wipe } from "../core/bytes.ts";
import type { Io } from "../node/io.ts";
import type { ColorMode } from "./globals.ts";
import type { Style } from "./style.ts";

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
  /** A notice on stderr, where a person looks at it or has asked for it, and has not asked for quiet. */
  note(text: string): Promise<void>;
  /** A warning on stderr, unless quiet. */
  warn(text: string): Promise<void>;
  /** Colours for texts that go to {@link line}; without colours it changes nothing. */
  style(): Promise<Style>;
}

export interface OutOptions {
  readonly quiet: boolean;
  /** Notices also where no person looks at stderr. */
  readonly verbose?: boolean;
  /** Asked only where something is to be styled. */
  readonly color: () => ColorMode;
}

const ESCAPE = "\u001b[";
const NEWLINE = 0x0a;

/** A value in a pipe needs neither, and every file that is loaded costs the start of each call. */
const loadEscape = () => import("./escape.ts");
const loadStyle = () => import("./style.ts");

export function createOut(io: Io, options: OutOptions): Out {
  const { stdout, stderr } = io;
  // Styled text carries this mark in place of ESC: nobody can put it into a name, so whatever else
  // looks like an escape sequence was not written by pm.
  let mark: string | undefined;
  const show = async (lines: readonly string[]): Promise<void> => {
    const safe = stdout.isTTY ? lines.map((await loadEscape()).escapeControls) : lines;
    const text = safe.map((line) => `${line}\n`).join("");
    await stdout.write(mark === undefined ? text : text.replaceAll(mark, ESCAPE));
  };
  return {
    line: (text) => show([text]),
    lines: show,
    value: async (bytes, newline) => {
      const printed = await printable(bytes, { newline, isTTY: stdout.isTTY });
      await stdout.write(printed);
      if (printed !== bytes && typeof printed !== "string") wipe(printed);
    },
    raw: (bytes) => stdout.write(bytes),
    json: async (data) => {
      const json = JSON.stringify(data);
      await stdout.write(`${stdout.isTTY ? (await loadEscape()).escapeJson(json) : json}\n`);
    },
    note: async (text) => {
      if (options.quiet || !(stderr.isTTY || options.verbose === true)) return;
      await stderr.write(`${(await loadEscape()).escapeControls(text)}\n`);
    },
    warn: async (text) => {
      if (options.quiet) return;
      await stderr.write(`pm: warning: ${(await loadEscape()).escapeControls(text)}\n`);
    },
    style: async () => {
      const { loadColours, PLAIN } = await loadStyle();
      if (!wantsColours(io, options.color())) return PLAIN;
      mark ??= `\ue000${toHex(io.random(8))}`;
      return await markedStyle(await loadColours(), mark);
    },
  };
}

function wantsColours(io: Io, mode: ColorMode): boolean {
  if (mode !== "auto") return mode === "always";
  return io.stdout.isTTY && io.env["TERM"] !== "dumb";
}

async function markedStyle(style: Style, mark: string): Promise<Style> {
  const { escapeControls } = await loadEscape();
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

async function printable(
  bytes: Uint8Array,
  to: { readonly newline: boolean; readonly isTTY: boolean },
): Promise<Uint8Array | string> {
  const ending = to.newline && bytes.at(-1) !== NEWLINE ? "\n" : "";
  if (to.isTTY) {
    const text = fromUtf8(bytes) ?? new TextDecoder().decode(bytes);
    return `${(await loadEscape()).escapeText(text)}${ending}`;
  }
  return ending === "" ? bytes : concat(bytes, utf8(ending));
}
