/** Tables for people. */

type Rows = readonly (readonly string[])[];

/** Columns padded to equal width, and no blanks at the end of a line: the last column is often empty. */
export function alignColumns(rows: Rows): readonly string[] {
  return padColumns(rows).map((line) => line.trimEnd());
}

/** The same, where the last cell is to stay as it is. */
export function padColumns(rows: Rows): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join("  "),
  );
}
