import { runningAgent } from "../agent-call.ts";
import { type Command, defineCommand } from "../command.ts";
import { vaultPath } from "../vault-path.ts";

export const lock: Command = defineCommand({
  args: [],
  options: {
    all: { kind: "flag", summary: "All vaults" },
  },
  details: [
    "Makes the agent forget the key of the vault at once, and returns when it is gone. Where no agent runs, or the vault is locked already, that is success. No agent is ever started; one that holds no key any longer ends by itself.",
  ],
  examples: [
    { command: "pm lock", note: "When you leave" },
    { command: "pm lock --all", note: "Every vault" },
  ],
  exits: ["not-found", "unavailable"],
  vault: "none",
  async run(ctx, { options }) {
    const vault = options.all ? undefined : await vaultPath(ctx);
    using agent = await runningAgent(ctx);
    if (agent === undefined) return;
    const { locked } = await agent.request({ kind: "lock", ...(vault === undefined ? {} : { vault }) });
    if (locked > 0) await ctx.out.note(locked === 1 ? "locked" : `locked ${locked} vaults`);
  },
});
