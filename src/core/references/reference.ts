/** `pm://[@vault/]entry/path/field[#field][?query]`: the grammar of docs/references.md. */
import { fromUtf8, utf8 } from "../bytes.ts";
import { PmError } from "../errors.ts";
import { revisionNumber } from "../vault/field-revisions.ts";
import { hasControls } from "../vault/names.ts";

export const ENCODINGS = ["base64", "json", "url"] as const;
export type Encoding = (typeof ENCODINGS)[number];

export interface Reference {
  /** As it was written. */
  readonly text: string;
  /** The word after "@"; the vault of the call where it is missing. */
  readonly vault?: string;
  /** Decoded segments; the last one is the name of a field, or of the entry. */
  readonly path: readonly string[];
  /** Only of `#field`: then the whole path is the entry. */
  readonly field?: string;
  /** 0 or negative. */
  readonly rev?: number;
  readonly encoding?: Encoding;
  /** An attachment is meant in the place of a field. */
  readonly file?: true;
}

const SCHEME = "pm://";
const MAX_REFERENCE_CHARS = 4096;
const EXAMPLE = "pm://web/github/password, or pm://web/github#password";

/** Whether a text is meant as a reference, well-formed or not. */
export function isReference(text: string): boolean {
  return text.startsWith(SCHEME);
}

/** @throws PmError "usage" that quotes the reference and says what is wrong with it. */
export function parseReference(text: string): Reference {
  if (!isReference(text)) throw malformed(text, `does not begin with ${SCHEME}`);
  if (text.length > MAX_REFERENCE_CHARS) {
    throw malformed(`${text.slice(0, 32)}…`, `is over ${MAX_REFERENCE_CHARS} characters`);
  }
  if (hasControls(text)) throw malformed(JSON.stringify(text).slice(1, -1), "has a control character in it");
  const [location, query] = cut(text.slice(SCHEME.length), "?");
  const [where, fragment] = cut(location, "#");
  const segments = where.split("/");
  const vault = segments[0]?.startsWith("@") === true ? segments.shift()?.slice(1) : undefined;
  if (vault === "") throw malformed(text, "names no vault after the @");
  const path = segments.map((segment) => decode(segment, text));
  if (path.length === 0 || path.includes("")) throw malformed(text, "has an empty part");
  if (path[0]?.startsWith("id:") === true) checkId(path, { fragment, text });
  return {
    text,
    path,
    ...(vault === undefined ? {} : { vault: decode(vault, text) }),
    ...(fragment === undefined ? {} : { field: fieldOf(fragment, text) }),
    ...(query === undefined ? {} : checkFile(parseQuery(query, text), { path, fragment, text })),
  };
}

type Query = Pick<Reference, "rev" | "encoding" | "file">;

/** An attachment has a name, always, and no history. */
function checkFile(
  query: Query,
  { path, fragment, text }: Pick<Reference, "path" | "text"> & { readonly fragment: string | undefined },
): Query {
  if (query.file !== true) return query;
  if (query.rev !== undefined) throw malformed(text, "has ?file and ?rev, and an attachment has no history");
  if (path.length === 1 && fragment === undefined) throw malformed(text, "has ?file and names no attachment");
  return query;
}

/** The text before and after the first `mark`; nothing after where there is none. */
function cut(text: string, mark: string): [before: string, after: string | undefined] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function fieldOf(fragment: string, text: string): string {
  if (fragment.includes("#")) throw malformed(text, "has two #; write %23 for one in a name");
  const field = decode(fragment, text);
  if (field === "") throw malformed(text, "names no field after the #");
  return field;
}

/** An id is a segment of its own; at most the field may follow. */
function checkId(
  path: readonly string[],
  { fragment, text }: { readonly fragment: string | undefined; readonly text: string },
): void {
  if (path.length > (fragment === undefined ? 2 : 1))
    throw malformed(text, "has more than a field after the id");
}

function decode(segment: string, text: string): string {
  if (!segment.includes("%")) return segment;
  const decoded = segment.replace(/(?:%[0-9a-f]{2})+|%/gi, (escapes) => {
    if (escapes === "%") throw malformed(text, "has a % that begins no escape; write %25 for one in a name");
    const bytes = Uint8Array.from(escapes.slice(1).split("%"), (digits) => Number.parseInt(digits, 16));
    const characters = fromUtf8(bytes);
    if (characters === undefined) throw malformed(text, `has the escape ${escapes}, which is not UTF-8`);
    return characters;
  });
  if (hasControls(decoded)) throw malformed(text, "has an escape for a control character");
  return decoded;
}

function parseQuery(query: string, text: string): Query {
  if (query.includes("#")) throw malformed(text, "has #field after its ?query; write it before");
  const found: { rev?: number; encoding?: Encoding; file?: true } = {};
  for (const part of query.split("&")) {
    const [key, value = ""] = cut(part, "=");
    if (Object.hasOwn(found, key)) throw malformed(text, `has ?${key} twice`);
    if (key === "rev") found.rev = parseRev(value, text);
    else if (key === "encoding") found.encoding = parseEncoding(value, text);
    else if (key === "file" && part === key) found.file = true;
    else if (key === "file") throw malformed(text, "has a value behind ?file, which takes none");
    else if (key === "totp") {
      throw malformed(text, `has ?${key}, which is reserved for a later version of pm`);
    } else throw malformed(text, `has ?${key}, which is unknown; there are ?rev, ?encoding and ?file`);
  }
  return found;
}

function parseRev(value: string, text: string): number {
  const rev = revisionNumber(value);
  if (rev === undefined) throw malformed(text, "has a ?rev that is not 0 or a negative number");
  return rev;
}

function parseEncoding(value: string, text: string): Encoding {
  const encoding = ENCODINGS.find((known) => known === value);
  if (encoding === undefined) throw malformed(text, `has an ?encoding other than ${ENCODINGS.join(", ")}`);
  return encoding;
}

function malformed(text: string, what: string): PmError {
  return new PmError("usage", `the reference "${text}" ${what}`, { hint: EXAMPLE });
}

/** What has a meaning in a reference, or in an env file or template around one. */
const MEANINGFUL = /[%#?{}"'`\\$]|^[@\s]|\s$/gu;

/** The reference to a field of an entry, which {@link parseReference} reads back as these two. */
export function formatReference(path: string, field: string): string {
  const entry = path.replace(MEANINGFUL, escape);
  return `${SCHEME}${entry}/${field.replace(MEANINGFUL, escape).replaceAll("/", escape)}`;
}

function escape(character: string): string {
  return Array.from(utf8(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(
    "",
  );
}
