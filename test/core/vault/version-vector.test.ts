import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/core/vault/json.ts";
import {
  addSave,
  joinVectors,
  knowledge,
  newestSeq,
  newTag,
  parseVersionVector,
  tagAt,
  type VersionVector,
} from "../../../src/core/vault/version-vector.ts";
import { OTHER_REPLICA, REPLICA } from "../../support/draft-builder.ts";
import { after, at, lengths, long, runsKnown, tag } from "../../support/clone-histories.ts";
import { verdict } from "../../support/vault-builder.ts";

describe("a save", () => {
  const vector: VersionVector = { [REPLICA]: [[2, "A002A001"]], [OTHER_REPLICA]: [[1, "X001"]] };

  test("puts its tag before the others, and changes nothing of the vector that was", () => {
    expect(addSave(vector, REPLICA, "B003")).toEqual({ ...vector, [REPLICA]: [[3, "B003A002A001"]] });
    expect(vector[REPLICA]).toEqual([[2, "A002A001"]]);
  });

  test("of a new replica is its first", () => {
    expect(addSave({}, REPLICA, "A001")).toEqual({ [REPLICA]: [[1, "A001"]] });
  });

  test("leaves the tags of the newest 4,096, and counts on", () => {
    const before = after(long(4096));
    expect(tagAt(before, REPLICA, 1)).toBe(tag(1));
    const next = after("AA", before);
    expect(newestSeq(next, REPLICA)).toBe(4098);
    expect(next[REPLICA]?.[0][1]).toHaveLength(4 * 4096);
    expect([tagAt(next, REPLICA, 4098), tagAt(next, REPLICA, 3)]).toEqual([tag(4098), tag(3)]);
    expect([tagAt(next, REPLICA, 2), tagAt(next, REPLICA, 1)]).toEqual([undefined, undefined]);
    expect(parseVersionVector(next as unknown as Json)).toBe(next);
  });

  test("of a 1,025th replica is refused, of a known one it is not", () => {
    const full: VersionVector = Object.fromEntries(
      Array.from({ length: 1024 }, (_, n) => [n.toString(16).padStart(16, "0"), [[1, "AAAA"]]]),
    );
    expect(verdict(() => addSave(full, REPLICA, "AAAA"))).toBe("limit");
    expect(newestSeq(addSave(full, "0".repeat(16), "BBBB"), "0".repeat(16))).toBe(2);
  });

  test("has a tag of 24 random bits", () => {
    expect(newTag((length) => Uint8Array.of(0xff, 0xef, 0x01).subarray(0, length))).toBe("_-8B");
  });
});

describe("a vector", () => {
  const vector: VersionVector = {
    [REPLICA]: [
      [3, "B003B002A001"],
      [2, "A002A001"],
    ],
    [OTHER_REPLICA]: [[2, "X002X001"]],
  };

  test("knows the newest save of each replica, of several histories the longest one's", () => {
    expect([REPLICA, OTHER_REPLICA, "0".repeat(16)].map((id) => newestSeq(vector, id))).toEqual([3, 2, 0]);
  });

  test("knows a tag where there is one history, as far as it reaches", () => {
    expect([0, 1, 2, 3].map((seq) => tagAt(vector, OTHER_REPLICA, seq))).toEqual([
      undefined,
      "X001",
      "X002",
      undefined,
    ]);
    expect(tagAt(vector, REPLICA, 1)).toBeUndefined();
    expect(tagAt(vector, "0".repeat(16), 1)).toBeUndefined();
  });

  test("has no replica of a name that every object has", () => {
    expect([newestSeq(vector, "constructor"), tagAt(vector, "toString", 1)]).toEqual([0, undefined]);
    expect(knowledge(vector, {})(at(1, "constructor"))).toBe(false);
  });
});

describe("of what one side wrote the other knows", () => {
  test.each<[what: string, from: string, to: string, known: string]>([
    ["all, where it has gone on", "AAA", "AAAAA", "+1"],
    ["all, where it is the same", "AAA", "AAA", "+1"],
    ["what is not newer than it is", "AAAAA", "AAA", "+1 -4"],
    ["what came before a fork", "AAAAA", "AABBBB", "+1 -3"],
    ["nothing of a fork at the first save", "AAA", "BBB", "-1"],
    ["nothing behind a fork, though the tags are the same again", "AABAA", "AACAA", "+1 -3"],
    ["nothing, where it does not know the replica", "AAA", "", "-1"],
  ])("%s", (_what, from, to, known) => {
    expect(runsKnown(after(from), after(to))).toBe(known);
  });

  test.each<[behind: number, known: string]>([
    [4095, "+1"],
    [4096, "-1"],
    [4099, "-1"],
    [9000, "-1"],
  ])("all where it is %d saves ahead, or nothing", (behind, known) => {
    const old = after(long(5000));
    expect(runsKnown(old, after(long(behind), old))).toBe(known);
  });

  test("of one that is behind what it has, and nothing where it is over 4,095 saves behind", () => {
    const old = after(long(100));
    expect(runsKnown(after(long(4095), old), old)).toBe("+1 -101");
    expect(runsKnown(after(long(4096), old), old)).toBe("-1");
  });

  test("a dot that may be of two histories only where it knows both", () => {
    const [ours, theirs] = [after("AAAA"), after("AABBB")];
    const both = joinVectors(ours, theirs);
    expect(lengths(both)).toEqual([5, 4]);
    expect(runsKnown(both, ours)).toBe("+1 -3");
    expect(runsKnown(both, theirs)).toBe("+1 -3 +5");
    expect(runsKnown(both, after("A", ours))).toBe("+1 -3");
    expect([runsKnown(ours, both), runsKnown(theirs, both), runsKnown(both, both)]).toEqual([
      "+1",
      "+1",
      "+1",
    ]);
  });

  test("no dot that its own vector does not have", () => {
    const knows = knowledge(after("AA"), after("AAAA"));
    expect([knows(at(2)), knows(at(3)), knows(at(1, OTHER_REPLICA))]).toEqual([true, false, false]);
  });
});

