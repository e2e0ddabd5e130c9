import { describe, expect, test } from "vitest";
import { DEFAULT_IDLE_MS } from "../../src/agent/protocol.ts";
import { EMPTY_MS, type Event, initialState } from "../../src/agent/session.ts";
import { A, answerTo, claim, MINUTE, play, START, type Story, unlock, use } from "../support/agent-story.ts";

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
        [0, { kind: "clip", order: 1, afterMs: MINUTE, replaced: [] }],
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
        [0, { kind: "clip", order: 1, afterMs: 5, replaced: [] }],
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

  test("rings for the last of several copies to one clipboard", () => {
    const copies: Story = [
      [0, { kind: "clip", order: 1, afterMs: 5, replaced: [] }],
      [3, { kind: "clip", order: 2, afterMs: 5, replaced: [1] }],
    ];
    expect(play([...copies, [2, { kind: "timer" }]]).effects).toEqual([]);
    expect(play([...copies, [5, { kind: "timer" }]]).effects).toEqual([{ kind: "clear", order: 2 }]);
  });

  test("rings for a clipboard", () => {
    expect(
      play([
        [0, { kind: "clip", order: 1, afterMs: 5, replaced: [] }],
        [5, { kind: "timer" }],
      ]).effects,
    ).toEqual([{ kind: "clear", order: 1 }]);
  });
});
