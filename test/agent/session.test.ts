import { describe, expect, test } from "vitest";
import {
  BACKWARD_JUMP_MS,
  type Effect,
  EMPTY_MS,
  type Event,
  initialState,
  type Now,
  type SessionState,
  step,
} from "../../src/agent/session.ts";
import { DEFAULT_IDLE_MS, MAX_LIFE_MS } from "../../src/agent/protocol.ts";

const START: Now = { wall: 1_767_225_600_000, mono: 1000 };
const MINUTE = 60_000;
const [A, B] = ["/a.pm", "/b.pm"];

/** What happens, each some time after the one before. */
type Story = readonly (readonly [afterMs: number, event: Event, jumpMs?: number])[];

function play(
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

const unlock = (vault = A, limits = {}): Event => ({ kind: "unlocked", vault, limits });
const use = (vault = A, reads: 0 | 1 = 0): Event => ({ kind: "use", vault, reads });
const claim = (connection: number, request = 1): Event => ({
  kind: "claim",
  vault: A,
  waiter: { connection, request },
});
const lockOf = (vault: string): Effect => ({ kind: "lock", vault });
const answerTo = (connection: number, word: "yours" | "unlocked", request = 1): Effect => ({
  kind: "answer",
  waiter: { connection, request },
  claim: word,
});

describe("an unlocked vault is locked", () => {
  test.each<[rule: string, story: Story]>([
    [
      "when nothing used it for 15 minutes",
      [
        [0, unlock()],
        [DEFAULT_IDLE_MS, { kind: "timer" }],
      ],
    ],
    [
      "before it is looked at, if its time is over",
      [
        [0, unlock()],
        [DEFAULT_IDLE_MS, use()],
      ],
    ],
    [
      "when nothing used it for the time that was asked for",
      [
        [0, unlock(A, { idleMs: 10 })],
        [10, { kind: "look" }],
      ],
    ],
    [
      "after 12 hours of constant use",
      [
        [0, unlock(A, { idleMs: MAX_LIFE_MS })],
        [MAX_LIFE_MS - 1, use()],
        [1, { kind: "timer" }],
      ],
    ],
    [
      "after the life that was asked for",
      [
        [0, unlock(A, { lifeMs: MINUTE })],
        [MINUTE, { kind: "timer" }],
      ],
    ],
    [
      "on request",
      [
        [0, unlock()],
        [1, { kind: "lock", vault: A }],
      ],
    ],
    [
      "with all others",
      [
        [0, unlock()],
        [1, { kind: "lock", vault: undefined }],
      ],
    ],
    [
      "when its file has another key",
      [
        [0, unlock()],
        [1, { kind: "key changed", vault: A }],
      ],
    ],
    [
      "when the clock is set back",
      [
        [0, unlock()],
        [1, { kind: "look" }, -BACKWARD_JUMP_MS - 1],
      ],
    ],
    [
      "when the wall clock says that its time is over, after a suspend",
      [
        [0, unlock()],
        [1, use(), DEFAULT_IDLE_MS],
      ],
    ],
    [
      "by the last read that is allowed",
      [
        [0, unlock(A, { reads: 2 })],
        [1, use(A, 1)],
        [1, use(A, 1)],
      ],
    ],
  ])("%s", (_rule, story) => {
    const { state, effects } = play(story);
    expect(effects).toEqual([lockOf(A)]);
    expect(state.vaults.size).toBe(0);
  });

  test("and everything forgotten, when the agent is told to end", () => {
    const { effects } = play([
      [0, unlock(A)],
      [0, unlock(B)],
      [0, { kind: "clip", order: 7, afterMs: MINUTE }],
      [1, { kind: "end" }],
    ]);
    expect(effects).toEqual([lockOf(A), lockOf(B), { kind: "clear", order: 7 }, { kind: "quit" }]);
  });
});

describe("an unlocked vault stays open", () => {
  test.each<[rule: string, story: Story]>([
    [
      "as long as it is used",
      [
        [0, unlock()],
        [14 * MINUTE, use()],
        [14 * MINUTE, use()],
      ],
    ],
    [
      "until the time is over",
      [
        [0, unlock()],
        [DEFAULT_IDLE_MS - 1, { kind: "timer" }],
      ],
    ],
    [
      "while another one is locked",
      [
        [0, unlock()],
        [0, unlock(B)],
        [1, { kind: "lock", vault: B }],
      ],
    ],
    [
      "where a clock is set right by little",
      [
        [0, unlock()],
        [1, { kind: "look" }, -BACKWARD_JUMP_MS],
      ],
    ],
    [
      "while reads are left",
      [
        [0, unlock(A, { reads: 2 })],
        [1, use(A, 1)],
        [1, use(A, 0)],
      ],
    ],
    [
      "with the limits of the last unlock",
      [
        [0, unlock(A, { lifeMs: 1 })],
        [0, unlock()],
        [5, { kind: "timer" }],
      ],
    ],
  ])("%s", (_rule, story) => {
    expect(play(story).state.vaults.has(A)).toBe(true);
  });

  test("but being asked about does not extend its life", () => {
    expect(
      play([
        [0, unlock()],
        [14 * MINUTE, { kind: "look" }],
        [MINUTE, { kind: "look" }],
      ]).effects,
    ).toEqual([lockOf(A)]);
  });
});

describe("the agent ends", () => {
  const timer: Event = { kind: "timer" };
  test.each<[rule: string, quits: boolean, story: Story]>([
    [
      "ten seconds after its start",
      true,
      [
        [0, timer],
        [EMPTY_MS, timer],
      ],
    ],
    [
      "not before",
      false,
      [
        [0, timer],
        [EMPTY_MS - 1, timer],
      ],
    ],
    [
      "ten seconds after the last key",
      true,
      [
        [0, unlock()],
        [1, { kind: "lock", vault: A }],
        [EMPTY_MS, timer],
      ],
    ],
    [
      "not while it holds a key",
      false,
      [
        [0, unlock()],
        [EMPTY_MS, timer],
      ],
    ],
    [
      "not while a person types",
      false,
      [
        [0, claim(1)],
        [EMPTY_MS, timer],
      ],
    ],
    [
      "not while a key is derived",
      false,
      [
        [0, { kind: "deriving", keys: 1 }],
        [EMPTY_MS, timer],
      ],
    ],
    [
      "not before the clipboard is cleared",
      false,
      [
        [0, { kind: "clip", order: 1, afterMs: MINUTE }],
        [EMPTY_MS, timer],
      ],
    ],
  ])("%s", (_rule, quits, story) => {
    expect(play(story).effects.some(({ kind }) => kind === "quit")).toBe(quits);
  });

  test("never by itself where it is to stay", () => {
    expect(
      play(
        [
          [0, timer],
          [EMPTY_MS, timer],
        ],
        initialState(START, { stays: true }),
      ).effects,
    ).toEqual([]);
  });
});

describe("of all who want to ask for a password", () => {
  test("one asks, and the others go on when it is unlocked", () => {
    const { state } = play([
      [0, claim(1)],
      [0, claim(2)],
      [0, claim(3)],
    ]);
    expect(play([[0, claim(1)]]).effects).toEqual([answerTo(1, "yours")]);
    expect(play([[1, unlock()]], state).effects).toEqual([answerTo(2, "unlocked"), answerTo(3, "unlocked")]);
  });

  test.each<[rule: string, event: Event]>([
    ["gives up", { kind: "release", vault: A, connection: 1 }],
    ["is gone", { kind: "closed", connection: 1 }],
  ])("the next one asks where the first %s", (_rule, event) => {
    const { state, effects } = play([
      [0, claim(1)],
      [0, claim(2)],
      [0, claim(3)],
      [1, event],
    ]);
    expect(effects).toEqual([answerTo(2, "yours")]);
    expect(
      play(
        [
          [1, { kind: "closed", connection: 3 }],
          [0, { kind: "closed", connection: 2 }],
        ],
        state,
      ).state.claims.size,
    ).toBe(0);
  });

  test("nobody asks where it is unlocked already", () => {
    expect(
      play([
        [0, unlock()],
        [0, claim(1)],
      ]).effects,
    ).toEqual([answerTo(1, "unlocked")]);
  });

  test("nobody gives back what is another's", () => {
    expect(
      play([
        [0, claim(1)],
        [0, { kind: "release", vault: A, connection: 2 }],
      ]).state.claims.size,
    ).toBe(1);
  });
});

describe("the timer", () => {
  const armed = (story: Story): number | undefined => play(story).state.armed;

  test("is set for what comes first, and not again for what moves away", () => {
    expect(armed([[0, unlock()]])).toBe(START.mono + DEFAULT_IDLE_MS);
    expect(
      armed([
        [0, unlock()],
        [MINUTE, use()],
      ]),
    ).toBe(START.mono + DEFAULT_IDLE_MS);
    expect(
      armed([
        [0, unlock()],
        [0, { kind: "clip", order: 1, afterMs: 5 }],
      ]),
    ).toBe(START.mono + 5);
    expect(
      armed([
        [0, unlock()],
        [MINUTE, use()],
        [14 * MINUTE, { kind: "timer" }],
      ]),
    ).toBe(START.mono + DEFAULT_IDLE_MS + MINUTE);
  });

  test("rings for a clipboard", () => {
    expect(
      play([
        [0, { kind: "clip", order: 1, afterMs: 5 }],
        [5, { kind: "timer" }],
      ]).effects,
    ).toEqual([{ kind: "clear", order: 1 }]);
  });
});
