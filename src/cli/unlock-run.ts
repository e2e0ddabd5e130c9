/** `pm unlock`: hands what opens the vault to the agent, and nobody else. */
import type { AgentClient } from "../agent/client.ts";
import type { UnlockedVault, UnlockLimits } from "../agent/protocol.ts";
import { hasCode } from "../core/errors.ts";
import { takesKeyFileToo } from "../core/vault/header.ts";
import { requireAgentOn, runningAgent, startedAgent } from "./agent-call.ts";
import type { Context } from "./context.ts";
import { withCredentials } from "./credentials.ts";
import { chooseKey, choosePassword } from "./password-sources.ts";
import { readHeader } from "./vault-access.ts";
import { vaultPath } from "./vault-path.ts";

/**
 * Returns when the agent holds the key. It is started only when there is something to give to it, so that
 * nothing is left behind by a prompt that was given up.
 * @throws PmError "usage" where the agent is turned off, else as opening the vault does
 */
export async function unlockVault(ctx: Context, limits: UnlockLimits): Promise<UnlockedVault> {
  requireAgentOn(ctx, "and keeps no key");
  const { facts, header } = await readHeader(ctx);
  const vault = facts.path;
  let agent = await runningAgent(ctx);
  try {
    // Whoever asks at this moment comes first: two prompts on one terminal would share its input.
    if (agent !== undefined && !namesSource(ctx)) await agent.request({ kind: "claim", vault });
    const unlocked = await withCredentials(
      ctx,
      async (credentials) => {
        agent ??= await startedAgent(ctx);
        return await agent.request({ kind: "unlock", vault, credentials, limits });
      },
      { asksBesideKeyFile: takesKeyFileToo(header) },
    );
    for (const warning of unlocked.warnings) await ctx.out.warn(warning);
    return unlocked.vault;
  } finally {
    agent?.[Symbol.dispose]();
  }
}

function namesSource({ globals, io }: Context): boolean {
  return choosePassword(globals, io.env) !== undefined || chooseKey(globals, io.env) !== undefined;
}

/** Whether the agent holds the key of this vault; whatever keeps it from that is no. */
export async function isUnlocked(ctx: Context): Promise<boolean> {
  return (await unlockedState(ctx)) !== undefined;
}

/**
 * What the agent says of this vault; undefined where it is locked.
 * @throws PmError where the vault's name is not known
 */
export async function unlockedState(ctx: Context): Promise<UnlockedVault | undefined> {
  const vault = await vaultPath(ctx);
  let agent: AgentClient | undefined;
  try {
    agent = await runningAgent(ctx);
    const state = await agent?.request({ kind: "state", vault });
    return state?.state === "unlocked" ? state.vault : undefined;
  } catch (error) {
    if (hasCode(error, "interrupted")) throw error;
    return undefined;
  } finally {
    agent?.[Symbol.dispose]();
  }
}
