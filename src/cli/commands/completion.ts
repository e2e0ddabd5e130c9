import { utf8 } from "../../core/bytes.ts";
import { type Command, defineCommand } from "../command.ts";

export const completion: Command = defineCommand({
  args: [{ name: "shell", summary: "The shell", required: true, choices: ["bash", "zsh", "fish"] }],
  options: {
    install: { kind: "flag", summary: "Write it to where the shell looks for it" },
  },
  details: [
    "Prints the completion script of a shell. It completes commands, options, their values and file names, and where an agent runs and the vault is unlocked the names of entries and fields. At the Tab key nothing is asked for, and no agent is started.",
    "--install writes it to the user's own directory and replaces an older one: for bash $XDG_DATA_HOME/bash-completion/completions, which the package bash-completion reads, for fish $XDG_CONFIG_HOME/fish/completions, for zsh $XDG_DATA_HOME/zsh/site-functions. At a terminal it says what else the shell needs.",
  ],
  examples: [
    { command: "pm completion fish --install", note: "For every fish from now on" },
    { command: 'eval "$(pm completion bash)"', note: "For this bash only" },
  ],
  exits: ["unavailable"],
  vault: "none",
  async run(ctx, { args, options }) {
    const { completionOf } = await import("../gen/shells.ts");
    const script = await completionOf(args.shell);
    if (!options.install) return ctx.out.raw(utf8(script));
    const { completionPlace, installCompletion } = await import("../completion-install.ts");
    const { path, advice } = completionPlace(args.shell, ctx.io.env);
    await installCompletion(path, script);
    if (ctx.globals.json) return ctx.out.json({ v: 1, shell: args.shell, path });
    await ctx.out.note(`installed ${path}`);
    for (const line of advice) await ctx.out.note(line);
  },
});
