import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../../src/core/bytes.ts";
import type { Image } from "../../../src/core/vault/image.ts";
import type { Json } from "../../../src/core/vault/json.ts";
import {
  boundLog,
  encodeOperation,
  type Operation,
  type OperationKind,
  parseLog,
  withoutEntries,
  withoutImages,
} from "../../../src/core/vault/op-log.ts";
import { idOf, NOW, OTHER_REPLICA, REPLICA } from "../../support/draft-builder.ts";
import { runs } from "../../support/properties.ts";
import { refused, verdict } from "../../support/vault-builder.ts";

const MIB = 1_048_576;

const image = (n: number, rest: Partial<Image> = {}): Image => ({
  id: idOf(n),
  path: `work/${n}`,
  registers: [{ key: "f:password", before: [["c", "older"]] }],
  history: 2,
  ...rest,
});

const operation = (rest: Partial<Operation> = {}): Operation => ({
  replica: REPLICA,
  seq: 7,
  hlc: NOW,
  kind: "change",
  by: "set",
  count: 1,
  images: [image(1)],
  ...rest,
});

/** An image whose record part has about so many bytes. */
const heavy = (n: number, bytes: number): Image =>
  image(n, { registers: [{ key: "f:notes", before: [["c", "x".repeat(bytes)]] }] });

const textOf = (records: readonly Uint8Array[]): string => records.map((bytes) => fromUtf8(bytes)).join("\n");
const read = (...operations: readonly Operation[]): readonly Operation[] =>
  parseLog(operations.flatMap(encodeOperation));

describe("an operation", () => {
  test("is written as docs/format.md has it", () => {
    expect(textOf(encodeOperation(operation()))).toBe(
      `{"v":1,"op":["${REPLICA}",7,${NOW}],"by":"set","kind":"change","count":1,"part":[1,1],` +
        `"e":[["${idOf(1)}","work/1",[["f:password",[["c","older"]]]],2]]}`,
    );
  });

  test("of each kind is read as it was written, with the others in their order", () => {
    const bare = withoutImages(operation({ seq: 1 }));
    const all: readonly Operation[] = [
      bare,
      { ...bare, kind: "merged", replica: OTHER_REPLICA },
      { ...bare, kind: "barrier", seq: 2, images: [], count: 0, by: "key add" },
      operation({ images: [image(1, { history: [["f:a", ["p", "1"], REPLICA, 1, NOW]] }), image(2)] }),
      operation({ seq: 8, images: [image(1, { registers: [{ key: "live", before: [] }], history: 0 })] }),
    ];
    expect(read(...all)).toEqual(all);
  });

  test("is read as it was written, whatever texts and values it has", () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.string({ unit: "binary" }).map((text): Json => ["p", text]),
    );
    const registers = fc.array(
      fc.record({ key: fc.string({ unit: "binary" }).map((name) => `f:${name}`), before: fc.array(value) }),
    );
    const images = fc.array(
      fc.record({
        id: fc.nat(99).map(idOf),
        path: fc.string({ unit: "binary" }),
        registers,
        history: fc.nat(),
      }),
    );
    fc.assert(
      fc.property(images, fc.string({ unit: "binary" }), (list, by) => {
        const one = operation({ images: list, by, count: list.length });
        expect(read(one)).toEqual([one]);
      }),
      runs(200),
    );
  });

  test("that is damaged is refused with its own error, which quotes nothing", () => {
    const [bytes = new Uint8Array(0)] = encodeOperation(operation());
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(2), (at, byte, cut) => {
        const damaged = Uint8Array.of(...bytes.subarray(0, at), byte, ...bytes.subarray(at + cut));
        expect(["ok", "record-invalid"]).toContain(verdict(() => parseLog([damaged])));
      }),
      runs(1000),
    );
    expect(refused(() => parseLog([utf8('{"s3cr3t')]), "record-invalid").message).not.toContain("s3cr3t");
  });
});

describe("an operation of over 1 MiB", () => {
  const large = operation({ count: 5, images: [1, 2, 3, 4, 5].map((n) => heavy(n, 0.4 * MIB)) });

  test("has parts of at most 1 MiB each, and is read as one", () => {
    const records = encodeOperation(large);
    expect(records).toHaveLength(3);
    expect(Math.max(...records.map(({ length }) => length))).toBeLessThanOrEqual(MIB);
    expect(parseLog(records)).toEqual([large]);
  });

  test("has parts of at most 1 MiB whatever its command is called, as in a copy it may be", () => {
    for (const length of [100_000, MIB - 500]) {
      const records = encodeOperation({ ...large, by: "b".repeat(length) });
      expect(Math.max(...records.map((record) => record.length))).toBeLessThanOrEqual(MIB);
      expect(parseLog(records)[0]?.by).toHaveLength(length);
    }
  });

  test.each([1, 2])(
    "of which the oldest %d parts were dropped is bare, and names what is left",
    (dropped) => {
      const records = encodeOperation(large).slice(dropped);
      const [left] = parseLog(records);
      expect(left).toMatchObject({ kind: "bare", count: 5, seq: 7 });
      expect(left?.images.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5].slice(2 * dropped).map(idOf));
      expect(left?.images.flatMap(({ registers }) => registers)).not.toContainEqual(
        expect.objectContaining({ before: expect.anything() }),
      );
      // Written anew, behind a barrier or without an erased entry, it stays so.
      const again = encodeOperation(left ?? operation());
      expect(parseLog(again)).toEqual([left]);
      expect(textOf(again)).not.toContain("xxx");
    },
  );

  test("names 20 entries once its oldest part is dropped, as every bare one does", () => {
    const images = Array.from({ length: 60 }, (_, n) => heavy(n, 0.05 * MIB));
    const records = encodeOperation(operation({ count: 60, images }));
    expect(parseLog(records.slice(1))[0]?.images).toHaveLength(20);
  });

  test.each<[what: string, change: (records: readonly Uint8Array[]) => readonly (Uint8Array | undefined)[]]>([
    ["the last", (records) => records.slice(0, -1)],
    ["the middle one", ([a, , c]) => [a, c]],
    ["none, but one twice", ([a, b, c]) => [a, b, b, c]],
    ["none, but in another order", ([a, b, c]) => [a, c, b]],
    ["none, but the last twice", ([a, b, c]) => [a, b, c, c]],
  ])("is refused where the part that is missing is %s", (_what, change) => {
    const records = change(encodeOperation(large)).filter((bytes) => bytes !== undefined);
    expect(verdict(() => parseLog(records))).toBe("record-invalid");
  });

  test("may stand behind another one of the same number, of a clone's history", () => {
    const other = { ...withoutImages(large), kind: "merged" as const, hlc: NOW + 1 };
    const records = [...encodeOperation(other), ...encodeOperation(large).slice(1)];
    expect(parseLog(records).map(({ kind }) => kind)).toEqual(["merged", "bare"]);
  });
});

