/** References to values: every entry is read once, and every failure is told. */
import { fromBase64, fromUtf8, toBase64, utf8 } from "../bytes.ts";
import { hasCode, PmError } from "../errors.ts";
import { fieldEverCalled, revisionOf } from "../vault/field-revisions.ts";
import { type Entry, type Field, MAX_VALUE_BYTES, type Row } from "../vault/model.ts";
import type { NameFilter } from "../vault/name-glob.ts";
import type { Purpose, VaultSession } from "../vault/session.ts";
import { defaultField, findField, primaryField } from "../vault/types.ts";
import { createLookup, type Lookup } from "./entry-lookup.ts";
import { formatReference, type Reference } from "./reference.ts";

export interface Resolved {
  /** The caller's to wipe. */
  readonly bytes: Uint8Array;
  /** What stands in the vault, where `?encoding` makes something else of it. */
  readonly value?: Uint8Array;
  /** The entry's path and the field, as "web/github/password". */
  readonly name: string;
  /** "plain" may be seen, "use-only" may be used and never be seen. */
  readonly secrecy: "plain" | "secret" | "use-only";
}

/** The session of a vault that references name after "@"; that of the call for undefined. */
export type OpenVault = (vault: string | undefined) => Promise<VaultSession>;

/**
 * What the references mean, in their order; a failure stands in the place of a value.
 * @param only entries that may be meant at all; the others are not read
 * @throws PmError what `open` throws, except that a vault is not there: that is told of its references
 */
export async function resolveReferences(
  open: OpenVault,
  refs: readonly Reference[],
  purpose: Purpose,
  only: NameFilter = () => true,
): Promise<readonly (Resolved | PmError)[]> {
  const lookups = new Map<string | undefined, Lookup | PmError>();
  for (const vault of new Set(refs.map((ref) => ref.vault))) {
    const names = refs.filter((ref) => ref.vault === vault).flatMap(namesOf);
    lookups.set(vault, await opened(open, vault, { names, purpose, only }));
  }
  return await Promise.all(
    refs.map(async (ref) => {
      const lookup = lookups.get(ref.vault);
      if (lookup === undefined || lookup instanceof PmError) return lookup ?? new PmError("error", ref.text);
      try {
        return await resolveOne(lookup, ref);
      } catch (error) {
        if (error instanceof PmError) return error;
        throw error;
      }
    }),
  );
}

async function opened(
  open: OpenVault,
  vault: string | undefined,
  options: Parameters<typeof createLookup>[1],
): Promise<Lookup | PmError> {
  try {
    return await createLookup(await open(vault), options);
  } catch (error) {
    if (vault !== undefined && (hasCode(error, "not-found") || hasCode(error, "usage"))) return error;
    throw error;
  }
}

/** The names of entries that a reference may mean: all but its last part, and the whole. */
function namesOf({ path, field, file }: Reference): string[] {
  const whole = path.join("/");
  if (path.length === 1 || field !== undefined) return [whole];
  const entry = path.slice(0, -1).join("/");
  if (file === true) return [entry];
  return path[0]?.startsWith("id:") === true ? [entry] : [entry, whole];
}

async function resolveOne(lookup: Lookup, ref: Reference): Promise<Resolved> {
  if (ref.file === true) return await resolveFile(lookup, ref);
  const { entry, field } = await locate(lookup, ref);
  if (field.withheld === true) {
    throw new PmError("use-only", `"${entry.path}" is use-only`, {
      hint: "give the master password: --password-file FILE, or type it at a terminal",
    });
  }
  const value = bytesOf(field);
  return {
    bytes: encoded(value, ref),
    ...(ref.encoding === undefined ? {} : { value }),
    name: `${entry.path}/${field.name}`,
    secrecy: secrecyOf(entry, field),
  };
}

/** An attachment is a secret, but for one that is larger than any field: it is not looked for where values are masked. */
async function resolveFile(lookup: Lookup, ref: Reference): Promise<Resolved> {
  const row = required(lookup, namesOf(ref)[0] ?? "");
  const { path, name, bytes, useOnly } = await lookup.attachment(row, ref.field ?? ref.path.at(-1) ?? "");
  const secrecy = useOnly ? "use-only" : "secret";
  return {
    bytes: encoded(bytes, ref),
    ...(ref.encoding === undefined ? {} : { value: bytes }),
    name: `${path}/${name}`,
    secrecy: bytes.length > MAX_VALUE_BYTES ? "plain" : secrecy,
  };
}

