/** A vault, and the same one through an agent in this process. */
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { AgentClient } from "../../src/agent/client.ts";
import type { UnlockLimits } from "../../src/agent/protocol.ts";
import { RemoteSession } from "../../src/agent/remote-session.ts";
import type { VaultSession } from "../../src/core/vault/session.ts";
import { connect, startAgentHere } from "./agent.ts";
import { file, homeDirectory, SECRET, warnings } from "./session-home.ts";

export const CALL = { command: "test", lockTimeoutMs: 2000, breakLock: false } as const;

/** A connection to the agent of the running test, which is started for it. */
export async function agentClient(tools: Parameters<typeof startAgentHere>[1] = {}): Promise<AgentClient> {
  return await connect(await startAgentHere(homeDirectory(), { stateDir: file("state"), ...tools }));
}

export async function unlock(client: AgentClient, limits: UnlockLimits = {}): Promise<void> {
  const credentials = { token: SECRET.slice() };
  await client.request({ kind: "unlock", vault: file("vault.pm"), credentials, limits });
}

/** The vault of the running test through a connection. */
export function through(client: AgentClient, vault: string = file("vault.pm")): VaultSession {
  const warn = async (text: string): Promise<void> => void warnings.push(text);
  return new RemoteSession({ client, vault, call: CALL, warn });
}

/** A folder with the same vault, for a session that is not to be seen by others. */
export function copyOfVault(name: string): string {
  mkdirSync(file(name));
  copyFileSync(file("vault.pm"), join(file(name), "vault.pm"));
  return file(name);
}
