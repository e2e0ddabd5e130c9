/** Fields of an entry as the strings of KeePass: its five under its names, all others under their own. */
import { fromBase64 } from "../bytes.ts";
import type { KdbxAttachment, KdbxString } from "../kdbx/database.ts";
import { fitsXml } from "../kdbx/document-text.ts";
import type { EntryType, Field } from "../vault/model.ts";
import { isConcealedByDefault } from "../vault/types.ts";
import type { LossReport } from "./exported.ts";
import type { KdbxSource } from "./kdbx-source.ts";

export interface EntryStrings {
  readonly strings: readonly KdbxString[];
  /** Values that are no text. */
  readonly files: readonly KdbxAttachment[];
}

const KEYS: Readonly<Record<string, string>> = {
  username: "UserName",
  password: "Password",
  url: "URL",
  notes: "Notes",
};
const STANDARD: readonly string[] = ["Title", ...Object.values(KEYS)];

/** `fields` are those of `source`, or of an earlier version of it. */
export function toStrings(source: KdbxSource, fields: readonly Field[], report: LossReport): EntryStrings {
  const title = source.path.split("/").at(-1) ?? "";
  const strings = new Map<string, KdbxString>([
    ["Title", { key: "Title", value: title, isProtected: false }],
    ...Object.values(KEYS).map((key) => [key, { key, value: "", isProtected: key === "Password" }] as const),
  ]);
  const taken = new Set(STANDARD);
  const files: KdbxAttachment[] = [];
  for (const field of fields) {
    reportLosses(source, field, report);
    if (field.encoding === "base64") {
      files.push({ name: field.name, bytes: fromBase64(field.text) });
      continue;
    }
    const key = keyOf(field.name, taken);
    if (!STANDARD.includes(key) && key !== field.name)
      report({ what: `the name of ${field.name}`, path: source.path });
    taken.add(key);
    strings.set(key, toString(key, field, source.type));
  }
  return { strings: [...strings.values()], files };
}

function toString(key: string, field: Field, type: EntryType): KdbxString {
  const isSecret = field.concealed || isConcealedByDefault(type, field.name);
  return { key, value: field.text, isProtected: isSecret || !fitsXml(field.text) };
}

/** KeePass tells strings of an entry by their keys, and has a meaning for five of them. */
function keyOf(name: string, taken: ReadonlySet<string>): string {
  const standard = Object.hasOwn(KEYS, name) ? KEYS[name] : undefined;
  if (standard !== undefined) return standard;
  let key = name;
  for (let number = 2; taken.has(key); number++) key = `${name} (${number})`;
  return key;
}

function reportLosses({ path, type }: KdbxSource, field: Field, report: LossReport): void {
  const { name, encoding, concealed, text } = field;
  if (encoding === "base64")
    report({ what: `${name} as a field: it is no text, and becomes an attachment`, path });
  else if (!concealed && (isConcealedByDefault(type, name) || !fitsXml(text))) {
    report({ what: `that ${name} is not concealed`, path });
  }
}
