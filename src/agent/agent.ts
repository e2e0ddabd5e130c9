/** The agent as a whole: a keeper of keys behind a socket. */
import type { Socket } from "node:net";
import type { CryptoBackend } from "../core/crypto/backend.ts";
import { KDF_PROFILES, type KdfProfiles } from "../core/crypto/kdf.ts";
import { createPrivateDirectory } from "../node/paths.ts";
import { Keeper, type KeeperWorld } from "./keeper.ts";
import { listen, type Listening } from "./listen.ts";
import { Peer } from "./peer.ts";
import type { AgentPlace } from "./place.ts";
import type { VaultTools } from "./vaults.ts";

export interface AgentTools extends Pick<VaultTools, "random" | "now" | "stateDir"> {
  /** Whether it goes on without a key. */
  readonly stays: boolean;
  readonly kdfProfiles?: KdfProfiles;
}

/**
 * Returns when the socket answers.
 * @returns what makes it forget everything and end; undefined where another agent answers there
 */
export async function runAgent(place: AgentPlace, tools: AgentTools): Promise<(() => void) | undefined> {
  const peers = new Map<number, Peer>();
  const socket: { listening?: Listening | undefined } = {};
  let connections = 0;
  const end = async (): Promise<void> => {
    // New clients find nobody, or another agent, while what goes on here comes to its end.
    await Promise.all([socket.listening?.close(), keeper.settled()]);
    // Who waits for the end counts on it that the socket is gone.
    for (const peer of peers.values()) peer.close();
  };
  const ended = once(end);
  const answer: KeeperWorld["answer"] = (waiter, claim) =>
    peers.get(waiter.connection)?.answer(waiter.request, claim);
  const keeper = createKeeper(tools, { answer, quit: () => void ended() });
  const finish = (): void => keeper.dispatch({ kind: "end" });
  const onConnection = (connected: Socket): void => {
    const number = ++connections;
    const { token } = socket.listening ?? {};
    if (token === undefined) return void connected.destroy();
    connected.once("close", () => peers.delete(number));
    peers.set(number, new Peer(connected, number, { token, keeper }));
  };
  try {
    createPrivateDirectory(tools.stateDir);
    socket.listening = await listen(place, { ...tools, onGone: finish, onConnection });
  } finally {
    if (socket.listening === undefined) finish();
  }
  return socket.listening && finish;
}

function createKeeper(tools: AgentTools, callbacks: Pick<KeeperWorld, "answer" | "quit">): Keeper {
  return new Keeper({
    ...tools,
    ...callbacks,
    kdfProfiles: tools.kdfProfiles ?? KDF_PROFILES,
    crypto: once(loadCrypto),
    clock: () => ({ wall: tools.now(), mono: performance.now() }),
    clear: async (order, env) => {
      const { clearIfHeld } = await import("../node/clipboard/clear.ts");
      await clearIfHeld(order, env);
    },
  });
}

async function loadCrypto(): Promise<CryptoBackend> {
  const { provenBackend } = await import("../node/backend.ts");
  return await provenBackend(() => undefined);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