function secrecyOf({ useOnly }: Entry, { concealed }: Field): Resolved["secrecy"] {
  if (!concealed) return "plain";
  return useOnly ? "use-only" : "secret";
}

interface Located {
  readonly entry: Entry;
  readonly field: Field;
}

/** One reading of the reference, or two of which only one may lead somewhere. */
async function locate(lookup: Lookup, ref: Reference): Promise<Located> {
  const last = ref.path.at(-1) ?? "";
  const [first = "", whole] = namesOf(ref);
  if (whole === undefined) {
    const isField = ref.field === undefined && ref.path.length > 1;
    return await read(lookup, required(lookup, first), { ref, name: isField ? last : ref.field });
  }
  const [row, wholeRow] = [lookup.find(first), lookup.find(whole)];
  if (wholeRow === undefined) return await read(lookup, required(lookup, first, whole), { ref, name: last });
  const asEntry = await attempt(read(lookup, wholeRow, { ref, name: undefined }));
  if (row === undefined) return certain(asEntry);
  const asField = await attempt(read(lookup, row, { ref, name: last }));
  if (asEntry instanceof PmError || asField instanceof PmError) {
    return certain(asField instanceof PmError ? asEntry : asField);
  }
  throw new PmError(
    "ambiguous",
    `"${ref.text}" is a field of "${row.path}" and the entry "${wholeRow.path}"`,
    {
      details: [asField, asEntry].map(({ entry, field }) => unambiguous(entry.path, field.name)),
      hint: "write one of these",
    },
  );
}

function required(lookup: Lookup, name: string, whole: string = name): Row {
  const row = lookup.find(name);
  if (row !== undefined) return row;
  const refusal = lookup.refusal(name) ?? lookup.refusal(whole);
  if (refusal !== undefined) throw refusal;
  const names = whole === name ? `"${name}"` : `"${name}" or "${whole}"`;
  throw new PmError("not-found", `no entry matches ${names}`, { hint: "pm ls shows all the names" });
}

/** What reading leads to, or that there is no such thing; other failures are failures. */
async function attempt(reading: Promise<Located>): Promise<Located | PmError> {
  try {
    return await reading;
  } catch (error) {
    if (hasCode(error, "not-found") || hasCode(error, "usage")) return error;
    throw error;
  }
}

function certain(located: Located | PmError): Located {
  if (located instanceof PmError) throw located;
  return located;
}

interface Wanted {
  readonly ref: Reference;
  /** The default field where it is missing. */
  readonly name: string | undefined;
}

async function read(lookup: Lookup, row: Row, { ref, name }: Wanted): Promise<Located> {
  const entry = await lookup.entry(row);
  const current = (): Promise<Field> =>
    name === undefined
      ? defaultField(entry, (field) => unambiguous(entry.path, field))
      : findField(entry, name);
  if (ref.rev === undefined) return { entry, field: await current() };
  const primary = name ?? primaryField(entry.type);
  const field =
    primary === undefined ? (await current()).name : await fieldEverCalled(entry, primary, current);
  const hint = "pm history shows the earlier values of an entry";
  return { entry, field: revisionOf(entry, { field, rev: ref.rev }, hint) };
}

/** With "#", which has one reading only. */
function unambiguous(path: string, field: string): string {
  const text = formatReference(path, field);
  const at = text.lastIndexOf("/");
  return `${text.slice(0, at)}#${text.slice(at + 1)}`;
}

function bytesOf({ text, encoding }: Field): Uint8Array {
  const bytes = encoding === "utf8" ? utf8(text) : fromBase64(text);
  if (bytes === undefined) throw new PmError("corrupt", "a value in the vault is not valid base64");
  return bytes;
}

function encoded(bytes: Uint8Array, { encoding, text }: Reference): Uint8Array {
  if (encoding === "base64") return utf8(toBase64(bytes));
  if (encoding === "url") return utf8(percentEncoded(bytes));
  return encoding === "json" ? utf8(jsonText(bytes, text)) : bytes;
}

/** A whole JSON string, its quotes included. */
function jsonText(bytes: Uint8Array, reference: string): string {
  const value = fromUtf8(bytes);
  if (value !== undefined) return JSON.stringify(value);
  throw new PmError("usage", `the value of "${reference}" is not UTF-8, and JSON takes nothing else`, {
    hint: "?encoding=base64 takes any bytes",
  });
}

/** RFC 3986 section 2.3: all but unreserved characters, in capital letters. */
function percentEncoded(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    if (/[\w.~-]/.test(character)) return character;
    return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}
