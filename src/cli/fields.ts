/**
 * The field grammar of `add` and `set`: `field=value`, `field=@FILE`, `field=@@text`, `field=-`, with
 * `field:secret=` and `field:plain=`. Messages name the field and never repeat what stands behind "=".
 */
import { utf8, wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { EntryType, Field } from "../core/vault/model.ts";
import {
  canonicalField,
  isConcealedByDefault,
  OTP_FIELD,
  primaryField,
  standardFields,
} from "../core/vault/types.ts";
import type { Context } from "./context.ts";
import { parseFieldName } from "../core/vault/names.ts";
import { withoutNewline } from "./stdin.ts";
import { fieldOf, MAX_INPUT_BYTES } from "./values.ts";

type Source =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "stdin" };

/** One field argument, before its value is read. */
export interface FieldArg {
  readonly name: string;
  readonly source: Source;
  /** What `:secret` or `:plain` said; undefined without either. */
  readonly concealed: boolean | undefined;
}

/** What decides whether a field is a secret: the entry's type, and what it already holds. */
export interface FieldRules {
  readonly type: EntryType;
  readonly existing: readonly Field[];
  /** From --insecure-argv. */
  readonly secretsInArgv: boolean;
}

/** @throws PmError "usage" for an argument without "=", without a name or without a value. */
export function parseFieldArgs(args: readonly string[]): FieldArg[] {
  return args.map((arg, index) => {
    const at = arg.indexOf("=");
    // The argument may be a secret that was typed without its field name: it is not repeated.
    if (at < 1) {
      throw new PmError("usage", `field argument ${index + 1} is not of the form field=value`, {
        hint: "field=-, field=@FILE, or field=value for what is no secret",
      });
    }
    return fieldArg(arg.slice(0, at), arg.slice(at + 1));
  });
}

/** A field argument from an option such as `--user TEXT`, whose text is always taken as it stands. */
export function literalArg(name: string, text: string): FieldArg {
  if (text === "") throw emptyValue(name);
  return { name, source: { kind: "text", text }, concealed: undefined };
}

function fieldArg(spec: string, value: string): FieldArg {
  const marker = /:(secret|plain)$/.exec(spec);
  const name = parseFieldName(marker === null ? spec : spec.slice(0, marker.index));
  if (value === "" || value === "@") throw emptyValue(name);
  const concealed = marker === null ? undefined : marker[1] === "secret";
  return { name, source: sourceOf(value), concealed };
}

function sourceOf(value: string): Source {
  if (value === "-") return { kind: "stdin" };
  if (value.startsWith("@@")) return { kind: "text", text: value.slice(1) };
  if (value.startsWith("@")) return { kind: "file", path: value.slice(1) };
  return { kind: "text", text: value };
}

/**
 * The arguments with the names they mean in this entry and their concealment settled.
 * @throws PmError "usage" for a secret in argv, a field given twice, or two readers of stdin.
 */
export function judgeFields(args: readonly FieldArg[], rules: FieldRules): FieldArg[] {
  const judged = args.map((arg) => judgeField(arg, rules));
  const names = new Set<string>();
  for (const { name } of judged) {
    if (names.has(name)) throw new PmError("usage", `field "${name}" is given twice`);
    names.add(name);
  }
  const readers = judged.filter(({ source }) => source.kind === "stdin");
  if (readers.length > 1) {
    const both = readers.map(({ name }) => `"${name}"`).join(" and ");
    throw new PmError("usage", `${both} both want standard input, which is one value`, {
      hint: "field=@FILE for one of them",
    });
  }
  return judged;
}

function judgeField(arg: FieldArg, rules: FieldRules): FieldArg {
  const name = fieldNameIn(arg.name, rules);
  const known = rules.existing.find((field) => field.name === name);
  const secretByType = isConcealedByDefault(rules.type, name);
  const ofType = standardFields(rules.type).includes(name) || primaryField(rules.type) === name;
  if (arg.concealed === false && secretByType && ofType) {
    throw new PmError("usage", `field "${name}" of a ${rules.type} is always secret`);
  }
  const concealed = arg.concealed ?? known?.concealed ?? secretByType;
  if (concealed && arg.source.kind === "text" && !rules.secretsInArgv) {
    throw new PmError("usage", `field "${name}" is secret, and other processes can read arguments`, {
      hint: `${name}=- for standard input, or ${name}=@FILE`,
    });
  }
  return { name, source: arg.source, concealed };
}

/** The field meant by `name`: as it stands in the entry, else as its type spells it, else new. */
function fieldNameIn(name: string, rules: FieldRules): string {
  const names = rules.existing.map((field) => field.name);
  if (names.includes(name)) return name;
  const canonical = canonicalField(rules.type, name);
  const lower = canonical.toLowerCase();
  const alike = names.filter((known) => known.toLowerCase() === lower);
  if (alike.length === 1) return alike[0] ?? name;
  return standardFields(rules.type).find((known) => known === lower) ?? canonical;
}

/** Reads the values that judged arguments name. */
export async function readFields(
  ctx: Context,
  args: readonly FieldArg[],
  options: { readonly keepNewline: boolean },
): Promise<Field[]> {
  const fields: Field[] = [];
  for (const { name, source, concealed } of args) {
    const read = await readSource(ctx, source);
    const kept = source.kind === "text" || options.keepNewline ? read : withoutNewline(read);
    if (kept.length === 0) throw emptySource(name, source);
    const field = fieldOf(name, kept, concealed === true);
    wipe(read);
    if (name === OTP_FIELD) await (await import("./otp-warning.ts")).warnAboutOtp(ctx, field);
    fields.push(field);
  }
  return fields;
}

async function readSource(ctx: Context, source: Source): Promise<Uint8Array> {
  switch (source.kind) {
    case "text":
      return utf8(source.text);
    case "stdin":
      return ctx.input(MAX_INPUT_BYTES);
    case "file": {
      const { readSecretFile } = await import("../node/secret-input.ts");
      return (await readSecretFile(source.path, { cwd: ctx.io.cwd, limit: MAX_INPUT_BYTES })).bytes;
    }
  }
}

function emptyValue(name: string): PmError {
  return new PmError("usage", `the value of "${name}" is empty`, {
    hint: `pm unset NAME ${name} clears a field`,
  });
}

function emptySource(name: string, source: Source): PmError {
  const what = source.kind === "file" ? `the file "${source.path}"` : "standard input";
  return new PmError("usage", `${what} holds no value for "${name}"`);
}
