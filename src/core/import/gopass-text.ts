/**
 * The formats of gopass (docs/secrets.md and internal/action/binary.go of gopasspw/gopass): GOPASS-SECRET-1.0, YAML
 * behind "---", files as base64, and what `pass` has.
 */
import { fromBase64, fromUtf8 } from "../bytes.ts";
import { type FieldList, fieldList } from "./field-list.ts";
import {
  addLines,
  addPair,
  fileSecret,
  linesOf,
  passSecret,
  type StoredSecret,
  textOf,
} from "./pass-text.ts";

const MIME_HEADER = "GOPASS-SECRET-1.0";
const YAML_MARKER = "---";
/** A scalar of one line that YAML reads as it stands, or in quotes. */
const SCALAR =
  /^([^\s#:&*!|>'"%@`{}[\],?-][^:#]*):[ \t]+(?:"((?:[^"\\]|\\["\\/])*)"|'((?:[^']|'')*)'|([^\s&*!|>'"%@`{[][^#]*))$/;

/** @param name of the entry: what is not text becomes an attachment of that name */
export function gopassSecret(bytes: Uint8Array, name: string): StoredSecret {
  const lines = linesOf(fromUtf8(bytes) ?? "");
  if (lines[0]?.trim() === MIME_HEADER) return mimeSecret(lines.slice(1));
  const file = fileOf(lines, name);
  if (file !== undefined) return file;
  const marker = lines.indexOf(YAML_MARKER);
  if (marker !== -1) return yamlSecret(lines.slice(0, marker), lines.slice(marker + 1));
  return passSecret(bytes, name);
}

/** Headers, as RFC 5322 folds them, up to an empty line; the text behind it is kept as it is. */
function mimeSecret(lines: readonly string[]): StoredSecret {
  const fields = fieldList("login");
  const end = lines.indexOf("");
  const headers = end === -1 ? lines : lines.slice(0, end);
  for (const header of headers
    .join("\n")
    .replace(/\n[ \t]+/g, " ")
    .split("\n")) {
    const [, key, value = ""] = /^([^:]+):[ \t]*(.*)$/.exec(header) ?? [];
    if (key === undefined) addNote(fields, header);
    else if (key.toLowerCase() !== "password" || !fields.standard("password", value))
      addPair(fields, key, value);
  }
  if (end !== -1) fields.standard("notes", lines.slice(end + 1).join("\n"));
  return { type: "login", fields: fields.all(), attachments: [] };
}

/** What is no header has no name. */
function addNote(fields: FieldList, line: string): void {
  fields.custom("header", line);
}

/** As `gopass fscopy` and `gopass cat` keep files: two headers behind an empty first line, then base64. */
function fileOf(lines: readonly string[], name: string): StoredSecret | undefined {
  const isFile = lines.some((line) => /^content-transfer-encoding: base64$/i.test(line));
  if (!isFile) return undefined;
  const headers = lines.filter((line) => line.includes(": "));
  const bytes = fromBase64(lines.filter((line) => !line.includes(": ")).join(""));
  const names = headers.map((line) => /^content-disposition: attachment; filename="(.*)"$/i.exec(line)?.[1]);
  return bytes === undefined ? undefined : fileSecret(names.find((found) => found) ?? name, bytes);
}

function yamlSecret(before: readonly string[], yaml: readonly string[]): StoredSecret {
  const fields = fieldList("login");
  const [first = "", ...lines] = before;
  fields.standard("password", first);
  const notes = [addLines(fields, lines), addYaml(fields, yaml)];
  fields.standard("notes", notes.filter((note) => note !== "").join("\n"));
  return { type: "login", fields: fields.all(), attachments: [] };
}

/** One field for each scalar of one line on the top level; everything else stays as it is written. */
function addYaml(fields: FieldList, lines: readonly string[]): string {
  const rest = lines.filter((line, n) => {
    const [, key, double, single, plain] = SCALAR.exec(line) ?? [];
    const isContinued = /^(?:[ \t]|-(?: |$))/.test(lines[n + 1] ?? "");
    const value = double?.replace(/\\(.)/g, "$1") ?? single?.replaceAll("''", "'") ?? plain?.trimEnd();
    if (key === undefined || value === undefined || isContinued) return true;
    if (key !== "password" || !fields.standard("password", value)) addPair(fields, key, value);
    return false;
  });
  return textOf(rest);
}
