/** `pm ssh-agent`: the socket, what answers there, and the program that is to use it. */
import { nameFilter } from "../core/vault/name-glob.ts";
import type { VaultSession } from "../core/vault/session.ts";
import { isAgentOff } from "./open-session.ts";
import { childEnv } from "./child-env.ts";
import type { Context } from "./context.ts";
import { chooseKey, choosePassword } from "./password-sources.ts";
import { quietVault } from "./quiet-vault.ts";
import { shellWord } from "./shell-word.ts";
import { createAnswers } from "./ssh-agent-keys.ts";

export interface SshAgentOptions {
  /** Instead of the default one; relative to the working directory. */
  readonly socket: string | undefined;
  /** Patterns; all names where there are none. */
  readonly only: readonly string[];
  /** A program to run beside it; without one it serves until it is told to end. */
  readonly command: readonly string[];
}

/** @returns the exit status of the program */
export async function runSshAgent(ctx: Context, options: SshAgentOptions): Promise<number> {
  const isMeant = options.only.length === 0 ? () => true : nameFilter(options.only);
  const withVault = await vaultOf(ctx);
  const answer = createAnswers({ isMeant, withVault, warn: (text) => ctx.out.warn(text) });
  const { resolveSocket, serveSshAgent } = await import("../node/ssh/agent-socket.ts");
  const socket = resolveSocket(options.socket, { cwd: ctx.io.cwd, run: ctx.paths.run });
  using _serving = await serveSshAgent(socket, answer);
  if (options.command.length > 0) {
    const { runCommand } = await import("./run-child.ts");
    const env = { ...childEnv(ctx.io.env), SSH_AUTH_SOCK: socket };
    return await runCommand(ctx, {
      argv: options.command,
      env,
      stdin: undefined,
      secrets: [],
      mask: "never",
    });
  }
  await ctx.out.line(`SSH_AUTH_SOCK=${shellWord(socket)}; export SSH_AUTH_SOCK;`);
  await aborted(ctx.io.signal);
  return 0;
}

type WithVault = <T>(work: (session: VaultSession) => Promise<T>) => Promise<T | undefined>;

/**
 * Through pm's agent each question opens the vault anew, so that a lock holds at once. Without that agent
 * this process holds the vault open for its life: there is nothing else that could.
 */
async function vaultOf(ctx: Context): Promise<WithVault> {
  const { globals, io } = ctx;
  const isNamed = choosePassword(globals, io.env) !== undefined || chooseKey(globals, io.env) !== undefined;
  if (isAgentOff(ctx) || isNamed) {
    const session = await ctx.vault();
    return (work) => work(session);
  }
  return async (work) => {
    using session = await quietVault(ctx);
    return session === undefined ? undefined : await work(session);
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
