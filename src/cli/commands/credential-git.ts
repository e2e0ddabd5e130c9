import { type Command, defineCommand } from "../command.ts";

export const credentialGit: Command = defineCommand({
  args: [{ name: "action", summary: "get, store or erase", required: true }],
  options: {},
  details: [
    "Speaks the protocol of git's credential helpers (git-credential) on standard input and output; git calls it. After git config --global credential.helper pm, git takes user names and passwords from the vault, and keeps in it those that worked.",
    "get prints user name and password of the live entry whose field url is for that scheme, host and port; where git sends a path (credential.useHttpPath), the url with the longest beginning of it wins. An entry below git/ goes before others. Where several entries are as good, none is printed and a warning names them. A credential for https is never given to http.",
    "store keeps what worked as git/HOST, where no entry has it. erase moves what did not work to the trash, if its password is the one that git was refused with. Both touch no entry outside of the folder git, never ask for a password, and do nothing where the vault is locked or read-only.",
    "get asks for the master password where the vault is locked, unless --no-input, PM_NO_INPUT or GIT_TERMINAL_PROMPT=0 forbids it. An unknown action does nothing.",
  ],
  examples: [
    {
      command: "printf 'protocol=https\\nhost=github.com\\n\\n' | pm credential git get",
      note: "As git asks",
    },
    {
      command: "git config --global credential.helper '!pm credential git'",
      note: "Use it for all of git",
    },
  ],
  vault: "reads",
  async run(ctx, { args }) {
    const { runGitHelper } = await import("../credential-git-run.ts");
    await runGitHelper(ctx, args.action);
  },
});
