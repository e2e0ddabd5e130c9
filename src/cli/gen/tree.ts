/** The command table with every definition loaded: what the generators and the meta-tests read. */
import type { ArgDef, Command, OptionDef, Options } from "../command.ts";
import { GLOBAL_OPTIONS } from "../globals.ts";
import { ROWS, type Row } from "../registry.ts";

export interface CommandNode {
  readonly row: Row;
  readonly command: Command;
}

export interface CommandTree {
  readonly commands: readonly CommandNode[];
  readonly globals: Options;
}

export async function loadTree(): Promise<CommandTree> {
  const commands = await Promise.all(ROWS.map(async (row) => ({ row, command: await row.load() })));
  return { commands, globals: GLOBAL_OPTIONS };
}

/** A word that may follow the words `parent` of a command's name. */
export interface NextWord {
  readonly parent: string;
  readonly word: string;
  readonly summary: string;
}

/** Every word of every command's name, without aliases; "" is the parent of the first ones. */
export function nextWords({ commands }: CommandTree): readonly NextWord[] {
  const firsts = new Map<string, NextWord>();
  const seconds: NextWord[] = [];
  for (const { row } of commands) {
    const [first = "", second] = row.name.split(" ");
    if (second === undefined) {
      firsts.set(first, { parent: "", word: first, summary: row.summary });
    } else {
      const siblings = commands.filter((node) => node.row.name.startsWith(`${first} `));
      const words = siblings.map((node) => node.row.name.slice(first.length + 1));
      firsts.set(first, { parent: "", word: first, summary: words.join(", ") });
      seconds.push({ parent: first, word: second, summary: row.summary });
    }
  }
  return [...firsts.values(), ...seconds];
}

/** What `pm help` explains beside the commands. */
export const HELP_TOPIC: NextWord = { parent: "", word: "exit-codes", summary: "The exit statuses" };

/** First words of nested commands. */
export function groupWords(tree: CommandTree): readonly string[] {
  return [...new Set(nextWords(tree).map(({ parent }) => parent))].filter((parent) => parent !== "");
}

/** The options that people see, in the order of their definition. */
export function visibleOptions(options: Options): readonly (readonly [string, OptionDef])[] {
  return Object.entries(options).filter(([, def]) => def.hidden !== true);
}

/** What a shell can offer for a value or an argument; names of entries, fields and attachments come from an unlocked agent. */
export type Offer =
  | { readonly kind: "choices"; readonly choices: readonly string[] }
  | { readonly kind: "file" | "directory" | "command" | "entry" | "field" | "attachment" | "none" };

export function offerOf(def: ArgDef | OptionDef): Offer {
  if ("choices" in def && def.choices !== undefined) return { kind: "choices", choices: def.choices };
  const completes = "completes" in def ? def.completes : undefined;
  switch (completes) {
    case "file":
    case "directory":
    case "command":
    case "entry":
    case "field":
    case "attachment":
      return { kind: completes };
    case "none":
    case undefined:
      return { kind: "none" };
  }
}

/** Whether an option takes the next word where it has no "=". */
export function takesWord({ kind }: OptionDef): boolean {
  return kind === "value" || kind === "list";
}
