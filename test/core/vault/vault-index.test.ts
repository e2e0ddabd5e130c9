import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../../src/core/bytes.ts";
import type { Json } from "../../../src/core/vault/json.ts";
import {
  encodeIndex,
  type IndexRow,
  parseIndex,
  type VaultIndex,
  viewRow,
  knownColumns,
} from "../../../src/core/vault/vault-index.ts";
import { EMPTY_INDEX, idOf, OTHER_REPLICA, REPLICA } from "../../support/draft-builder.ts";
import { runs } from "../../support/properties.ts";
import { refused, verdict } from "../../support/vault-builder.ts";

const count = fc.nat(2 ** 40);
const names = fc.array(fc.string({ unit: "binary", maxLength: 8 }), { maxLength: 3 });
const rows: fc.Arbitrary<IndexRow> = fc
  .tuple(
    fc.nat(1000),
    count,
    count,
    fc.string({ unit: "binary" }),
    fc.string(),
    names,
    names,
    fc.nat(31),
    fc.nat(7),
    count,
  )
  .map(([id, offset, length, path, user, hosts, tags, flags, type, modified]) => [
    idOf(id),
    offset,
    length,
    path,
    user,
    hosts,
    tags,
    flags + type * 256,
    modified,
  ]);

const indexes: fc.Arbitrary<VaultIndex> = fc
  .tuple(fc.integer({ min: 1, max: 2 ** 40 }), count, fc.array(rows, { maxLength: 5 }), fc.nat(2))
  .map(([generation, hlc, list, later]) => ({
    generation,
    hlc,
    vector: {
      [REPLICA]: [
        [2, "AAAABBBB"],
        [1, "CCCC"],
      ],
      [OTHER_REPLICA]: [[1, "_-zZ"]],
    },
    root: { offset: 3, length: 4 },
    rows: list.map(
      (row) =>
        [...row, ...Array.from({ length: later }, (_, n): Json => ({ n: [n] }))] as unknown as IndexRow,
    ),
    unknown: later === 0 ? {} : { later: { x: [later] } },
  }));

test("an index is read as it was written, byte for byte, with what a later version added", () => {
  fc.assert(
    fc.property(indexes, (index) => {
      const bytes = encodeIndex(index);
      const parsed = parseIndex(bytes);
      expect(parsed).toEqual(index);
      expect(encodeIndex(parsed)).toEqual(bytes);
    }),
    runs(200),
  );
});

test("a damaged index is refused, whatever the damage, with its own error", () => {
  const row = [
    idOf(1),
    0,
    1,
    "work/github",
    "alice",
    ["h"],
    ["t"],
    256,
    1,
    { later: [1] },
  ] as unknown as IndexRow;
  const bytes = encodeIndex({
    ...EMPTY_INDEX,
    root: { offset: 0, length: 1 },
    rows: [row],
    unknown: { x: [1] },
  });
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(2), (at, byte, cut) => {
      const damaged = Uint8Array.of(...bytes.subarray(0, at), byte, ...bytes.subarray(at + cut));
      expect(["ok", "index-invalid"]).toContain(verdict(() => parseIndex(damaged)));
    }),
    runs(1000),
  );
});

test("the error says what is wrong and quotes nothing", () => {
  const error = refused(() => parseIndex(utf8('{"s3cr3t')), "index-invalid");
  expect(error.message).toBe("the vault's index is invalid: it is not JSON");
});

test.each(['[0,"1"]', '["0",1]', "[0]", "[0,1,2]", "{}", "[0,-1]"])(
  "a root that is %s is refused",
  (root) => {
    const text = fromUtf8(encodeIndex({ ...EMPTY_INDEX, root: { offset: 0, length: 1 } })) ?? "";
    expect(verdict(() => parseIndex(utf8(text.replace('"root":[0,1]', `"root":${root}`))))).toBe(
      "index-invalid",
    );
  },
);

describe("a row", () => {
  const GOOD: readonly Json[] = [idOf(1), 0, 1, "p", "u", ["h"], ["t"], 256, 1];
  const index = (row: Json): string =>
    (fromUtf8(encodeIndex({ ...EMPTY_INDEX, root: { offset: 0, length: 1 } })) ?? "").replace(
      '"e":[]',
      `"e":[${JSON.stringify(row)}]`,
    );
  const read = (row: Json): string => verdict(() => parseIndex(utf8(index(row))));

  test("has nine columns of their types", () => {
    expect(read(GOOD)).toBe("ok");
    const bad: readonly (readonly Json[])[] = [
      [1, "x", idOf(1).slice(1), idOf(10).toUpperCase().replace("A", "G")],
      [-1, 0.5, "0", null],
      [-1, "1", null],
      [1, null, []],
      [1, null],
      ["h", [1], {}, null],
      ["t", [null], {}, null],
      ["256", -1, null],
      ["1", -1, null],
    ];
    for (const [column, values] of bad.entries()) {
      for (const value of values)
        expect([column, value, read(GOOD.with(column, value))]).toEqual([column, value, "index-invalid"]);
    }
    for (let columns = 0; columns < 9; columns++) expect(read(GOOD.slice(0, columns))).toBe("index-invalid");
    expect(read({})).toBe("index-invalid");
  });

  test("may have more columns, no deeper than the rest", () => {
    expect(read([...GOOD, null, "x", { a: [] }])).toBe("ok");
    const nested = (levels: number): Json => JSON.parse("[".repeat(levels) + "]".repeat(levels)) as Json;
    expect([read([...GOOD, nested(13)]), read([...GOOD, nested(14)])]).toEqual(["ok", "index-invalid"]);
    expect(read([...GOOD, -1])).toBe("index-invalid");
  });

  test("of a type of a later version is shown as custom", () => {
    expect([read(GOOD.with(7, 7 << 8)), read(GOOD.with(7, 8 << 8))]).toEqual(["ok", "ok"]);
    const row = [idOf(1), 0, 1, "p", "u", [], [], 4 + (9 << 8), 9] as unknown as IndexRow;
    expect(viewRow(row)).toMatchObject({ type: "custom", favourite: true });
    expect(knownColumns(row)).toEqual(row.with(7, 4));
  });

  test("is seen as what it says", () => {
    const row = [idOf(1), 0, 1, "p", "u", ["h"], ["t"], 1 + 4 + 8 + 16 + (5 << 8), 9] as unknown as IndexRow;
    expect(viewRow(row)).toEqual({
      id: idOf(1),
      path: "p",
      username: "u",
      hosts: ["h"],
      tags: ["t"],
      type: "ssh-key",
      trashed: true,
      favourite: true,
      hasOtp: true,
      conflict: true,
      modified: 9,
    });
  });
});

test("at most 200,000 entries are read", () => {
  const list = (length: number): readonly IndexRow[] =>
    Array.from({ length }, (_, n) => [idOf(n), 0, 1, "", "", [], [], 0, 0] as const);
  const read = (length: number): string =>
    verdict(() =>
      parseIndex(encodeIndex({ ...EMPTY_INDEX, root: { offset: 0, length: 1 }, rows: list(length) })),
    );
  expect([read(200_000), read(200_001)]).toEqual(["ok", "index-invalid"]);
});
