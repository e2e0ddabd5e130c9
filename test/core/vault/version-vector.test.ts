import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/core/vault/json.ts";
import {
  addSave,
  newestSeq,
  parseVersionVector,
  type Save,
  tagAt,
  type VersionVector,
} from "../../../src/core/vault/version-vector.ts";
import { OTHER_REPLICA, REPLICA } from "../../support/draft-builder.ts";
import { runs } from "../../support/properties.ts";
import { verdict } from "../../support/vault-builder.ts";

const tag = (seq: number): string => seq.toString(16).padStart(16, "0");
const save = (seq: number): Save => [seq, tag(seq)];

/** The saves that docs/format.md section 6.3 keeps, of all from 1 to `newest`. */
function kept(newest: number): readonly number[] {
  return Array.from({ length: newest }, (_, n) => newest - n).filter((seq) => {
    const distance = newest - seq;
    return distance < 8 || seq % 2 ** Math.floor(Math.log2(distance / 4)) === 0;
  });
}

const seqs = (vector: VersionVector): readonly number[] => (vector[REPLICA] ?? []).map(([seq]) => seq);

describe("thinning", () => {
  test("one save after another leaves what the document keeps, and drops nothing that it needs later", () => {
    let vector: VersionVector = {};
    for (let seq = 1; seq <= 3000; seq++) {
      vector = addSave(vector, REPLICA, save(seq));
      if (seq < 200 || seq % 97 === 0) expect(seqs(vector)).toEqual(kept(seq));
    }
  });

  test("what one save drops no later one would have kept", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 40 }),
        fc.nat(10_000),
        fc.nat(1_000_000),
        (newest, back, later) => {
          const seq = Math.max(1, newest - back);
          const keeps = (at: number): boolean =>
            addSave({ [REPLICA]: [save(seq)] }, REPLICA, save(at))[REPLICA]?.length === 2;
          if (newest > seq && !keeps(newest)) expect(keeps(newest + later)).toBe(false);
        },
      ),
      runs(500),
    );
  });

  test("stays far under 256 saves, however long the history", () => {
    // All candidates of a history of 2^45 saves, without making it: they are multiples of powers of two.
    const newest = 2 ** 45 + 12_345;
    const candidates = new Set<number>();
    for (let bits = 0; bits < 46; bits++) {
      const step = 2 ** bits;
      for (let n = 0; n < 64; n++) candidates.add(Math.floor(newest / step) * step - n * step);
    }
    const saves = [...candidates].filter((seq) => seq > 0 && seq < newest).toSorted((a, b) => b - a);
    const [first, ...others] = saves.map(save);
    const before: VersionVector = first === undefined ? {} : { [REPLICA]: [first, ...others] };
    const left = addSave(before, REPLICA, save(newest))[REPLICA]?.length;
    expect(left).toBeGreaterThan(100);
    expect(left).toBeLessThan(200);
  });
});

describe("a vector", () => {
  const vector: VersionVector = { [REPLICA]: [save(9), save(8)], [OTHER_REPLICA]: [save(3)] };

  test("knows newest saves and tags", () => {
    expect([newestSeq(vector, REPLICA), newestSeq(vector, OTHER_REPLICA), newestSeq(vector, tag(0))]).toEqual(
      [9, 3, 0],
    );
    expect([tagAt(vector, REPLICA, 8), tagAt(vector, REPLICA, 7), tagAt(vector, tag(0), 1)]).toEqual([
      tag(8),
      undefined,
      undefined,
    ]);
    // Names that every object has are no replicas.
    expect([newestSeq(vector, "constructor"), tagAt(vector, "toString", 1)]).toEqual([0, undefined]);
  });

  test("is not changed by a save: the next one is another", () => {
    const next = addSave(vector, OTHER_REPLICA, save(4));
    expect(next).toEqual({ ...vector, [OTHER_REPLICA]: [save(4), save(3)] });
    expect(vector[OTHER_REPLICA]).toEqual([save(3)]);
  });

  test("takes no replica that a reader would refuse", () => {
    const full: VersionVector = Object.fromEntries(
      Array.from({ length: 1024 }, (_, n) => [tag(n), [save(1)]]),
    );
    expect(verdict(() => addSave(full, REPLICA, save(1)))).toBe("limit");
    expect(parseVersionVector(addSave(full, tag(7), save(2)) as unknown as Json)).toBeDefined();
  });

  const many = (count: number, make: (n: number) => [string, Json]): Json =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => make(n)));
  const long = (count: number): Json => Array.from({ length: count }, (_, n) => save(count - n));

  test.each<[what: string, json: Json | undefined, valid: boolean]>([
    ["no replica", {}, true],
    ["two", { [REPLICA]: [save(9), save(8)], [OTHER_REPLICA]: [save(3)] }, true],
    ["256 saves", { [REPLICA]: long(256) }, true],
    ["257 saves", { [REPLICA]: long(257) }, false],
    ["1,024 replicas", many(1024, (n) => [tag(n), [save(1)]]), true],
    ["1,025 replicas", many(1025, (n) => [tag(n), [save(1)]]), false],
    ["nothing", undefined, false],
    ["a list", [], false],
    ["null", null, false],
    ["a replica of 17 digits", { [`${REPLICA}0`]: [save(1)] }, false],
    ["a replica in capitals", { [REPLICA.toUpperCase()]: [save(1)] }, false],
    ["no save", { [REPLICA]: [] }, false],
    ["saves as an object", { [REPLICA]: {} }, false],
    ["a save as a number", { [REPLICA]: [1] }, false],
    ["a save without a tag", { [REPLICA]: [[1]] }, false],
    ["a save with more", { [REPLICA]: [[1, tag(1), 0]] }, false],
    ["save 0", { [REPLICA]: [[0, tag(1)]] }, false],
    ["a save as text", { [REPLICA]: [["1", tag(1)]] }, false],
    ["the same save twice", { [REPLICA]: [save(2), save(2)] }, false],
    ["the oldest first", { [REPLICA]: [save(1), save(2)] }, false],
    ["a tag of 15 digits", { [REPLICA]: [[1, tag(1).slice(1)]] }, false],
    ["a tag as a number", { [REPLICA]: [[1, 1]] }, false],
  ])("with %s is read or not", (_what, json, valid) => {
    expect(parseVersionVector(json)).toEqual(valid ? json : undefined);
  });
});
