import { type Command, defineCommand } from "../command.ts";
import { runVaultAction, VAULT_ACTIONS } from "../vault-names.ts";

export const configVault: Command = defineCommand({
  args: [
    { name: "action", summary: "What to do", required: true, choices: VAULT_ACTIONS },
    { name: "name", summary: "Name of the vault" },
    { name: "path", summary: "File of the vault (NAME.pm in the data folder)", completes: "file" },
  ],
  options: {
    none: { kind: "flag", summary: "With default: the vault in the data folder again" },
  },
  details: [
    "Gives vaults names for --vault, PM_VAULT and the setting vault. The names stand in the settings file; no vault is opened, made or removed.",
    "add NAME [PATH] gives a name: up to 64 letters, digits, dots, dashes and underscores, the first no dot and no dash. The path is kept as an absolute one, and need not exist yet: pm init --vault NAME makes the vault. ls lists the names, with a star after the default one. rm NAME forgets a name. default NAME makes the vault the one that is used where nothing else is said; default --none takes that back.",
    "A word without a path separator is a name first, then a file in the working directory: ./work is always the file.",
  ],
  examples: [
    { command: "pm config vault add work /srv/vaults/work.pm", note: "From now on pm --vault work" },
    { command: "pm config vault add home && pm config vault default home", note: "In the data folder" },
    { command: "pm config vault ls", note: "All the names" },
  ],
  exits: ["not-found", "conflict"],
  vault: "none",
  async run(ctx, { args, options }) {
    const { name, path } = args;
    await runVaultAction(ctx, args.action, { name, path, none: options.none });
  },
});
