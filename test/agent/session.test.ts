import { describe, expect, test } from "vitest";
import { DEFAULT_IDLE_MS, MAX_LIFE_MS } from "../../src/agent/protocol.ts";
import { BACKWARD_JUMP_MS } from "../../src/agent/session.ts";
import { A, B, lockOf, MINUTE, play, type Story, unlock, use } from "../support/agent-story.ts";

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
      [0, { kind: "clip", order: 7, afterMs: MINUTE, replaced: [] }],
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
