/**
 * What the agent holds, for how long, and what follows from each thing that happens. Pure: timers, sockets
 * and keys are elsewhere, and do what the effects say.
 */
import { type Claims, claimed, type Queued, released, withoutConnection, type Waiter } from "./claims.ts";
import { DEFAULT_IDLE_MS, MAX_LIFE_MS, type UnlockLimits } from "./protocol.ts";

/** Two clocks, in milliseconds: the wall clock can be set, and the other one stands still in a suspend. */
export interface Now {
  readonly wall: number;
  readonly mono: number;
}

/** An unlocked vault. A time has come when it has on either clock. */
export interface Held {
  /** Epoch milliseconds. */
  readonly unlockedAt: number;
  readonly idleMs: number;
  readonly idle: Now;
  readonly end: Now;
  readonly only: readonly string[] | undefined;
  readonly readsLeft: number | undefined;
}

export interface SessionState {
  /** By real path. */
  readonly vaults: ReadonlyMap<string, Held>;
  readonly claims: Claims;
  /** When clipboards are to be cleared, by the number of the order. */
  readonly clips: ReadonlyMap<number, Now>;
  /** Keys being derived. */
  readonly busy: number;
  /** Whether it ends by itself when there is nothing to stay for, and since when there is nothing. */
  readonly stays: boolean;
  readonly emptySince: number | undefined;
  /** When the timer rings, on the clock that can't be set. */
  readonly armed: number | undefined;
  readonly seen: Now;
}

export type Event =
  /** The timer rang. */
  | { readonly kind: "timer" }
  /** Somebody wants to know. */
  | { readonly kind: "look" }
  | { readonly kind: "deriving"; readonly keys: 1 | -1 }
  | { readonly kind: "unlocked"; readonly vault: string; readonly limits: UnlockLimits }
  /** A request that needs the key; `reads` is how many entries it gives out. */
  | { readonly kind: "use"; readonly vault: string; readonly reads: 0 | 1 }
  | { readonly kind: "lock"; readonly vault: string | undefined }
  /** The file that is there now has another key. */
  | { readonly kind: "key changed"; readonly vault: string }
  | { readonly kind: "claim"; readonly vault: string; readonly waiter: Waiter }
  | { readonly kind: "release"; readonly vault: string; readonly connection: number }
  | { readonly kind: "closed"; readonly connection: number }
  /** A copy; `replaced` are the orders for the same clipboard, whose values it has overwritten. */
  | {
      readonly kind: "clip";
      readonly order: number;
      readonly afterMs: number;
      readonly replaced: readonly number[];
    }
  /** A signal, a request, or the socket is gone. */
  | { readonly kind: "end" };

export type Effect =
  | { readonly kind: "lock"; readonly vault: string }
  | { readonly kind: "answer"; readonly waiter: Waiter; readonly claim: "yours" | "unlocked" }
  | { readonly kind: "clear"; readonly order: number }
  /** On the clock that can't be set; in the place of an earlier one. */
  | { readonly kind: "arm"; readonly at: number }
  | { readonly kind: "quit" };

export interface Step {
  readonly state: SessionState;
  readonly effects: readonly Effect[];
}

/** How long an agent stays that holds nothing. */
export const EMPTY_MS = 10_000;
/** Corrections of a clock stay below this. */
export const BACKWARD_JUMP_MS = 5_000;

export function initialState(now: Now, { stays = false }: { readonly stays?: boolean } = {}): SessionState {
  const nothing = { vaults: new Map(), claims: new Map(), clips: new Map() };
  return { ...nothing, busy: 0, stays, emptySince: now.mono, armed: undefined, seen: now };
}

/** What follows from `event` at `now`. What was due before it comes first. */
export function step(state: SessionState, event: Event, now: Now): Step {
  const due = expire(state, now);
  const next = apply(due.state, event, now);
  const settled = settle(next.state, event, now);
  return { state: settled.state, effects: [...due.effects, ...next.effects, ...settled.effects] };
}

function isDue(at: Now, now: Now): boolean {
  return now.mono >= at.mono || now.wall >= at.wall;
}

function after(now: Now, ms: number): Now {
  return { wall: now.wall + ms, mono: now.mono + ms };
}

/** Somebody who sets the clock back may want more time. */
function jumpedBack({ seen }: SessionState, now: Now): boolean {
  return now.wall - seen.wall - (now.mono - seen.mono) < -BACKWARD_JUMP_MS;
}

function expire(state: SessionState, now: Now): Step {
  const jumped = jumpedBack(state, now);
  const isOver = ({ idle, end }: Held): boolean => jumped || isDue(idle, now) || isDue(end, now);
  const over = [...state.vaults].filter(([, held]) => isOver(held)).map(([vault]) => vault);
  const orders = [...state.clips].filter(([, at]) => isDue(at, now)).map(([order]) => order);
  return {
    state: { ...state, vaults: without(state.vaults, over), clips: without(state.clips, orders), seen: now },
    effects: [...locks(over), ...clears(orders)],
  };
}

