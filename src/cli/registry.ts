/** The one table of commands. A nested command has a space in its name; its file has a dash there. */
import type { Command } from "./command.ts";

export const GROUPS = {
  read: "Read",
  write: "Write",
  vault: "Vault and keys",
  other: "Everything else",
} as const;

export interface Row {
  readonly name: string;
  /** Frozen: one may be added, none changed or removed. */
  readonly aliases: readonly string[];
  /** Aliases that work and that help does not show. */
  readonly hiddenAliases?: readonly string[];
  readonly group: keyof typeof GROUPS;
  /** One line, at most 60 characters, no final period. */
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

export const ROWS: readonly Row[] = [
  {
    name: "get",
    aliases: [],
    group: "read",
    summary: "Print one field of an entry",
    load: async () => (await import("./commands/get.ts")).get,
  },
  {
    name: "add",
    aliases: [],
    hiddenAliases: ["insert", "create", "new"],
    group: "write",
    summary: "Add an entry",
    load: async () => (await import("./commands/add.ts")).add,
  },
  {
    name: "version",
    aliases: [],
    group: "other",
    summary: "Print the version",
    load: async () => (await import("./commands/version.ts")).version,
  },
  {
    name: "help",
    aliases: [],
    group: "other",
    summary: "Explain a command, or the exit codes",
    load: async () => (await import("./commands/help.ts")).help,
  },
];

/** Every name and alias. */
const BY_NAME = new Map<string, Row>();
/** First words of nested commands. */
const GROUP_WORDS = new Set<string>();

for (const row of ROWS) {
  for (const name of [row.name, ...row.aliases, ...(row.hiddenAliases ?? [])]) BY_NAME.set(name, row);
  if (row.name.includes(" ")) GROUP_WORDS.add(row.name.slice(0, row.name.indexOf(" ")));
}

/** The command called `name` (or with this alias); nested ones as "key add". Never by a prefix. */
export function findRow(name: string): Row | undefined {
  return BY_NAME.get(name);
}

/** Whether `word` only stands before other words, as "key" does. */
export function isGroup(word: string): boolean {
  return GROUP_WORDS.has(word);
}
