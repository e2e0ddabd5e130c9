import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/core/vault/json.ts";
import {
  type Branch,
  joinVectors,
  knowledge,
  newestSeq,
  parseVersionVector,
  tagAt,
  type VersionVector,
} from "../../../src/core/vault/version-vector.ts";
import { OTHER_REPLICA, REPLICA } from "../../support/draft-builder.ts";
import { after, at, lengths, long, runsKnown, tag } from "../../support/clone-histories.ts";
import { runs } from "../../support/properties.ts";
import { verdict } from "../../support/vault-builder.ts";

describe("joined vectors", () => {
  test("have all replicas, in the order of their ids, and of one the history that went on", () => {
    const a: VersionVector = { [REPLICA]: [[1, "A001"]] };
    const b: VersionVector = { [OTHER_REPLICA]: [[1, "X001"]], [REPLICA]: [[2, "A002A001"]] };
    const joined = joinVectors(a, b);
    expect(joined).toEqual(b);
    expect(Object.keys(joined)).toEqual([REPLICA, OTHER_REPLICA].toSorted());
    expect(JSON.stringify(joinVectors(b, a))).toBe(JSON.stringify(joined));
  });

  test("have both histories of a fork, the longer first, of equal ones the lower tags", () => {
    const joined = joinVectors(after("AAB"), after("AAAA"));
    expect(joined).toEqual({
      [REPLICA]: [
        [4, "A004A003A002A001"],
        [3, "B003A002A001"],
      ],
    });
    expect(joinVectors(after("AB"), after("AA"))[REPLICA]).toEqual([
      [2, "A002A001"],
      [2, "B002A001"],
    ]);
  });

  test("drop a history that another one continues, of several too", () => {
    const forked = joinVectors(after("AAB"), after("AAA"));
    const joined = joinVectors(forked, after("AABBB"));
    expect(joined[REPLICA]).toEqual([
      [5, "B005B004B003A002A001"],
      [3, "A003A002A001"],
    ]);
  });

  test("take two histories that are over 4,095 saves apart for two", () => {
    const old = after(long(50));
    expect(lengths(joinVectors(old, after(long(4095), old)))).toEqual([4145]);
    expect(lengths(joinVectors(old, after(long(4096), old)))).toEqual([4146, 50]);
  });

  test("see a fork within the newest 4,096 saves of long histories", () => {
    const old = after(long(6000));
    expect(lengths(joinVectors(after("AAA", old), after("BB", old)))).toEqual([6003, 6002]);
    expect(runsKnown(after("AAA", old), after("BB", old))).toBe("+1 -6001");
  });

  test("refuse a 17th history of one replica, and a 1,025th replica", () => {
    const forks = Array.from({ length: 17 }, (_, n): Branch => [1, tag(n)]);
    const vector = (branches: readonly Branch[]): VersionVector =>
      parseVersionVector({ [REPLICA]: branches as unknown as Json }) ?? {};
    expect(lengths(joinVectors(vector(forks.slice(0, 9)), vector(forks.slice(9, 16))))).toHaveLength(16);
    expect(verdict(() => joinVectors(vector(forks.slice(0, 9)), vector(forks.slice(9))))).toBe("limit");
    const many = (from: number, count: number): VersionVector =>
      Object.fromEntries(
        Array.from({ length: count }, (_, n) => [(from + n).toString(16).padStart(16, "0"), [[1, "AAAA"]]]),
      );
    expect(Object.keys(joinVectors(many(0, 600), many(400, 624)))).toHaveLength(1024);
    expect(verdict(() => joinVectors(many(0, 600), many(400, 625)))).toBe("limit");
  });
});

describe("whatever the histories are", () => {
  /** Machines that copy the vault from each other, and then write under one id: forks of forks. */
  const families = fc
    .array(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 5 })), { minLength: 3, maxLength: 6 })
    .map((steps) => {
      const made: VersionVector[] = [{}];
      for (const [n, [of, saves]] of steps.entries()) {
        made.push(after(long(saves, String.fromCodePoint(66 + n)), made[of % made.length]));
      }
      return made.slice(1);
    });
  const text = (vector: VersionVector): string => JSON.stringify(vector);

  test("the order of joining does not matter, and what is joined again adds nothing", () => {
    fc.assert(
      fc.property(families, ([a = {}, b = {}, c = {}]) => {
        const ab = joinVectors(a, b);
        expect(text(joinVectors(b, a))).toBe(text(ab));
        expect(text(joinVectors(ab, c))).toBe(text(joinVectors(a, joinVectors(b, c))));
        expect(text(joinVectors(ab, a))).toBe(text(ab));
        expect(text(joinVectors(ab, ab))).toBe(text(ab));
        expect(parseVersionVector(JSON.parse(text(ab)) as Json)).toEqual(ab);
      }),
      runs(300),
    );
  });

  test("who has both knows all of both, and nobody knows a save that another machine made", () => {
    fc.assert(
      fc.property(families, ([a = {}, b = {}]) => {
        const ab = joinVectors(a, b);
        expect([runsKnown(a, ab), runsKnown(b, ab)]).toEqual(["+1", "+1"]);
        const knows = knowledge(a, b);
        for (let seq = 1; seq <= newestSeq(a, REPLICA); seq++) {
          // Every letter is one machine's: equal tags are the same save.
          expect(knows(at(seq))).toBe(tagAt(a, REPLICA, seq) === tagAt(b, REPLICA, seq));
        }
      }),
      runs(300),
    );
  });
});
