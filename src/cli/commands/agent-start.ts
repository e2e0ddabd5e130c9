import { requireAgentOn, startedAgent } from "../agent-call.ts";
import { type Command, defineCommand } from "../command.ts";

export const agentStart: Command = defineCommand({
  args: [],
  options: {
    foreground: { kind: "flag", summary: "Be the agent, for a service manager" },
  },
  details: [
    "Starts the agent without a key, and returns when it answers; one that runs already is success. pm unlock starts it by itself, and without a key it ends after ten seconds.",
    "With --foreground this process is the agent, and stays also without a key, until SIGTERM, SIGINT or pm agent stop. systemd/pm-agent.service of the package is a unit for it.",
  ],
  examples: [{ command: "pm agent start", note: "Have it ready" }],
  exits: ["usage", "conflict", "unavailable"],
  vault: "none",
  async run(ctx, { options }) {
    requireAgentOn(ctx, "and is not started");
    if (options.foreground) {
      const { becomeAgent } = await import("../agent-foreground.ts");
      return await becomeAgent(ctx);
    }
    using agent = await startedAgent(ctx);
    await ctx.out.note(`the agent runs as process ${agent.pid}`);
  },
});
