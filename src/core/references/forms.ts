/** The texts in which a secret can be seen: as it is, and as programs encode it on its way. */
import { fromUtf8, toBase64, utf8 } from "../bytes.ts";

/** What is shorter stands in too many harmless places. */
const MIN_SECRET_BYTES = 4;

/** The secret without the newlines at its end, which do not come along everywhere. */
function visiblePart(secret: Uint8Array): Uint8Array {
  let end = secret.length;
  while (secret[end - 1] === 0x0a || secret[end - 1] === 0x0d) end--;
  return secret.subarray(0, end);
}

/** Whether it is long enough to be looked for. */
export function isMaskable(secret: Uint8Array): boolean {
  return visiblePart(secret).length >= MIN_SECRET_BYTES;
}

/**
 * The secret, with either kind of newline; in base64, at each of the three places where it can stand in a longer
 * text, also url-safe and without padding; URL-encoded; escaped as JSON does. None is shorter than the shortest
 * secret. They are the caller's to wipe.
 */
export function formsOf(secret: Uint8Array): readonly Uint8Array[] {
  const visible = visiblePart(secret);
  const text = fromUtf8(visible);
  const isPlain = text !== undefined && NEVER_ESCAPED.test(text);
  const encoded = [
    ...base64Forms(visible),
    ...(isPlain ? [] : urlForms(visible)),
    ...(isPlain || text === undefined ? [] : jsonForms(text)),
  ];
  // Encoded forms are ASCII but for JSON, so that equal texts are equal bytes.
  const texts = new Set(encoded);
  if (text !== undefined) texts.delete(text);
  const forms = [visible.slice(), withCarriageReturns(visible), ...Array.from(texts, utf8)];
  return forms.filter((form) => form.length >= MIN_SECRET_BYTES);
}

/** What a terminal makes of the newlines. */
function withCarriageReturns(secret: Uint8Array): Uint8Array {
  const converted: number[] = [];
  for (const byte of secret) {
    if (byte === 0x0a && converted.at(-1) !== 0x0d) converted.push(0x0d);
    converted.push(byte);
  }
  return Uint8Array.from(converted);
}

/** RFC 4648 sections 4 and 5. A digit that holds bits of a neighbour, too, can't be known. */
function base64Forms(secret: Uint8Array): string[] {
  const forms: string[] = [];
  for (let before = 0; before < 3; before++) {
    const shifted = new Uint8Array(before + secret.length);
    shifted.set(secret, before);
    const text = toBase64(shifted);
    const first = Math.ceil((8 * before) / 6);
    const within = text.slice(first, Math.floor((8 * shifted.length) / 6));
    // At the end of the text the bits after the secret are zero.
    const atEnd = text.slice(first);
    for (const form of [within, atEnd.replace(/=+$/, ""), atEnd]) {
      forms.push(form, form.replaceAll("+", "-").replaceAll("/", "_"));
    }
  }
  return forms;
}

/** What no encoder changes. */
const NEVER_ESCAPED = /^[\w.-]*$/;

/** What encoders leave as it is beside letters and digits. */
const URL_SAFE = [
  // RFC 3986 section 2.3; the same with "/", as Python's quote(); encodeURIComponent(); encodeURI().
  "-._~",
  "-._~/",
  "-._~!*'()",
  "-._~!*'();/?:@&=+$,#",
  // application/x-www-form-urlencoded of the URL standard; what it leaves in a password, "%" too.
  "-._*",
  "-._~!$%&'()*+,",
  // The password and a segment of the path in Go's net/url.
  "-._~$&+,;=",
  "-._~$&+:=@",
];

const URL_STYLES: readonly (readonly string[])[] = URL_SAFE.flatMap((safe) =>
  ["%20", "+"].flatMap((space) => [urlTable(safe, space), urlTable(safe, space).map(lowerEscape)]),
);

/** By the byte: how it is written. */
function urlTable(safe: string, space: string): readonly string[] {
  return Array.from({ length: 256 }, (_, byte) => {
    const character = String.fromCharCode(byte);
    if (byte === 0x20) return space;
    if (/[A-Za-z0-9]/.test(character) || safe.includes(character)) return character;
    return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  });
}

function lowerEscape(text: string): string {
  return text.length === 1 ? text : text.toLowerCase();
}

function urlForms(secret: Uint8Array): string[] {
  return URL_STYLES.map((table) => Array.from(secret, (byte) => table[byte]).join(""));
}

/** What JSON writers escape although they need not: nothing, "/", all but ASCII, what HTML takes for its own. */
const JSON_STYLES: readonly RegExp[] = [
  "",
  "/",
  String.raw`\x7f-\uffff`,
  String.raw`/\x7f-\uffff`,
  String.raw`\x80-\uffff`,
  String.raw`/\x80-\uffff`,
  String.raw`<>&\u2028\u2029`,
  String.raw`<>&'=\u2028\u2029`,
  String.raw`<>&'+\x60\x7f-\uffff`,
  String.raw`/<>&'\x7f-\uffff`,
].map((more) => new RegExp(String.raw`["\\\x00-\x1f${more}]`, "g"));

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["/", "\\/"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

function jsonForms(text: string): string[] {
  return JSON_STYLES.flatMap((style) => {
    const long = text.replace(style, jsonEscape);
    const short = text.replace(style, (character) => SHORT_ESCAPES.get(character) ?? jsonEscape(character));
    const upper = text.replace(
      style,
      (character) => SHORT_ESCAPES.get(character) ?? upperJsonEscape(character),
    );
    // A double quote alone may be a long one: System.Text.Json, json_encode() with JSON_HEX_QUOT.
    return [short, upper, upper.replaceAll('\\"', "\\u0022"), long];
  });
}

function jsonEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function upperJsonEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}
