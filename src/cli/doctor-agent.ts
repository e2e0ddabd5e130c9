/** What `pm doctor` looks at of the agent. */
import { PmError } from "../core/errors.ts";
import type { AgentSubject } from "../node/health/finding.ts";
import { placeOf } from "./agent-call.ts";
import type { Context } from "./context.ts";
import { isAgentOff } from "./open-session.ts";

export async function agentSubject(call: Context): Promise<AgentSubject> {
  const { lookAtAgent } = await import("../agent/look.ts");
  try {
    const place = await placeOf(call);
    try {
      return { ...place, ...(await lookAtAgent(place)) };
    } catch (error) {
      if (!(error instanceof PmError)) throw error;
      // What is wrong with the folder the permissions say.
      return { ...place, kind: "none" };
    }
  } catch (error) {
    if (!(error instanceof PmError)) throw error;
    return { kind: "unreachable", text: error.message };
  }
}

/** That it is turned off is as somebody wanted it. */
export function agentNotes(call: Context): readonly string[] {
  if (!isAgentOff(call)) return [];
  const by = call.globals.noAgent ? "--no-agent" : "PM_AGENT";
  return [`the agent is turned off by ${by}, so every command opens the vault by itself`];
}
