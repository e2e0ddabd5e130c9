/** Help pages as lines of plain text, from the same definitions as everything else. */
import type { ArgDef, OptionDef, Options } from "../command.ts";
import { EXIT_STATUSES, exitStatus } from "../exit.ts";
import { GLOBAL_OPTIONS } from "../globals.ts";
import { GROUPS, type Row } from "../registry.ts";
import { type CommandNode, visibleOptions } from "./tree.ts";

const WIDTH = 80;
const INDENT = "  ";
/** A wider left column pushes its text to the next line. */
const MAX_LEFT = 28;

type Pair = readonly [left: string, right: string];

/** The page of `pm` itself. */
export function rootHelp(rows: readonly Row[]): readonly string[] {
  const groups = Object.entries(GROUPS).flatMap(([group, title]) =>
    section(title, pairs(rows.filter((row) => row.group === group).map(rowPair))),
  );
  return [
    "pm keeps passwords and other secrets in one sealed file",
    "",
    "Usage: pm COMMAND [OPTIONS] [ARGUMENTS]",
    ...groups,
    ...section("Options of every command", optionLines(GLOBAL_OPTIONS)),
    "",
    "pm help COMMAND explains a command, pm help exit-codes the exit statuses.",
  ];
}

/** The page of the first word of nested commands. */
export function groupHelp(word: string, rows: readonly Row[]): readonly string[] {
  const own = rows.filter((row) => row.name.startsWith(`${word} `));
  return [
    `Usage: pm ${word} COMMAND [OPTIONS] [ARGUMENTS]`,
    ...section("Commands", pairs(own.map(rowPair))),
    "",
    `pm help ${word} COMMAND explains one of them.`,
  ];
}

export function commandHelp({ row, command }: CommandNode): readonly string[] {
  const exits = (command.exits ?? []).map(exitStatus);
  return [
    row.summary,
    "",
    `Usage: ${usage(row.name, command.args)}`,
    ...(row.aliases === undefined ? [] : [`Also: ${row.aliases.map((alias) => `pm ${alias}`).join(", ")}`]),
    ...command.details.flatMap((paragraph) => ["", ...wrap(paragraph, "")]),
    ...section("Arguments", pairs(command.args.map(argPair))),
    ...section("Options", optionLines(command.options)),
    ...section(
      "Examples",
      command.examples.flatMap((example) => exampleLines(example.command, example.note)),
    ),
    ...section("Exit status", pairs(exits.map(({ code, name, when }) => [`${code} ${name}`, when] as const))),
    "",
    "Options of every command: pm help. All exit statuses: pm help exit-codes.",
  ];
}

export function exitCodesHelp(): readonly string[] {
  const rows = EXIT_STATUSES.map(({ code, name, when }) => [`${code} ${name}`, when] as const);
  return ["Exit statuses of pm. They are stable: none is ever renumbered.", "", ...pairs(rows)];
}

/** `pm get [OPTIONS] NAME [FIELD]` */
function usage(name: string, args: readonly ArgDef[]): string {
  return ["pm", name, "[OPTIONS]", ...args.map(argLabel)].join(" ");
}

export function argLabel({ name, required, variadic, foreign }: ArgDef): string {
  const label = `${foreign === true ? "-- " : ""}${name.toUpperCase()}${variadic === true ? "..." : ""}`;
  return required === true ? label : `[${label}]`;
}

/** `--clip[=SECONDS]`, `--field FIELD`, `--json` */
export function optionLabel(name: string, def: OptionDef): string {
  if (def.kind === "flag") return `--${name}`;
  return def.kind === "optional" ? `--${name}[=${def.hint}]` : `--${name} ${def.hint}`;
}

function rowPair({ name, summary }: Row): Pair {
  return [name, summary];
}

function argPair({ name, summary, choices }: ArgDef): Pair {
  return [name.toUpperCase(), choices === undefined ? summary : `${summary}: ${choices.join(", ")}`];
}

function optionLines(options: Options): readonly string[] {
  return pairs(
    visibleOptions(options).map(([name, def]) => [
      `${def.short === undefined ? "   " : `-${def.short},`} ${optionLabel(name, def)}`,
      optionText(def),
    ]),
  );
}

/** The summary, with the choices where it does not list them itself. */
export function optionText(def: OptionDef): string {
  const choices = "choices" in def ? (def.choices ?? []) : [];
  const isListed = choices.every((choice) => def.summary.includes(choice));
  return isListed ? def.summary : `${def.summary}: ${choices.join(", ")}`;
}

function exampleLines(command: string, note: string): readonly string[] {
  return [`${INDENT}${command}`, `${INDENT}${INDENT}${INDENT}${note}`];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", `${title}:`, ...lines];
}

/** Two columns; the right one wraps. */
function pairs(rows: readonly Pair[]): readonly string[] {
  const widths = rows.map(([left]) => left.length).filter((length) => length <= MAX_LEFT);
  const left = Math.max(0, ...widths) + INDENT.length;
  const indent = `${INDENT}${" ".repeat(left)}`;
  return rows.flatMap(([label, text]) => {
    const [first = "", ...rest] = wrap(text, indent);
    if (label.length > MAX_LEFT) return [`${INDENT}${label}`, first, ...rest];
    return [`${INDENT}${label.padEnd(left)}${first.slice(indent.length)}`, ...rest];
  });
}

function wrap(text: string, indent: string): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(`${indent}${line}`);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, `${indent}${line}`];
}
