/** This process as the agent, for a service manager. */
import { PmError } from "../core/errors.ts";
import { runningAgent } from "./agent-call.ts";
import type { Context } from "./context.ts";

/** Does not return. @throws PmError "conflict" where another agent runs, "unavailable" where it can't be done */
export async function becomeAgent(ctx: Context): Promise<never> {
  using running = await runningAgent(ctx);
  if (running !== undefined) {
    throw new PmError("conflict", `an agent runs already, as process ${running.pid}`, {
      hint: "pm agent stop",
    });
  }
  const { replaceByAgent } = await import("../agent/launch.ts");
  return replaceByAgent(ctx.io.env);
}
