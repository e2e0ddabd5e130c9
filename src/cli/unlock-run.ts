/** `pm unlock`: hands what opens the vault to the agent, and to nobody else. */
import type { UnlockedVault, UnlockLimits } from "../agent/protocol.ts";
import { PmError } from "../core/errors.ts";
import { claimPrompt, requireAgentOn, runningAgent, startedAgent } from "./agent-call.ts";
import type { Context } from "./context.ts";
import { isAgentOff, remoteSession } from "./open-session.ts";
import { chooseKey, choosePassword } from "./password-sources.ts";
import { withProgress } from "./progress.ts";
import { openVaultHere, readHeader } from "./vault-access.ts";
import { vaultPath } from "./vault-path.ts";

/**
 * Returns when the agent holds the key. It is started only when there is something to give to it, so that
 * a prompt that is given up leaves nothing behind.
 * @throws PmError "usage" where the agent is turned off, else as opening the vault does
 */
export async function unlockVault(ctx: Context, limits: UnlockLimits): Promise<UnlockedVault> {
  requireAgentOn(ctx, "and keeps no key");
  const { facts } = await readHeader(ctx);
  let agent = await runningAgent(ctx);
  try {
    // Whoever asks at this moment comes first: two prompts on one terminal would share its input.
    if (agent !== undefined && !namesSource(ctx)) await claimPrompt(ctx, agent, { vault: facts.path });
    using _session = await openVaultHere(ctx, {
      open: async (vault, credentials) => {
        const client = (agent ??= await startedAgent(ctx));
        const result = await withProgress(
          ctx.io,
          { label: "deriving the key", quiet: ctx.globals.quiet },
          () => client.request({ kind: "unlock", vault, credentials, limits }),
        );
        return await remoteSession(ctx, client, { vault, warnings: result.warnings });
      },
      // A narrow session can't change a weak key slot.
      ...(isNarrow(limits) ? { after: async () => undefined } : {}),
    });
    const state = await agent?.request({ kind: "state", vault: facts.path });
    if (state?.state === "unlocked") return state.vault;
    throw new PmError("locked", "the vault was locked again at once", { hint: "pm unlock --idle 15m" });
  } finally {
    agent?.[Symbol.dispose]();
  }
}

function namesSource({ globals, io }: Context): boolean {
  return choosePassword(globals, io.env) !== undefined || chooseKey(globals, io.env) !== undefined;
}

function isNarrow({ only, reads }: UnlockLimits): boolean {
  return only !== undefined || reads !== undefined;
}

/**
 * Whether the agent holds the key of this vault; whatever keeps it from that is no.
 * @throws PmError "not-found" where the vault's name is not known
 */
export async function isUnlocked(ctx: Context): Promise<boolean> {
  const vault = await vaultPath(ctx);
  try {
    return (await unlockedState(ctx, vault)) !== undefined;
  } catch {
    return false;
  }
}

/**
 * What the agent says of a vault; undefined where it is locked.
 * @throws PmError "unavailable" where what is there is not to be trusted
 */
async function unlockedState(ctx: Context, vault: string): Promise<UnlockedVault | undefined> {
  if (isAgentOff(ctx)) return undefined;
  using agent = await runningAgent(ctx);
  const state = await agent?.request({ kind: "state", vault });
  return state?.state === "unlocked" ? state.vault : undefined;
}

/** The same, for whom it is no failure that the agent can't be asked: then there is a warning. */
export async function statedUnlocked(ctx: Context, vault: string): Promise<UnlockedVault | undefined> {
  try {
    return await unlockedState(ctx, vault);
  } catch (error) {
    if (!(error instanceof PmError)) throw error;
    await ctx.out.warn(error.message);
    return undefined;
  }
}
