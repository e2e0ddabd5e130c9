/** Names of entries and fields that an unlocked agent knows: for completion, where nothing may get in the way. */
import { hasControls } from "../core/vault/names.ts";
import { runningAgent } from "./agent-call.ts";
import type { Context } from "./context.ts";
import { isAgentOff } from "./open-session.ts";
import { vaultPath } from "./vault-path.ts";

export interface NameRequest {
  readonly prefix: string;
  /** The entry whose fields are meant; without it the names of entries. */
  readonly entry?: string;
  /** The names of its attachments, in the place of its fields. */
  readonly attachments?: boolean;
}

/** Nobody waits longer for the Tab key. */
const PATIENCE_MS = 200;

/**
 * Nothing where the vault is locked, no agent runs, it takes too long, or anything else is wrong: a line that is
 * being typed is no place for messages.
 */
export async function knownNames(ctx: Context, wanted: NameRequest): Promise<readonly string[]> {
  if (isAgentOff(ctx)) return [];
  const given = AbortSignal.timeout(PATIENCE_MS);
  const late = new Promise<readonly string[]>((resolve) => {
    given.addEventListener("abort", () => resolve([]));
  });
  try {
    return await Promise.race([late, ask(ctx, wanted, given)]);
  } catch {
    return [];
  }
}

async function ask(ctx: Context, wanted: NameRequest, given: AbortSignal): Promise<readonly string[]> {
  const vault = await vaultPath(ctx);
  using agent = await runningAgent(ctx, PATIENCE_MS);
  if (agent === undefined || given.aborted) return [];
  given.addEventListener("abort", () => agent[Symbol.dispose]());
  const names = await agent.request({ kind: "complete", vault, ...wanted });
  // One that came from another device may hold a newline, and begin another candidate.
  return names.filter((name) => !hasControls(name));
}
