/** A vault that is locked in the agent: one person types the password, and everybody goes on. */
import type { AgentClient } from "../agent/client.ts";
import { PmError } from "../core/errors.ts";
import type { Credentials } from "../core/vault/credentials.ts";
import type { VaultSession } from "../core/vault/session.ts";
import { claimPrompt } from "./agent-call.ts";
import { lockTimeoutMs } from "./lock-time.ts";
import { remoteSession } from "./open-session.ts";
import { withProgress } from "./progress.ts";
import { openVaultHere, readHeader, type VaultCall } from "./vault-access.ts";

/**
 * Asks for the password and gives it to the agent, which is started only now. Where nobody can be asked, or
 * no agent can be had, everything is as without one.
 * @param found a connection to one that runs; it is taken over
 */
export async function openWithPassword(
  call: VaultCall,
  found: AgentClient | undefined,
): Promise<VaultSession> {
  // What is wrong with the file is told before anything is started, or asked for.
  if (!canAsk(call)) return await openWithout(call, found);
  const { facts } = await readHeader(call);
  const client = found ?? (await startedAgent(call));
  if (client === undefined) return await openVaultHere(call);
  try {
    if ((await claimPrompt(call, client, { vault: facts.path })) === "unlocked") {
      return await remoteSession(call, client, { vault: facts.path, warnings: [] });
    }
    return await openVaultHere(call, {
      open: (vault, credentials) => unlock(call, client, { vault, credentials }),
    });
  } catch (error) {
    client[Symbol.dispose]();
    throw error;
  }
}

function canAsk({ globals, io }: VaultCall): boolean {
  if (globals.noInput) return false;
  using terminal = io.openTerminal();
  return terminal !== undefined;
}

async function openWithout(call: VaultCall, found: AgentClient | undefined): Promise<VaultSession> {
  found?.[Symbol.dispose]();
  return await openVaultHere(call);
}

async function startedAgent(call: VaultCall): Promise<AgentClient | undefined> {
  const [{ agentPlace }, { startAgent }] = await Promise.all([
    import("../agent/place.ts"),
    import("../agent/client.ts"),
  ]);
  try {
    return await startAgent(await agentPlace(call.paths, call.io.env), call.io.env);
  } catch (error) {
    if (!(error instanceof PmError)) throw error;
    await call.out.warn(`${error.message}; the vault is opened without it`);
    return undefined;
  }
}

/** The key is derived in the agent, which tells nothing before it is done. */
async function unlock(
  call: VaultCall,
  client: AgentClient,
  { vault, credentials }: { readonly vault: string; readonly credentials: Credentials },
): Promise<VaultSession> {
  const limits = { idleMs: lockTimeoutMs(call) };
  const progress = { label: "deriving the key", quiet: call.globals.quiet };
  const { warnings } = await withProgress(call.io, progress, () =>
    client.request({ kind: "unlock", vault, credentials, limits }),
  );
  return await remoteSession(call, client, { vault, warnings });
}