function apply(state: SessionState, event: Event, now: Now): Step {
  switch (event.kind) {
    case "timer":
    case "look":
      return { state, effects: [] };
    case "deriving":
      return { state: { ...state, busy: state.busy + event.keys }, effects: [] };
    case "unlocked":
      return unlocked(state, event, now);
    case "use":
      return used(state, event, now);
    case "lock":
      return lock(state, event.vault === undefined ? [...state.vaults.keys()] : [event.vault]);
    case "key changed":
      return lock(state, [event.vault]);
    case "claim":
      if (state.vaults.has(event.vault)) return { state, effects: answers([event.waiter], "unlocked") };
      return queued(state, claimed(state.claims, event.vault, event.waiter));
    case "release":
      return queued(state, released(state.claims, event.vault, event.connection));
    case "closed":
      return queued(state, withoutConnection(state.claims, event.connection));
    case "clip": {
      const clips = new Map(without(state.clips, event.replaced)).set(event.order, after(now, event.afterMs));
      return { state: { ...state, clips }, effects: [] };
    }
    case "end":
      return finish(state);
  }
}

function unlocked(
  state: SessionState,
  { vault, limits }: Extract<Event, { kind: "unlocked" }>,
  now: Now,
): Step {
  const idleMs = limits.idleMs ?? DEFAULT_IDLE_MS;
  const held: Held = {
    unlockedAt: now.wall,
    idleMs,
    idle: after(now, idleMs),
    end: after(now, Math.min(limits.lifeMs ?? MAX_LIFE_MS, MAX_LIFE_MS)),
    only: limits.only,
    readsLeft: limits.reads,
  };
  const { waiting = [] } = state.claims.get(vault) ?? {};
  const vaults = new Map(state.vaults).set(vault, held);
  return {
    state: { ...state, vaults, claims: without(state.claims, [vault]) },
    effects: answers(waiting, "unlocked"),
  };
}

/** The last read that is allowed locks the vault; what was asked for is still given. */
function used(state: SessionState, { vault, reads }: Extract<Event, { kind: "use" }>, now: Now): Step {
  const held = state.vaults.get(vault);
  if (held === undefined) return { state, effects: [] };
  const readsLeft = held.readsLeft === undefined ? undefined : held.readsLeft - reads;
  if (readsLeft !== undefined && readsLeft <= 0) return lock(state, [vault]);
  const vaults = new Map(state.vaults).set(vault, { ...held, idle: after(now, held.idleMs), readsLeft });
  return { state: { ...state, vaults }, effects: [] };
}

function lock(state: SessionState, vaults: readonly string[]): Step {
  const locked = vaults.filter((vault) => state.vaults.has(vault));
  return { state: { ...state, vaults: without(state.vaults, locked) }, effects: locks(locked) };
}

function queued(state: SessionState, { claims, turns }: Queued): Step {
  return { state: { ...state, claims }, effects: answers(turns, "yours") };
}

/** A clipboard is cleared early rather than never. */
function finish(state: SessionState): Step {
  const nothing = { vaults: new Map(), claims: new Map(), clips: new Map() };
  return {
    state: { ...state, ...nothing },
    effects: [...locks([...state.vaults.keys()]), ...clears([...state.clips.keys()]), { kind: "quit" }],
  };
}

/** The end of an agent with nothing to stay for, and the time at which to look again. */
function settle(state: SessionState, event: Event, now: Now): Step {
  const isEmpty = state.busy + state.vaults.size + state.claims.size + state.clips.size === 0;
  const emptySince = isEmpty && !state.stays ? (state.emptySince ?? now.mono) : undefined;
  if (emptySince !== undefined && event.kind === "timer" && now.mono >= emptySince + EMPTY_MS) {
    return { state: { ...state, emptySince }, effects: [{ kind: "quit" }] };
  }
  const wake = Math.min(
    ...(emptySince === undefined ? [] : [emptySince + EMPTY_MS]),
    ...[...state.vaults.values()].map(({ idle, end }) => Math.min(idle.mono, end.mono)),
    ...[...state.clips.values()].map(({ mono }) => mono),
  );
  // A time that moves away is found out when the timer rings: thousands of uses arm nothing.
  const isArmed = event.kind !== "timer" && state.armed !== undefined && state.armed <= wake;
  if (isArmed || wake === Infinity) {
    return { state: { ...state, emptySince, armed: isArmed ? state.armed : undefined }, effects: [] };
  }
  return { state: { ...state, emptySince, armed: wake }, effects: [{ kind: "arm", at: wake }] };
}

function locks(vaults: readonly string[]): readonly Effect[] {
  return vaults.map((vault) => ({ kind: "lock", vault }));
}

function clears(orders: readonly number[]): readonly Effect[] {
  return orders.map((order) => ({ kind: "clear", order }));
}

function answers(waiters: readonly Waiter[], claim: "yours" | "unlocked"): readonly Effect[] {
  return waiters.map((waiter) => ({ kind: "answer", waiter, claim }));
}

function without<K, V>(map: ReadonlyMap<K, V>, keys: readonly K[]): ReadonlyMap<K, V> {
  if (keys.length === 0) return map;
  return new Map([...map].filter(([key]) => !keys.includes(key)));
}
