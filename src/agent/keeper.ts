/** Holds the keys, and does what session.ts decides. Knows nothing of sockets. */
import { PmError } from "../core/errors.ts";
import type { CryptoBackend } from "../core/crypto/backend.ts";
import { wipeCredentials } from "../core/vault/credentials.ts";
import { nameFilter } from "../core/vault/name-glob.ts";
import { LocalSession } from "../node/local-session.ts";
import { givesOut, accessBy, type Client, namesOf, runCall } from "./run-call.ts";
import type { Waiter } from "./claims.ts";
import { realPathOf } from "./real-path.ts";
import type { AgentStatus, RequestOf, Results, UnlockedVault, VaultState } from "./protocol.ts";
import { MAX_LIFE_MS, type UnlockLimits } from "./protocol.ts";
import {
  type Effect,
  type Event,
  type Held,
  initialState,
  type Now,
  type SessionState,
  step,
} from "./session.ts";
import { PROTOCOL } from "./wire.ts";
import { isKeyChanged, type OpenVault, unlockVault, type VaultTools, whatIsAt } from "./vaults.ts";

type ClearOrder = RequestOf<"clip">["order"];
type Env = Readonly<Record<string, string>>;

/** What the keeper needs of the world. */
export interface KeeperWorld extends Omit<VaultTools, "crypto"> {
  crypto(): Promise<CryptoBackend>;
  /** Whether it goes on without a key. */
  readonly stays: boolean;
  clock(): Now;
  clear(order: ClearOrder, env: Env): Promise<void>;
  /** A waiting claim has its turn, or need not wait any longer. */
  answer(waiter: Waiter, claim: Results["claim"]): void;
  /** All is forgotten, and the process is to end. */
  quit(): void;
}

export class Keeper {
  readonly #world: KeeperWorld;
  readonly #startedAt: number;
  readonly #open = new Map<string, OpenVault>();
  readonly #closing = new Set<Promise<void>>();
  readonly #clips = new Map<number, { readonly order: ClearOrder; readonly env: Env }>();
  #state: SessionState;
  #timer: NodeJS.Timeout | undefined;
  #lastOrder = 0;

  constructor(world: KeeperWorld) {
    this.#world = world;
    this.#startedAt = world.now();
    this.#state = initialState(world.clock(), world);
    this.dispatch({ kind: "timer" });
  }

  dispatch(event: Event): void {
    const { state, effects } = step(this.#state, event, this.#world.clock());
    this.#state = state;
    for (const effect of effects) this.#do(effect);
  }

  #do(effect: Effect): void {
    switch (effect.kind) {
      case "lock":
        return this.#close(effect.vault);
      case "answer":
        return this.#world.answer(effect.waiter, { claim: effect.claim });
      case "clear":
        return this.#clear(effect.order);
      case "arm":
        return this.#arm(effect.at);
      case "quit":
        clearTimeout(this.#timer);
        return this.#world.quit();
    }
  }

  #arm(at: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.dispatch({ kind: "timer" }),
      Math.max(0, at - this.#world.clock().mono),
    );
  }

  #close(path: string): void {
    const vault = this.#open.get(path);
    this.#open.delete(path);
    if (vault === undefined) return;
    const closing = vault.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  #clear(order: number): void {
    const clip = this.#clips.get(order);
    this.#clips.delete(order);
    if (clip === undefined) return;
    const clearing = this.#world.clear(clip.order, clip.env).catch(() => undefined);
    const done = clearing.finally(() => this.#closing.delete(done));
    this.#closing.add(done);
  }

