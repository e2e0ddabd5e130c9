// Histories of replicas, key histories and operation logs in the vaults of test/vectors/format.
import { id, OTHER, REPLICA, T0 } from "./pieces.ts";

/** The tags of `count` saves, newest first; those of another `first` character are of another history. */
export function tags(count: number, first = "A"): string {
  return Array.from({ length: count }, (_, n) => first + (count - n).toString(36).padStart(3, "0")).join("");
}

/** Nobody can check these without the old keys. */
export const KEY_HISTORY: readonly (readonly [number, string, string])[] = [
  [1, "1f".repeat(16), "2e".repeat(32)],
  [2, "3d".repeat(16), "4c".repeat(32)],
];

/** The record of an operation: a password changed, where `rest` does not say otherwise. */
export function logRecord(rest: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    v: 1,
    op: [REPLICA, 9, T0 + 9],
    by: "set",
    kind: "change",
    count: 1,
    part: [1, 1],
    e: [[id(1), "work/github", [["f:password", [["c", "older"]]]], 0]],
    ...rest,
  };
}

const image = (n: number, registers: readonly unknown[], history: unknown = 0): unknown => [
  id(n),
  `work/${n}`,
  registers,
  history,
];

/** One operation of each kind, one of two parts, and one of which the first part was dropped. */
export const LOG: readonly Record<string, unknown>[] = [
  logRecord({ op: [REPLICA, 3, T0 + 3], by: "import", count: 700, part: [2, 2] }),
  logRecord({
    op: [OTHER, 2, T0 + 2],
    kind: "merged",
    by: "sync",
    count: 2,
    e: [image(2, [["live", []]]), image(1, [["live"], ["path"]])],
  }),
  logRecord({ op: [REPLICA, 4, T0 + 4], kind: "barrier", by: "key add", count: 0, e: [] }),
  logRecord({ op: [REPLICA, 5, T0 + 5], kind: "bare", by: "restore", count: 9000, e: [image(1, [["t:a"]])] }),
  logRecord({ op: [REPLICA, 6, T0 + 6], by: "add", e: [image(1, [["live", []]])] }),
  logRecord({
    op: [REPLICA, 7, T0 + 7],
    by: "merge",
    e: [
      image(
        1,
        [
          ["path", ["work/new", "work/old"]],
          ["f:gone", [null, ["P", "gP8="]]],
          ["f:new", []],
          ["x:later", [{ of: ["a later", "version"] }, null]],
        ],
        [["f:password", ["c", "first"], REPLICA, 1, T0 + 1]],
      ),
    ],
  }),
  logRecord({ op: [REPLICA, 8, T0 + 8], by: "mv", count: 2, part: [1, 2] }),
  logRecord({
    op: [REPLICA, 8, T0 + 8],
    by: "mv",
    count: 2,
    part: [2, 2],
    e: [image(3, [["m:expires", [null]]], 4)],
  }),
  logRecord({}),
];
