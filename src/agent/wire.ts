/** Messages as lines: one JSON text a line, a longer one in numbered parts that are read as one or not at all. */
import { concat, fromUtf8, toBase64, wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { Json } from "../core/vault/json.ts";

/** One more with every change of protocol.ts; "hello" and "quit" never change. */
export const PROTOCOL = 1;
export const MAX_LINE_BYTES = 1_048_576;
/** Before the proof. */
export const MAX_GREETING_BYTES = 4096;
/** An entry of 64 fields of 256 KiB of control characters, each of which is six characters in JSON, and more. */
export const MAX_MESSAGE_CHARS = 134_217_728;

/** As JSON a character has at most three bytes here, or two where it is escaped once more. */
const PART_CHARS = 262_144;
const MAX_PARTS = MAX_MESSAGE_CHARS / PART_CHARS;
const NEWLINE = 0x0a;
const BYTES = "$bytes";

/** @returns what says that a message can't be read, and nothing of it: it may hold a password */
export function malformed(): PmError {
  return new PmError("usage", "the message is not one of the agent's protocol", { hint: "pm agent stop" });
}

/** The lines of a message, each with its newline. Bytes stand as `{"$bytes": base64}`. */
export function encodeMessage(message: object): string {
  const text = JSON.stringify(message, withBytes);
  if (text.length <= PART_CHARS) return `${text}\n`;
  const of = Math.ceil(text.length / PART_CHARS);
  if (of > MAX_PARTS) {
    throw new PmError("limit", "this is too much for one message to the agent", {
      hint: "add --no-agent, or do it in smaller pieces",
    });
  }
  const lines: string[] = [];
  for (let part = 0; part < of; part++) {
    const piece = text.slice(part * PART_CHARS, (part + 1) * PART_CHARS);
    lines.push(`${JSON.stringify({ part, of, text: piece })}\n`);
  }
  return lines.join("");
}

function withBytes(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { [BYTES]: toBase64(value) } : value;
}

/** Takes bytes as they come and gives messages. After an error it is of no more use. */
export class MessageReader {
  /** Of a line; what is longer is refused before its end has come. */
  maxLineBytes: number = MAX_GREETING_BYTES;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #parts: string[] = [];

  /** The messages that `chunk` completes; wipes the chunk. @throws PmError "usage" */
  read(chunk: Uint8Array): readonly Json[] {
    const messages: Json[] = [];
    for (let start = 0; start < chunk.length;) {
      const end = chunk.indexOf(NEWLINE, start);
      const piece = chunk.subarray(start, end < 0 ? chunk.length : end);
      if (this.#pendingBytes + piece.length > this.maxLineBytes) throw malformed();
      if (end < 0) {
        // A copy: what sockets give slices into views.
        this.#pending.push(new Uint8Array(piece));
        this.#pendingBytes += piece.length;
        break;
      }
      const message = this.#message(parseLine(this.#line(piece)));
      if (message !== undefined) messages.push(message);
      start = end + 1;
    }
    wipe(chunk);
    return messages;
  }

  #line(piece: Uint8Array): string {
    const line = this.#pending.length === 0 ? piece : concat(...this.#pending, piece);
    const text = fromUtf8(line);
    wipe(line, ...this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    if (text === undefined) throw malformed();
    return text;
  }

  /** The message that a line is, or completes. */
  #message(value: Json): Json | undefined {
    const part = partOf(value);
    if (part === undefined) {
      if (this.#parts.length > 0) throw malformed();
      return value;
    }
    if (part.number !== this.#parts.length) throw malformed();
    this.#parts.push(part.text);
    if (this.#parts.length < part.of) return undefined;
    const text = this.#parts.join("");
    this.#parts = [];
    const whole = parseLine(text);
    if (partOf(whole) !== undefined) throw malformed();
    return whole;
  }
}

function parseLine(line: string): Json {
  try {
    return JSON.parse(line) as Json;
  } catch {
    // The parser's own message quotes its input.
    throw malformed();
  }
}

function partOf(value: Json): { number: number; of: number; text: string } | undefined {
  if (typeof value !== "object" || value === null || !("part" in value)) return undefined;
  const { part: number, of, text } = value;
  const isPart = typeof number === "number" && typeof of === "number" && typeof text === "string";
  if (!isPart || !(number >= 0 && number < of && of <= MAX_PARTS && text.length <= PART_CHARS)) {
    throw malformed();
  }
  return { number, of, text };
}