  /** When all keys are forgotten and all clipboards that had to be are cleared. */
  async settled(): Promise<void> {
    while (this.#closing.size > 0) await Promise.all(this.#closing);
  }

  status(): AgentStatus {
    this.dispatch({ kind: "look" });
    return {
      pid: process.pid,
      protocol: PROTOCOL,
      startedAt: this.#startedAt,
      vaults: [...this.#state.vaults].map(([path, held]) => describe(path, held)),
      clips: this.#state.clips.size,
    };
  }

  async state(path: string): Promise<VaultState> {
    const { realPath, warnings } = whatIsAt(path);
    this.dispatch({ kind: "look" });
    try {
      // The first call must not find out that the key is of no more use.
      await this.#open.get(realPath)?.read(async () => undefined);
    } catch (error) {
      if (!isKeyChanged(error)) throw error;
      this.dispatch({ kind: "key changed", vault: realPath });
    }
    const held = this.#state.vaults.get(realPath);
    return held === undefined
      ? { state: "locked" }
      : { state: "unlocked", vault: describe(realPath, held), warnings };
  }

  /** Nothing where it is locked: nobody is to be told why in the middle of typing. */
  async complete(
    { vault: path, ...wanted }: RequestOf<"complete">,
    client: Client,
  ): Promise<readonly string[]> {
    const { realPath } = whatIsAt(path);
    this.dispatch({ kind: "look" });
    const [held, vault] = [this.#state.vaults.get(realPath), this.#open.get(realPath)];
    if (held === undefined || vault === undefined) return [];
    return await namesOf({ vault, held, client, at: 0 }, wanted);
  }

  claim(path: string, waiter: Waiter): void {
    this.dispatch({ kind: "claim", vault: whatIsAt(path).realPath, waiter });
  }

  release(path: string, connection: number): null {
    this.dispatch({ kind: "release", vault: whatIsAt(path).realPath, connection });
    return null;
  }

  async unlock(
    { vault, credentials, limits }: RequestOf<"unlock">,
    client: Client,
  ): Promise<Results["unlock"]> {
    this.dispatch({ kind: "deriving", keys: 1 });
    try {
      requireLimits(limits);
      const tools = { ...this.#world, crypto: await this.#world.crypto() };
      const { vault: opened, warnings, byPerson } = await unlockVault(vault, credentials, tools);
      const { path } = opened.store.options;
      this.#close(path);
      this.#open.set(path, opened);
      client.views.set(opened, new LocalSession(opened.store, { confirmed: byPerson }));
      this.dispatch({ kind: "unlocked", vault: path, limits });
      const held = this.#state.vaults.get(path);
      if (held === undefined) throw locked();
      const { unlockedAt } = held;
      opened.note(accessBy(client, { at: unlockedAt, command: "unlock", purpose: "unlock" }));
      return { vault: describe(path, held), warnings };
    } finally {
      wipeCredentials(credentials);
      this.dispatch({ kind: "deriving", keys: -1 });
    }
  }

  async lock(path: string | undefined): Promise<Results["lock"]> {
    this.dispatch({ kind: "look" });
    const before = this.#open.size;
    this.dispatch({ kind: "lock", vault: path === undefined ? undefined : realPathOf(path) });
    const count = before - this.#open.size;
    await this.settled();
    return { locked: count };
  }

  async call(request: RequestOf<"call">, client: Client): Promise<Results["call"]> {
    // A name that is known needs no look at the file: whether it changed is found out in any case.
    const path = this.#open.has(request.vault) ? request.vault : whatIsAt(request.vault).realPath;
    this.dispatch({ kind: "look" });
    const held = this.#state.vaults.get(path);
    const vault = this.#open.get(path);
    if (held === undefined || vault === undefined) throw locked();
    try {
      const result = runCall(request, { vault, held, client, at: this.#world.now() });
      // After it has begun: the last read that is allowed closes the vault behind it.
      this.dispatch({ kind: "use", vault: path, reads: givesOut(request.method) ? 1 : 0 });
      return await result;
    } catch (error) {
      if (isKeyChanged(error)) this.dispatch({ kind: "key changed", vault: path });
      throw error;
    }
  }

  clip({ order, env }: RequestOf<"clip">): null {
    const number = ++this.#lastOrder;
    const replaced = [...this.#clips]
      .filter(([, older]) => isSameClipboard(older.env, env))
      .map(([old]) => old);
    for (const old of replaced) this.#clips.delete(old);
    this.#clips.set(number, { order, env });
    this.dispatch({ kind: "clip", order: number, afterMs: order.afterMs, replaced });
    return null;
  }
}

/** One display has one clipboard. */
function isSameClipboard(a: Env, b: Env): boolean {
  return ["WAYLAND_DISPLAY", "DISPLAY"].every((name) => a[name] === b[name]);
}

function describe(vault: string, { unlockedAt, idleMs, idle, end, only, readsLeft }: Held): UnlockedVault {
  return {
    vault,
    unlockedAt,
    locksAt: Math.min(idle.wall, end.wall),
    endsAt: end.wall,
    idleMs,
    ...(only === undefined ? {} : { only }),
    ...(readsLeft === undefined ? {} : { readsLeft }),
  };
}

/** @throws PmError "usage" */
function requireLimits({ only, lifeMs = 1, idleMs = 1, reads = 1 }: UnlockLimits): void {
  if (only !== undefined) nameFilter(only);
  if (only?.length === 0 || Math.min(lifeMs, idleMs, reads) < 1 || lifeMs > MAX_LIFE_MS) {
    throw new PmError("usage", "no vault can be unlocked within such limits", { hint: "pm help unlock" });
  }
}

function locked(): PmError {
  return new PmError("locked", "the vault is locked", { hint: "pm unlock" });
}
