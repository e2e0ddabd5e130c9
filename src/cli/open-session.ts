/** Where the vault of a call is opened: in the agent, or in this process. */
import type { AgentClient } from "../agent/client.ts";
import { PmError } from "../core/errors.ts";
import type { VaultSession } from "../core/vault/session.ts";
import { CREDENTIAL_VARIABLES } from "./globals.ts";
import type { VaultCall } from "./vault-access.ts";
import { lockWaitMs, vaultPath } from "./vault-path.ts";

/**
 * A credential that the call names is judged in this process, and the agent does not get to know it. Else the
 * agent serves where it holds the key; and a password that is typed goes to it.
 */
export async function openSession(call: VaultCall): Promise<VaultSession> {
  if (isAgentOff(call) || namesCredential(call)) return await openHere(call);
  const vault = await vaultPath(call);
  const client = await reachAgent(call);
  if (client === "untrusted") return await openHere(call);
  if (client === undefined) return await openLocked(call, undefined);
  try {
    const state = await client.request({ kind: "state", vault });
    if (state.state === "unlocked")
      return await remoteSession(call, client, { vault, warnings: state.warnings });
  } catch (error) {
    client[Symbol.dispose]();
    throw error;
  }
  return await openLocked(call, client);
}

/** Whether this call has nothing to do with the agent. */
export function isAgentOff({ globals, io }: Pick<VaultCall, "globals" | "io">): boolean {
  return globals.noAgent || ["off", "0", "false"].includes(io.env["PM_AGENT"]?.toLowerCase() ?? "");
}

function namesCredential({ globals, io }: VaultCall): boolean {
  const { passwordStdin, passwordFd, passwordFile, passwordCommand, keyFile } = globals;
  if (passwordStdin || CREDENTIAL_VARIABLES.some((name) => io.env[name] !== undefined)) return true;
  return [passwordFd, passwordFile, passwordCommand, keyFile].some((given) => given !== undefined);
}

async function openHere(call: VaultCall): Promise<VaultSession> {
  const { openVaultHere } = await import("./vault-access.ts");
  return await openVaultHere(call);
}

/** What is there and can't be trusted is said once, and not used. */
async function reachAgent(call: VaultCall): Promise<AgentClient | "untrusted" | undefined> {
  // The last one is loaded with them, and not between two messages: the agent answers meanwhile.
  const [{ agentPlace }, { connectAgent }] = await Promise.all([
    import("../agent/place.ts"),
    import("../agent/client.ts"),
    import("../agent/remote-session.ts"),
  ]);
  try {
    return await connectAgent(await agentPlace(call.paths, call.io.env));
  } catch (error) {
    if (!(error instanceof PmError)) throw error;
    await call.out.warn(error.message);
    return "untrusted";
  }
}

/** Loaded only where somebody has to type. */
async function openLocked(call: VaultCall, client: AgentClient | undefined): Promise<VaultSession> {
  const { openWithPassword } = await import("./agent-unlock.ts");
  return await openWithPassword(call, client);
}

/** The vault through the agent, which holds its key. The session owns the connection. */
export async function remoteSession(
  call: VaultCall,
  client: AgentClient,
  { vault, warnings }: { readonly vault: string; readonly warnings: readonly string[] },
): Promise<VaultSession> {
  const { RemoteSession } = await import("../agent/remote-session.ts");
  for (const warning of warnings) await call.out.warn(warning);
  const { command, globals } = call;
  return new RemoteSession({
    client,
    vault,
    call: { command, lockTimeoutMs: lockWaitMs(call), breakLock: globals.breakLock },
    warn: (text) => call.out.warn(text),
  });
}
