/** The agent as the commands about it reach it. */
import { PmError } from "../core/errors.ts";
import type { AgentClient } from "../agent/client.ts";
import type { AgentPlace } from "../agent/place.ts";
import type { Context } from "./context.ts";
import { isAgentOff } from "./open-session.ts";

type Call = Pick<Context, "globals" | "io" | "paths">;

/** @throws PmError "usage" where the agent is turned off */
export function requireAgentOn(call: Pick<Context, "globals" | "io">, what: string): void {
  if (!isAgentOff(call)) return;
  const [by, hint] = call.globals.noAgent
    ? ["--no-agent", "leave out --no-agent"]
    : ["PM_AGENT", "unset PM_AGENT"];
  throw new PmError("usage", `the agent is turned off by ${by}, ${what}`, { hint });
}

export async function placeOf({ paths, io }: Pick<Call, "io" | "paths">): Promise<AgentPlace> {
  const { agentPlace } = await import("../agent/place.ts");
  return await agentPlace(paths, io.env);
}

/** Undefined where none runs; none is started. @throws PmError "unavailable" where what is there is not to be trusted */
export async function runningAgent(call: Call, patienceMs?: number): Promise<AgentClient | undefined> {
  const { connectAgent } = await import("../agent/client.ts");
  return await connectAgent(await placeOf(call), patienceMs);
}

/** @throws PmError "unavailable" where it can't be started */
export async function startedAgent(call: Call): Promise<AgentClient> {
  const { startAgent } = await import("../agent/client.ts");
  return await startAgent(await placeOf(call), call.io.env);
}

/** Most people have typed their password by then. */
const WAIT_NOTE_MS = 3000;

/**
 * The right to ask for the password of a vault, or that it is unlocked meanwhile. A prompt that was forgotten
 * in another window would keep everybody waiting without a word.
 */
export async function claimPrompt(
  { out }: { readonly out: Pick<Context["out"], "note"> },
  client: Pick<AgentClient, "request">,
  { vault, noteMs = WAIT_NOTE_MS }: { readonly vault: string; readonly noteMs?: number },
): Promise<"yours" | "unlocked"> {
  const text = "another pm asks for the password at this moment; waiting for the answer";
  const timer = setTimeout(() => void out.note(text), noteMs);
  try {
    return (await client.request({ kind: "claim", vault })).claim;
  } finally {
    clearTimeout(timer);
  }
}
