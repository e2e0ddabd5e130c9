/** What happens to an agent, played on its pure part. */
import type { UnlockLimits } from "../../src/agent/protocol.ts";
import {
  type Effect,
  type Event,
  initialState,
  type Now,
  type SessionState,
  step,
} from "../../src/agent/session.ts";

export const START: Now = { wall: 1_767_225_600_000, mono: 1000 };
export const MINUTE = 60_000;
export const A = "/a.pm";
export const B = "/b.pm";

/** What happens, each some time after the one before. */
export type Story = readonly (readonly [afterMs: number, event: Event, jumpMs?: number])[];

export function play(
  story: Story,
  from: SessionState = initialState(START),
): { state: SessionState; effects: Effect[] } {
  let [state, now] = [from, START];
  let effects: readonly Effect[] = [];
  for (const [afterMs, event, jumpMs = 0] of story) {
    now = { wall: now.wall + afterMs + jumpMs, mono: now.mono + afterMs };
    ({ state, effects } = step(state, event, now));
  }
  return { state, effects: effects.filter(({ kind }) => kind !== "arm") };
}

export const unlock = (vault: string = A, limits: UnlockLimits = {}): Event => ({
  kind: "unlocked",
  vault,
  limits,
});
export const use = (vault: string = A, reads: 0 | 1 = 0): Event => ({ kind: "use", vault, reads });
export const claim = (connection: number, request: number = 1): Event => ({
  kind: "claim",
  vault: A,
  waiter: { connection, request },
});
export const lockOf = (vault: string): Effect => ({ kind: "lock", vault });
export const answerTo = (connection: number, word: "yours" | "unlocked", request: number = 1): Effect => ({
  kind: "answer",
  waiter: { connection, request },
  claim: word,
});
