/** An entry as people read it. */
import type { Attachment, Entry, FieldValue } from "../core/vault/model.ts";
import { minuteOf } from "./dates.ts";
import type { ShowOptions } from "./entry-json.ts";
import type { Style } from "./style.ts";
import { bytesOf } from "./values.ts";

/** Always as long, whatever it stands for. */
const MASK = "••••••••";
const MIN_LABEL_CHARS = 8;

interface Item {
  readonly label: string;
  /** The lines of the value. */
  readonly lines: readonly string[];
  readonly isField: boolean;
}

/** The path, then one item a line; the further lines of a value are indented under its first. */
export function entryLines(entry: Entry, options: ShowOptions, style: Style): string[] {
  const items = [
    ...entry.fields.map((field) => fieldItem(field.name, field, options.reveal)),
    ...entry.attachments.map(attachmentItem),
    ...factItems(entry),
    ...(options.history ? historyItems(entry, options.reveal) : []),
  ];
  const width = Math.max(MIN_LABEL_CHARS, ...items.map(({ label }) => label.length));
  const lines = items.flatMap((item) => {
    const label = item.label.padEnd(width);
    const [first = "", ...more] = item.lines;
    const head = `${item.isField ? style.cyan(label) : style.dim(label)}  ${first}`;
    return [head, ...more.map((line) => `${" ".repeat(width)}  ${line}`)];
  });
  return [style.bold(entry.path), ...lines];
}

function fieldItem(label: string, value: FieldValue, reveal: boolean): Item {
  return { label, lines: valueLines(value, reveal), isField: true };
}

/** The lines of a value; of a secret a mask that is always as long. */
export function valueLines(value: FieldValue, reveal: boolean): readonly string[] {
  if (value.withheld === true || (value.concealed && !reveal)) return [MASK];
  if (value.encoding === "base64") return [`(${bytesOf(value).length} bytes that are no text)`];
  return value.text.replace(/\r?\n$/, "").split(/\r?\n/);
}

function attachmentItem({ name, size }: Attachment): Item {
  return { label: name, lines: [`(attached, ${size} byte${size === 1 ? "" : "s"})`], isField: true };
}

function factItems(entry: Entry): Item[] {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["type", entry.type],
    ["tags", entry.tags.length === 0 ? undefined : entry.tags.join(", ")],
    ["expires", entry.expires],
    ["favourite", entry.favourite ? "yes" : undefined],
    ["use-only", entry.useOnly ? "yes" : undefined],
    ["recipe", entry.recipe],
    ["trashed", entry.trashed ? "yes" : undefined],
    ["conflicts", entry.conflicts.length === 0 ? undefined : entry.conflicts.join(", ")],
    ["created", minuteOf(entry.created)],
    ["modified", minuteOf(entry.modified)],
    ["id", entry.id],
  ];
  return facts.flatMap(([label, text]) =>
    text === undefined ? [] : [{ label: `(${label})`, lines: [text], isField: false }],
  );
}

function historyItems(entry: Entry, reveal: boolean): Item[] {
  return entry.history.map(({ field, value, written }) => {
    const [first = "", ...more] = valueLines(value, reveal);
    return { label: `${field} before`, lines: [`${minuteOf(written)}  ${first}`, ...more], isField: true };
  });
}
