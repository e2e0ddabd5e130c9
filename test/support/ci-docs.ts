/** The examples of docs/ci.md as data: fenced blocks, and of each file what the service would run. */
import { readFileSync } from "node:fs";

export interface Block {
  /** The heading that it stands under. */
  readonly section: string;
  readonly language: string;
  readonly text: string;
}

const PAGE = new URL("../../docs/ci.md", import.meta.url);

/** Every fenced block of the page, in its order. */
export function ciBlocks(): readonly Block[] {
  const blocks: Block[] = [];
  let section = "";
  let open: { readonly language: string; readonly lines: string[] } | undefined;
  for (const line of readFileSync(PAGE, "utf8").split("\n")) {
    const fence = /^```(\w*)$/.exec(line);
    if (open === undefined) {
      section = /^#+ (.+)$/.exec(line)?.[1] ?? section;
      if (fence !== null) open = { language: fence[1] ?? "", lines: [] };
    } else if (fence === null) {
      open.lines.push(line);
    } else {
      blocks.push({ section, language: open.language, text: `${open.lines.join("\n")}\n` });
      open = undefined;
    }
  }
  return blocks;
}

/**
 * The lines below `key` of a YAML text that are indented more than it, without that indentation. This reads
 * the examples, which are as plain as they look, and no other YAML.
 */
export function below(yaml: string, key: string): string {
  const lines = yaml.split("\n");
  const at = lines.findIndex((line) => line.replace(/^[ -]*/, "").startsWith(`${key}:`));
  if (at < 0) throw new Error(`no ${key} in the example`);
  const indent = indentOf(lines[at] ?? "");
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => line !== "" && indentOf(line) <= indent);
  const own = end < 0 ? rest : rest.slice(0, end);
  const inner = /^ */.exec(own[0] ?? "")?.[0].length ?? 0;
  return own.map((line) => line.slice(inner)).join("\n");
}

/** Where the key of a line stands, the dash of a list item before it not counted. */
function indentOf(line: string): number {
  return /^[ -]*/.exec(line)?.[0].length ?? 0;
}

/** `KEY: value` lines. */
export function pairs(text: string): Readonly<Record<string, string>> {
  const found = [...text.matchAll(/^(\w+): (.+)$/gm)].map(([, key = "", value = ""]) => [key, value]);
  return Object.fromEntries(found) as Record<string, string>;
}

/** `- item` lines. */
export function items(text: string): readonly string[] {
  return [...text.matchAll(/^- (.+)$/gm)].map(([, item = ""]) => item);
}

export interface Step {
  /** An action of the service; it is not run. */
  readonly uses: string | undefined;
  readonly run: string | undefined;
  readonly env: Readonly<Record<string, string>>;
}

/** The steps of the only job of a workflow. */
export function workflowSteps(yaml: string): readonly Step[] {
  return below(yaml, "steps")
    .split(/^(?=- )/m)
    .map((text) => {
      const step = text.replace(/^- /, "  ");
      const run = /^ +run: (.+)$/m.exec(step)?.[1];
      return {
        uses: /^ +uses: (.+)$/m.exec(step)?.[1],
        run: run === "|" ? below(step, "run") : run,
        env: /^ +env:$/m.test(step) ? pairs(below(step, "env")) : {},
      };
    });
}

/** `Key=value` lines of a unit; a key that stands several times has all its values. */
export function unitValues(unit: string, key: string): readonly string[] {
  return unit.split("\n").flatMap((line) => (line.startsWith(`${key}=`) ? [line.slice(key.length + 1)] : []));
}
