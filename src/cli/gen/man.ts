/** The manual page: a hand-written frame, and what the command table knows. */
import type { ArgDef, Options } from "../command.ts";
import { EXIT_STATUSES, exitStatus } from "../exit.ts";
import { GROUPS } from "../registry.ts";
import { VERSION } from "../version.ts";
import { argLabel, optionLabel, optionText } from "./help.ts";
import { MAN_FRAME } from "./man-frame.ts";
import { type CommandNode, type CommandTree, visibleOptions } from "./tree.ts";

export function manPage(tree: CommandTree): string {
  const parts: Readonly<Record<string, readonly string[]>> = {
    VERSION: [VERSION],
    COMMANDS: Object.entries(GROUPS).flatMap(([group, title]) => [
      `.SS ${escape(title)}`,
      ...tree.commands.filter(({ row }) => row.group === group).flatMap(commandLines),
    ]),
    OPTIONS: optionLines(tree.globals),
    "EXIT-STATUS": EXIT_STATUSES.flatMap(({ code, name, when }) => [
      ".TP",
      `.B ${code}`,
      escape(`${name}: ${when}`),
    ]),
  };
  return MAN_FRAME.replaceAll(/\{\{([A-Z-]+)\}\}/g, (_hole, name: string) => (parts[name] ?? []).join("\n"));
}

/** Text that troff prints as it stands. */
function escape(text: string): string {
  const plain = text.replaceAll("\\", String.raw`\e`).replaceAll("-", String.raw`\-`);
  // A dot or a quote in the first column would begin a request.
  return plain.replace(/^(?=[.'])/, String.raw`\&`);
}

/** As an argument of a macro: quotes keep the spaces. */
function argument(text: string): string {
  return `"${escape(text).replaceAll('"', String.raw`\(dq`)}"`;
}

function commandLines({ row, command }: CommandNode): readonly string[] {
  const synopsis = ["pm", row.name, ...command.args.map(argLabel)].join(" ");
  const [first = "", ...rest] = command.details;
  return [
    ".TP",
    `.B ${argument(synopsis)}`,
    escape(`${row.summary}.`),
    ...[first, ...rest].flatMap((paragraph) => [".IP", escape(paragraph)]),
    ...aliasLines(row.aliases ?? []),
    ...nested([...argumentLines(command.args), ...optionLines(command.options)]),
    ...exitLines(command.exits ?? []),
    ...command.examples.flatMap(({ command: typed, note }) => exampleLines(typed, note)),
  ];
}

function aliasLines(aliases: readonly string[]): readonly string[] {
  if (aliases.length === 0) return [];
  return [".IP", escape(`Also: ${aliases.map((alias) => `pm ${alias}`).join(", ")}.`)];
}

function nested(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [".RS", ...lines, ".RE"];
}

/** Only the arguments that have more to say than their name does. */
function argumentLines(args: readonly ArgDef[]): readonly string[] {
  return args.flatMap((def) => {
    const choices = def.choices === undefined ? "" : `: ${def.choices.join(", ")}`;
    return [".TP", `.I ${argument(def.name.toUpperCase())}`, escape(`${def.summary}${choices}`)];
  });
}

function optionLines(options: Options): readonly string[] {
  return visibleOptions(options).flatMap(([name, def]) => {
    const short = def.short === undefined ? "" : `-${def.short}, `;
    return [".TP", `.B ${argument(`${short}${optionLabel(name, def)}`)}`, escape(optionText(def))];
  });
}

function exitLines(codes: NonNullable<CommandNode["command"]["exits"]>): readonly string[] {
  if (codes.length === 0) return [];
  const statuses = [...new Set(codes.map(exitStatus))].map(({ code, name }) => `${code} (${name})`);
  return [".IP", escape(`Exit status beside the usual ones: ${statuses.join(", ")}.`)];
}

function exampleLines(command: string, note: string): readonly string[] {
  return [".IP", escape(`${note}:`), ".nf", `.B ${argument(command)}`, ".fi"];
}
