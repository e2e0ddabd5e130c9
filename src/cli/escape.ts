/** Texts of others made harmless for a terminal: no escape sequence, no hidden reordering. */

/**
 * C0 and C1 controls, DEL, line and paragraph separators, and the characters that reorder text
 * (Unicode UAX #9: ALM, LRM, RLM, embeddings, overrides, isolates).
 */
const HOSTILE = String.raw`\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069`;
const CONTROLS = new RegExp(`[${HOSTILE}]`, "g");
/** The same without tab and newline. */
const CONTROLS_IN_TEXT = new RegExp(`(?![\\t\\n])[${HOSTILE}]`, "g");

/** One line: every control character as `\xHH` or `\uHHHH`. */
export function escapeControls(line: string): string {
  return line.replace(CONTROLS, spell);
}

/** Several lines: as {@link escapeControls}, but tabs and newlines stay. */
export function escapeText(text: string): string {
  return text.replace(CONTROLS_IN_TEXT, spell);
}

/** JSON that means the same and shows nothing but itself. */
export function escapeJson(json: string): string {
  return json.replace(CONTROLS, (char) => `\\u${hex(char, 4)}`);
}

function spell(char: string): string {
  return char.charCodeAt(0) < 0x100 ? `\\x${hex(char, 2)}` : `\\u${hex(char, 4)}`;
}

function hex(char: string, digits: number): string {
  return char.charCodeAt(0).toString(16).padStart(digits, "0");
}
