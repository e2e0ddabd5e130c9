import { type Command, defineCommand } from "../command.ts";

export const sshAgent: Command = defineCommand({
  args: [{ name: "command", summary: "Program to run with the agent", variadic: true, foreign: true }],
  options: {
    socket: { kind: "value", hint: "PATH", completes: "file", summary: "Listen there instead" },
    only: { kind: "list", hint: "GLOB", summary: "Serve only entries with such names" },
  },
  details: [
    "Serves the keys of ssh-key entries to ssh, git, ssh-keygen -Y and everything else that speaks the protocol of ssh-agent. No private key leaves it: it signs. Ed25519, ECDSA and RSA keys are served, as ssh-keygen or OpenSSL writes them; the field passphrase opens those that are encrypted.",
    "Runs until Ctrl-C or SIGTERM; the first line says how to use it. With a command behind -- it runs that with SSH_AUTH_SOCK set, and ends with its status.",
    "Where pm's own agent is used every listing and every signature asks it: after pm lock no key is listed and nothing is signed, after pm unlock everything works again, and nobody is asked for a password. With PM_AGENT=off, or with a password or key that the call names, this process opens the vault itself and keeps it open.",
  ],
  examples: [
    { command: "pm ssh-agent -- ssh-add -l", note: "Which keys there are" },
    { command: "pm ssh-agent --only 'work/**' -- git push", note: "Some keys, for one command" },
  ],
  exits: ["conflict", "unavailable", "run-missing", "run-denied"],
  vault: "reads",
  async run(ctx, { args, options }) {
    const { runSshAgent } = await import("../ssh-agent-run.ts");
    return await runSshAgent(ctx, { ...options, command: args.command });
  },
});
