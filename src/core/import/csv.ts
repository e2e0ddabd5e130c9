/** Tables in a text file: parsed strictly, within bounds, with the lines of their rows. */
import { PmError } from "../errors.ts";

export interface CsvTable {
  /** As they stand there, trimmed. */
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
}

export interface CsvRow {
  /** From 1, of the row's first line. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** No password manager exports more than some thirty. */
const MAX_COLUMNS = 512;
/** As many as a vault holds entries. */
const MAX_ROWS = 200_000;

/** Commas, but for spreadsheets in countries where a comma is a decimal point. */
export function separatorOf(header: string): "," | ";" | "\t" {
  if (header.includes(",")) return ",";
  return header.includes(";") ? ";" : "\t";
}

/**
 * The table in `text`; rows without any text are left out.
 * @param name of the file, for messages
 * @throws PmError "usage" that names the line of a quote that is not closed; "limit"
 */
export async function parseCsv(text: string, name: string): Promise<CsvTable> {
  const [header, ...rows] = await parseCsvRows(text, name);
  return { columns: header?.cells.map((cell) => cell.trim()) ?? [], rows };
}

/** The same of a table without a header. */
export async function parseCsvRows(text: string, name: string): Promise<readonly CsvRow[]> {
  const header = /^[^\r\n]*/.exec(text)?.[0] ?? "";
  const delimiter = separatorOf(header);
  requireColumns(text, delimiter, name);
  const newline = newlineOf(text.slice(header.length, header.length + 2));
  const { default: papaparse } = await import("papaparse");
  const { data, errors } = papaparse.parse<string[]>(text, { delimiter, newline });
  const [error] = errors;
  if (error !== undefined) throw malformed(text, error.index ?? 0, name);
  if (data.length - 1 > MAX_ROWS) throw new PmError("limit", `${name} has more than ${MAX_ROWS} rows`);
  return withLines(data).filter(({ cells }) => cells.some((cell) => cell !== ""));
}

/** As the first line ends, so do the others: a lone one of another kind is a part of a cell. */
function newlineOf(afterHeader: string): "\r\n" | "\r" | "\n" {
  if (afterHeader === "\r\n") return afterHeader;
  return afterHeader.startsWith("\r") ? "\r" : "\n";
}

function withLines(data: readonly string[][]): readonly CsvRow[] {
  let line = 1;
  return data.map((cells) => {
    const row = { line, cells };
    line += 1 + cells.reduce((sum, cell) => sum + linesIn(cell), 0);
    return row;
  });
}

function linesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function malformed(text: string, index: number, name: string): PmError {
  const line = linesIn(text.slice(0, index)) + 1;
  return new PmError("usage", `line ${line} of ${name} has a quote that is not closed where the cell ends`, {
    hint: 'a quote inside a cell is written twice: ""',
  });
}

/** Before anything is taken apart: a file of nothing but commas would need a hundred times its size. */
function requireColumns(text: string, delimiter: string, name: string): void {
  const [separator, quote, lf, cr] = [delimiter, '"', "\n", "\r"].map((char) => char.charCodeAt(0));
  let [columns, line, isQuoted] = [1, 1, false];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) isQuoted = !isQuoted;
    if (code === lf) line++;
    if (isQuoted) continue;
    if (code === lf || code === cr) columns = 1;
    else if (code === separator && ++columns > MAX_COLUMNS) {
      throw new PmError("limit", `line ${line} of ${name} has more than ${MAX_COLUMNS} columns`);
    }
  }
}
