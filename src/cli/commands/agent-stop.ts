import { runningAgent } from "../agent-call.ts";
import { type Command, defineCommand } from "../command.ts";

export const agentStop: Command = defineCommand({
  args: [],
  options: {},
  details: [
    "Locks all vaults, clears the clipboards that were to be cleared later, ends the agent, and returns when its socket is gone. Where none runs that is success.",
  ],
  examples: [{ command: "pm agent stop", note: "Lock everything, and leave nothing running" }],
  exits: ["unavailable"],
  vault: "none",
  async run(ctx) {
    using agent = await runningAgent(ctx);
    if (agent === undefined) return;
    await agent.request({ kind: "quit" });
    // The socket is removed before the connections are closed.
    await agent.ended;
    await ctx.out.note("the agent has ended");
  },
});
