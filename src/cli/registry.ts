/** The one table of commands. A nested command has a space in its name; its file has a dash there. */
import type { Command } from "./command.ts";

export const GROUPS = {
  read: "Read",
  write: "Write",
  use: "Use",
  vault: "Vault and keys",
  other: "Everything else",
} as const;

export interface Row {
  readonly name: string;
  /** Frozen: one may be added, none changed or removed. */
  readonly aliases?: readonly string[];
  /** Aliases that work and that help does not show. */
  readonly hiddenAliases?: readonly string[];
  readonly group: keyof typeof GROUPS;
  /** Of a nested command: its second word may be left out before one of its options. */
  readonly isDefault?: true;
  /** One line, at most 60 characters, no final period. */
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

export const ROWS: readonly Row[] = [
  {
    name: "get",
    group: "read",
    summary: "Print one field of an entry",
    load: async () => (await import("./commands/get.ts")).get,
  },
  {
    name: "show",
    group: "read",
    summary: "Show an entry, its secrets masked",
    load: async () => (await import("./commands/show.ts")).show,
  },
  {
    name: "ls",
    aliases: ["list"],
    group: "read",
    summary: "List entries",
    load: async () => (await import("./commands/ls.ts")).ls,
  },
  {
    name: "find",
    aliases: ["search"],
    group: "read",
    summary: "Search entries by name, tag, user name or address",
    load: async () => (await import("./commands/find.ts")).find,
  },
  {
    name: "attach get",
    group: "read",
    summary: "Write an attachment of an entry into a file",
    load: async () => (await import("./commands/attach-get.ts")).attachGet,
  },
  {
    name: "attach ls",
    group: "read",
    summary: "List the attachments of an entry",
    load: async () => (await import("./commands/attach-ls.ts")).attachLs,
  },
  {
    name: "history",
    group: "read",
    summary: "List the values that fields have had",
    load: async () => (await import("./commands/history.ts")).history,
  },
  {
    name: "log",
    group: "read",
    summary: "List what changed, when and where",
    load: async () => (await import("./commands/log.ts")).log,
  },
  {
    name: "conflicts",
    group: "read",
    summary: "List fields that hold several values",
    load: async () => (await import("./commands/conflicts.ts")).conflicts,
  },
  {
    name: "add",
    hiddenAliases: ["insert", "create", "new"],
    group: "write",
    summary: "Add an entry",
    load: async () => (await import("./commands/add.ts")).add,
  },
  {
    name: "set",
    group: "write",
    summary: "Change fields, tags and other facts of an entry",
    load: async () => (await import("./commands/set.ts")).set,
  },
  {
    name: "edit",
    group: "write",
    summary: "Change an entry in your editor",
    load: async () => (await import("./commands/edit.ts")).edit,
  },
  {
    name: "unset",
    group: "write",
    summary: "Remove fields from an entry",
    load: async () => (await import("./commands/unset.ts")).unset,
  },
  {
    name: "gen",
    aliases: ["generate"],
    group: "write",
    summary: "Generate a password, a passphrase or a PIN",
    load: async () => (await import("./commands/gen.ts")).gen,
  },
  {
    name: "strength",
    group: "other",
    summary: "Say how hard a password is to guess",
    load: async () => (await import("./commands/strength.ts")).strength,
  },
  {
    name: "attach add",
    group: "write",
    summary: "Attach a file to an entry",
    load: async () => (await import("./commands/attach-add.ts")).attachAdd,
  },
  {
    name: "attach rm",
    group: "write",
    summary: "Remove an attachment",
    load: async () => (await import("./commands/attach-rm.ts")).attachRm,
  },
  {
    name: "mv",
    group: "write",
    summary: "Rename or move an entry",
    load: async () => (await import("./commands/mv.ts")).mv,
  },
  {
    name: "cp",
    group: "write",
    summary: "Copy an entry",
    load: async () => (await import("./commands/cp.ts")).cp,
  },
  {
    name: "rm",
    aliases: ["remove", "delete"],
    group: "write",
    summary: "Move entries to the trash",
    load: async () => (await import("./commands/rm.ts")).rm,
  },
  {
    name: "trash ls",
    aliases: ["trash list"],
    group: "write",
    summary: "List what is in the trash",
    load: async () => (await import("./commands/trash-ls.ts")).trashLs,
  },
  {
    name: "trash restore",
    group: "write",
    summary: "Take an entry back out of the trash",
    load: async () => (await import("./commands/trash-restore.ts")).trashRestore,
  },
  {
    name: "trash empty",
    group: "write",
    summary: "Erase what is in the trash for ever",
    load: async () => (await import("./commands/trash-empty.ts")).trashEmpty,
  },
  {
    name: "undo",
    group: "write",
    summary: "Take the last changes back",
    load: async () => (await import("./commands/undo.ts")).undo,
  },
  {
    name: "resolve",
    group: "write",
    summary: "Settle fields that hold several values",
    load: async () => (await import("./commands/resolve.ts")).resolve,
  },
  {
    name: "run",
    group: "use",
    summary: "Run a command with secrets in its environment",
    load: async () => (await import("./commands/run.ts")).run,
  },
  {
    name: "inject",
    group: "use",
    summary: "Put values into a template",
    load: async () => (await import("./commands/inject.ts")).inject,
  },
  {
    name: "env",
    group: "use",
    summary: "Print variables for a shell or another program",
    load: async () => (await import("./commands/env.ts")).env,
  },
  {
    name: "redact",
    group: "use",
    summary: "Mask the secrets of the vault in a stream",
    load: async () => (await import("./commands/redact.ts")).redact,
  },
  {
    name: "scan",
    group: "use",
    summary: "Find secrets of the vault in files",
    load: async () => (await import("./commands/scan.ts")).scan,
  },
  {
    name: "adopt",
    group: "use",
    summary: "Move the values of an env file into the vault",
    load: async () => (await import("./commands/adopt.ts")).adopt,
  },
  {
    name: "init",
    group: "vault",
    summary: "Create the vault",
    load: async () => (await import("./commands/init.ts")).init,
  },
  {
    name: "status",
    group: "vault",
    summary: "Say where the vault is, and what opens it",
    load: async () => (await import("./commands/status.ts")).status,
  },
  {
    name: "unlock",
    group: "vault",
    summary: "Type the password once for a while",
    load: async () => (await import("./commands/unlock.ts")).unlock,
  },
  {
    name: "lock",
    group: "vault",
    summary: "Forget the vault's key at once",
    load: async () => (await import("./commands/lock.ts")).lock,
  },
  {
    name: "passwd",
    group: "vault",
    summary: "Change the master password",
    load: async () => (await import("./commands/passwd.ts")).passwd,
  },
  {
    name: "key add",
    group: "vault",
    summary: "Add a way to open the vault",
    load: async () => (await import("./commands/key-add.ts")).keyAdd,
  },
  {
    name: "key ls",
    aliases: ["key list"],
    group: "vault",
    summary: "List the ways to open the vault",
    load: async () => (await import("./commands/key-ls.ts")).keyLs,
  },
  {
    name: "key rm",
    aliases: ["key remove", "key delete"],
    group: "vault",
    summary: "Remove a way to open the vault",
    load: async () => (await import("./commands/key-rm.ts")).keyRm,
  },
  {
    name: "key split",
    group: "vault",
    summary: "Split a recovery code into shares",
    load: async () => (await import("./commands/key-split.ts")).keySplit,
  },
  {
    name: "key combine",
    group: "vault",
    summary: "Print the recovery code of shares",
    load: async () => (await import("./commands/key-combine.ts")).keyCombine,
  },
  {
    name: "rekey",
    group: "vault",
    summary: "Renew the root key, and all keys with it",
    load: async () => (await import("./commands/rekey.ts")).rekey,
  },
  {
    name: "bundle make",
    group: "vault",
    isDefault: true,
    summary: "Seal some entries into a file for a machine",
    load: async () => (await import("./commands/bundle-make.ts")).bundleMake,
  },
  {
    name: "bundle ls",
    aliases: ["bundle list"],
    group: "vault",
    summary: "List the bundles, and whether they are up to date",
    load: async () => (await import("./commands/bundle-ls.ts")).bundleLs,
  },
  {
    name: "bundle refresh",
    group: "vault",
    summary: "Seal bundles anew with the present values",
    load: async () => (await import("./commands/bundle-refresh.ts")).bundleRefresh,
  },
  {
    name: "bundle rm",
    aliases: ["bundle remove", "bundle delete"],
    group: "vault",
    summary: "Forget a bundle, and list what its key has opened",
    load: async () => (await import("./commands/bundle-rm.ts")).bundleRm,
  },
  {
    name: "verify",
    group: "vault",
    summary: "Check every byte of the vault",
    load: async () => (await import("./commands/verify.ts")).verify,
  },
  {
    name: "doctor",
    group: "vault",
    summary: "Look for what is wrong, and say what mends it",
    load: async () => (await import("./commands/doctor.ts")).doctor,
  },
  {
    name: "backup",
    group: "vault",
    summary: "Make a sealed copy of the vault",
    load: async () => (await import("./commands/backup.ts")).backup,
  },
  {
    name: "diff",
    group: "vault",
    summary: "Compare the vault with another copy of it",
    load: async () => (await import("./commands/diff.ts")).diff,
  },
  {
    name: "merge",
    group: "vault",
    summary: "Take over what another copy of the vault has",
    load: async () => (await import("./commands/merge.ts")).merge,
  },
  {
    name: "upgrade",
    group: "vault",
    summary: "Bring the vault to the newest format",
    load: async () => (await import("./commands/upgrade.ts")).upgrade,
  },
  {
    name: "restore",
    group: "vault",
    summary: "Go back to a copy of the vault",
    load: async () => (await import("./commands/restore.ts")).restore,
  },
  {
    name: "config get",
    group: "vault",
    summary: "Print a setting",
    load: async () => (await import("./commands/config-get.ts")).configGet,
  },
  {
    name: "config set",
    group: "vault",
    summary: "Change a setting",
    load: async () => (await import("./commands/config-set.ts")).configSet,
  },
  {
    name: "config unset",
    group: "vault",
    summary: "Put a setting back to its default",
    load: async () => (await import("./commands/config-unset.ts")).configUnset,
  },
  {
    name: "config list",
    aliases: ["config ls"],
    group: "vault",
    summary: "List the settings, and where they come from",
    load: async () => (await import("./commands/config-list.ts")).configList,
  },
  {
    name: "config vault",
    group: "vault",
    summary: "Give vaults names, and choose the default one",
    load: async () => (await import("./commands/config-vault.ts")).configVault,
  },
  {
    name: "agent start",
    group: "vault",
    summary: "Start the process that keeps vaults unlocked",
    load: async () => (await import("./commands/agent-start.ts")).agentStart,
  },
  {
    name: "agent stop",
    group: "vault",
    summary: "Lock all vaults, and end the agent",
    load: async () => (await import("./commands/agent-stop.ts")).agentStop,
  },
  {
    name: "agent status",
    group: "vault",
    summary: "Say whether the agent runs, and what it holds",
    load: async () => (await import("./commands/agent-status.ts")).agentStatus,
  },
  {
    name: "agent log",
    group: "vault",
    summary: "List what the agent gave out, and to whom",
    load: async () => (await import("./commands/agent-log.ts")).agentLog,
  },
  {
    name: "credential git",
    group: "use",
    summary: "Give git its user names and passwords",
    load: async () => (await import("./commands/credential-git.ts")).credentialGit,
  },
  {
    name: "credential docker",
    group: "use",
    summary: "Give docker its user names and passwords",
    load: async () => (await import("./commands/credential-docker.ts")).credentialDocker,
  },
  {
    name: "ssh-agent",
    group: "use",
    summary: "Serve the SSH keys of the vault",
    load: async () => (await import("./commands/ssh-agent.ts")).sshAgent,
  },
  {
    name: "import",
    group: "vault",
    summary: "Take over an export of another password manager",
    load: async () => (await import("./commands/import.ts")).importCommand,
  },
  {
    name: "completion",
    group: "other",
    summary: "Print or install the completion of a shell",
    load: async () => (await import("./commands/completion.ts")).completion,
  },
  {
    name: "man",
    group: "other",
    summary: "Show the manual page",
    load: async () => (await import("./commands/man.ts")).man,
  },
  {
    name: "help",
    group: "other",
    summary: "Explain a command, or the exit codes",
    load: async () => (await import("./commands/help.ts")).help,
  },
  {
    name: "version",
    group: "other",
    summary: "Print the version",
    load: async () => (await import("./commands/version.ts")).version,
  },
];

/** For programs, not for people: help, man page and completions don't name them. */
const HIDDEN_ROWS: readonly Row[] = [
  {
    name: "complete",
    group: "other",
    summary: "Print names for the completion of a shell",
    load: async () => (await import("./commands/complete.ts")).complete,
  },
];

/** Every name and alias. */
const BY_NAME = new Map<string, Row>();
/** First words of nested commands. */
const GROUP_WORDS = new Set<string>();
/** Of groups the second word that may be left out. */
const DEFAULTS = new Map<string, string>();

for (const row of [...ROWS, ...HIDDEN_ROWS]) {
  for (const name of namesOf(row)) BY_NAME.set(name, row);
  const [group = "", second] = row.name.split(" ");
  if (row.isDefault === true && second !== undefined) DEFAULTS.set(group, second);
  if (row.name.includes(" ")) GROUP_WORDS.add(row.name.slice(0, row.name.indexOf(" ")));
}

/** The name and all aliases. */
export function namesOf({ name, aliases = [], hiddenAliases = [] }: Row): readonly string[] {
  return [name, ...aliases, ...hiddenAliases];
}

/** The command called `name` (or with this alias); nested ones as "key add". Never by a prefix. */
export function findRow(name: string): Row | undefined {
  return BY_NAME.get(name);
}

/** The second word that a group of commands does without, undefined where it has none. */
export function defaultOf(group: string): string | undefined {
  return DEFAULTS.get(group);
}

/** Whether `word` only stands before other words, as "key" does. */
export function isGroup(word: string): boolean {
  return GROUP_WORDS.has(word);
}