describe("a vector is read", () => {
  const tags = (count: number, letter = "A"): string =>
    Array.from({ length: count }, (_, n) => tag(count - n, letter)).join("");
  const many = (count: number): Json =>
    Object.fromEntries(
      Array.from({ length: count }, (_, n) => [n.toString(16).padStart(16, "0"), [[1, "AAAA"]]]),
    );
  const forks = (count: number): Json => Array.from({ length: count }, (_, n) => [1, tag(n)]);

  test.each<[what: string, json: Json | undefined, valid: boolean]>([
    ["without replicas", {}, true],
    ["with two replicas", { [REPLICA]: [[9, tags(9)]], [OTHER_REPLICA]: [[3, tags(3)]] }, true],
    ["with tags of all characters", { [REPLICA]: [[1, "aZ_-"]] }, true],
    ["with 4,096 tags of 4,096 saves", { [REPLICA]: [[4096, tags(4096)]] }, true],
    ["with 4,096 tags of more", { [REPLICA]: [[2 ** 53 - 1, tags(4096)]] }, true],
    ["with 16 histories", { [REPLICA]: forks(16) }, true],
    ["with 17 histories", { [REPLICA]: forks(17) }, false],
    ["with 1,024 replicas", many(1024), true],
    ["with 1,025 replicas", many(1025), false],
    ["as nothing", undefined, false],
    ["as a list", [], false],
    ["as null", null, false],
    ["with a replica of 17 digits", { [`${REPLICA}0`]: [[1, "AAAA"]] }, false],
    ["with a replica in capitals", { [REPLICA.toUpperCase()]: [[1, "AAAA"]] }, false],
    ["without a history", { [REPLICA]: [] }, false],
    ["with histories as an object", { [REPLICA]: {} }, false],
    ["with a history as a number", { [REPLICA]: [1] }, false],
    ["with a history without tags", { [REPLICA]: [[1]] }, false],
    ["with a history with more", { [REPLICA]: [[1, "AAAA", 0]] }, false],
    ["with a history of no saves", { [REPLICA]: [[0, ""]] }, false],
    ["with a number of saves as text", { [REPLICA]: [["1", "AAAA"]] }, false],
    ["with half a save", { [REPLICA]: [[1.5, "AAAA"]] }, false],
    ["with tags as a number", { [REPLICA]: [[1, 1]] }, false],
    ["with a tag too few", { [REPLICA]: [[2, "AAAA"]] }, false],
    ["with a tag too many", { [REPLICA]: [[1, "AAAAAAAA"]] }, false],
    ["with a tag of three characters", { [REPLICA]: [[1, "AAA"]] }, false],
    ["with 4,097 tags", { [REPLICA]: [[4097, tags(4097)]] }, false],
    ["with 4,095 tags of 4,097 saves", { [REPLICA]: [[4097, tags(4095)]] }, false],
    ["with +", { [REPLICA]: [[1, "AAA+"]] }, false],
    ["with =", { [REPLICA]: [[1, "AAA="]] }, false],
    ["with a line feed", { [REPLICA]: [[1, "AAA\n"]] }, false],
    [
      "with the longer first",
      {
        [REPLICA]: [
          [2, tags(2)],
          [1, tags(1, "B")],
        ],
      },
      true,
    ],
    [
      "with the shorter first",
      {
        [REPLICA]: [
          [1, tags(1, "B")],
          [2, tags(2)],
        ],
      },
      false,
    ],
    [
      "with the lower tags first",
      {
        [REPLICA]: [
          [1, "AAAA"],
          [1, "BAAA"],
        ],
      },
      true,
    ],
    [
      "with the higher tags first",
      {
        [REPLICA]: [
          [1, "BAAA"],
          [1, "AAAA"],
        ],
      },
      false,
    ],
    [
      "with capitals behind small letters",
      {
        [REPLICA]: [
          [1, "aAAA"],
          [1, "BAAA"],
        ],
      },
      false,
    ],
    [
      "with two histories alike",
      {
        [REPLICA]: [
          [1, "AAAA"],
          [1, "AAAA"],
        ],
      },
      false,
    ],
  ])("%s, or not", (_what, json, valid) => {
    expect(parseVersionVector(json)).toEqual(valid ? json : undefined);
  });
});
