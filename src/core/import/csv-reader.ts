/** The reader of a CSV export whose columns are known. */
import { parseCsv } from "./csv.ts";
import { type CsvPreset, readRows } from "./csv-preset.ts";
import type { Reader } from "./reader.ts";

export function csvReader(preset: CsvPreset): Reader {
  return async (file) => ({
    entries: readRows(await parseCsv(file.text() ?? "", file.name), preset),
    skipped: [],
  });
}