describe("what an operation replaced is not kept", () => {
  const kindOf = (images: readonly Image[]): OperationKind | undefined =>
    read(operation({ images, count: images.length }))[0]?.kind;

  test("where it is over 16 MiB", () => {
    const megabytes = (count: number): readonly Image[] =>
      Array.from({ length: count }, (_, n) => heavy(n, 0.99 * MIB));
    expect([kindOf(megabytes(16)), kindOf(megabytes(17))]).toEqual(["change", "bare"]);
    const bare = read(operation({ images: megabytes(30), count: 30 }))[0];
    expect(bare).toMatchObject({ kind: "bare", count: 30 });
    expect(bare?.images).toHaveLength(20);
  });

  test("where one entry does not fit into a record", () => {
    expect([kindOf([heavy(1, MIB - 1000)]), kindOf([heavy(1, MIB)])]).toEqual(["change", "bare"]);
  });

  test("where a value would nest deeper than a record may", () => {
    const deep = (levels: number): Json => (levels === 0 ? 0 : [deep(levels - 1)]);
    const of = (levels: number): readonly Image[] => [
      image(1, { registers: [{ key: "x:later", before: [deep(levels)] }] }),
    ];
    expect([kindOf(of(10)), kindOf(of(11))]).toEqual(["change", "bare"]);
  });

  test("nor are names that do not fit", () => {
    const huge = image(1, { registers: [{ key: `x:${"k".repeat(MIB)}`, before: [1] }] });
    expect(read(operation({ images: [huge], count: 1 }))).toEqual([
      { ...operation(), kind: "bare", images: [], count: 1 },
    ]);
  });
});

describe("an operation without its images", () => {
  test("is bare where it was a change, and else of its kind", () => {
    const kinds = (["change", "barrier", "merged", "bare"] as const).map(
      (kind) => withoutImages(operation({ kind })).kind,
    );
    expect(kinds).toEqual(["bare", "barrier", "merged", "bare"]);
  });

  test("says which registers were written, and which entries were new, but no value", () => {
    const images = [image(1), image(2, { registers: [{ key: "live", before: [] }] })];
    const bare = withoutImages(operation({ images, count: 2 }));
    expect(bare.images.map(({ registers, history }) => [registers, history])).toEqual([
      [[{ key: "f:password", before: undefined }], 0],
      [[{ key: "live", before: [] }], 0],
    ]);
    expect(read(bare)).toEqual([bare]);
  });

  test("of erased entries tells of the others all", () => {
    const one = operation({ images: [image(1), image(2), image(3)], count: 3 });
    expect(withoutEntries(one, new Set([idOf(2)])).images).toEqual([image(1), image(3)]);
    expect(withoutEntries(one, new Set([idOf(4)]))).toBe(one);
  });
});

describe("the bounds of the log", () => {
  const sized = (...lengths: readonly number[]): readonly Uint8Array[] =>
    lengths.map((length) => new Uint8Array(length));
  const kept = (before: readonly Uint8Array[], added: readonly Uint8Array[]): readonly number[] =>
    boundLog(before, added).map(({ length }) => length);

  test.each<[what: string, before: readonly number[], added: readonly number[], left: number]>([
    ["nothing where all fits", [1, 2, 3], [4], 3],
    ["nothing at 100 records", Array<number>(99).fill(1), [1], 99],
    ["the oldest over 100 records", Array<number>(100).fill(1), [1, 1], 98],
    ["nothing at 2 MiB", [MIB, MIB - 1], [1], 2],
    ["the oldest over 2 MiB", [MIB, MIB - 1], [2], 1],
    ["all where the new ones alone are over 2 MiB", [1, 1], [MIB, MIB, 1], 0],
    ["all where the new ones alone are over 100", [1, 1], Array<number>(101).fill(1), 0],
  ])("drop %s", (_what, before, added, left) => {
    expect(kept(sized(...before), sized(...added))).toEqual(before.slice(before.length - left));
  });
});
