/** Rows as people and scripts read them: a tree, columns, or lines of a format. */
import { PmError } from "../core/errors.ts";
import type { Row } from "../core/vault/model.ts";
import { minuteOf } from "./dates.ts";
import { escapeControls } from "./escape.ts";
import type { Style } from "./style.ts";

const ID_DIGITS = 8;

interface Folder {
  readonly folders: Map<string, Folder>;
  readonly names: string[];
}

/** A tree of folders; `rows` are sorted by path. */
export function treeLines(rows: readonly Row[], style: Style): string[] {
  const root: Folder = { folders: new Map(), names: [] };
  for (const { path } of rows) {
    const parts = path.split("/");
    const name = parts.pop() ?? "";
    let folder = root;
    for (const part of parts) {
      const next = folder.folders.get(part) ?? { folders: new Map(), names: [] };
      folder.folders.set(part, next);
      folder = next;
    }
    folder.names.push(name);
  }
  return itemsOf(root).flatMap(({ name, folder }) =>
    folder === undefined ? [name] : [style.cyan(`${name}/`), ...branchLines(folder, "", style)],
  );
}

function branchLines(folder: Folder, indent: string, style: Style): string[] {
  const items = itemsOf(folder);
  return items.flatMap(({ name, folder: below }, index) => {
    const isLast = index === items.length - 1;
    const stem = `${indent}${isLast ? "└── " : "├── "}`;
    if (below === undefined) return [`${stem}${name}`];
    const deeper = branchLines(below, `${indent}${isLast ? "    " : "│   "}`, style);
    return [`${stem}${style.cyan(`${name}/`)}`, ...deeper];
  });
}

/** Entries and folders of one level together, by name; an entry stands before a folder of its name. */
function itemsOf(folder: Folder): { readonly name: string; readonly folder: Folder | undefined }[] {
  const items = [
    ...folder.names.map((name) => ({ name, folder: undefined })),
    ...Array.from(folder.folders, ([name, below]) => ({ name, folder: below })),
  ];
  return items.toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
}

/** Columns: short id, time of the last change, type, user name, path and tags. */
export function longLines(rows: readonly Row[]): string[] {
  const cells = rows.map((row) => [
    row.id.slice(0, ID_DIGITS),
    minuteOf(row.modified),
    row.type,
    escapeControls(row.username),
    `${row.path}${row.tags.map((tag) => `  #${tag}`).join("")}`,
  ]);
  const widths = [0, 1, 2, 3].map((column) =>
    cells.reduce((width, line) => Math.max(width, line[column]?.length ?? 0), 0),
  );
  return cells.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
}

const FORMATTERS: Readonly<Record<string, (row: Row) => string>> = {
  path: (row) => row.path,
  id: (row) => row.id,
  username: (row) => row.username,
  type: (row) => row.type,
  tags: (row) => row.tags.join(","),
  modified: (row) => new Date(row.modified).toISOString(),
  hosts: (row) => row.hosts.join(","),
};

/**
 * The function behind `--format`: `{field}` is replaced, `\t`, `\n` and `\\` are read as in printf.
 * Control characters in a value are escaped, so that a line stays a line.
 * @throws PmError "usage" for an unknown field or an open brace
 */
export function parseFormat(template: string): (row: Row) => string {
  const pieces = template.split(/(\{[^{}]*\}|\\[tn\\])/).map((text, index) =>
    // A split by one group gives the text between the matches at even places.
    index % 2 === 0 ? literal(text) : placeholder(text),
  );
  return (row) => pieces.map((piece) => piece(row)).join("");
}

function literal(text: string): (row: Row) => string {
  if (/[{}]/.test(text)) throw new PmError("usage", "--format has a brace that is not closed or not opened");
  return () => text;
}

function placeholder(text: string): (row: Row) => string {
  if (text.startsWith("\\")) return literal({ t: "\t", n: "\n" }[text.slice(1)] ?? "\\");
  const name = text.slice(1, -1);
  const formatter = Object.hasOwn(FORMATTERS, name) ? FORMATTERS[name] : undefined;
  if (formatter !== undefined) return (row) => escapeControls(formatter(row));
  throw new PmError("usage", `--format does not know {${name}}`, {
    hint: `one of ${Object.keys(FORMATTERS).join(", ")}`,
  });
}
