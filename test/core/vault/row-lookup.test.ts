import { expect, test } from "vitest";
import { rowOf, rowsAt } from "../../../src/core/vault/query.ts";
import type { IndexRow } from "../../../src/core/vault/vault-index.ts";

const [LIVE, TRASHED] = [256, 257];
const row = (id: string, path: string, flags = LIVE): IndexRow => [id, 0, 1, path, "", [], [], flags, 1];

test("rows are found the same way by the first search and by later ones", () => {
  const rows = [
    row("1", "a"),
    row("2", "twin"),
    row("3", "twin"),
    row("4", "twin", TRASHED),
    row("5", "b", TRASHED),
  ];
  const ask = () => [
    ["a", "twin", "b", "none"].map((path) => rowsAt(rows, path).map(([id]) => id)),
    ["1", "4", "9"].map((id) => rowOf(rows, id)?.[3]),
  ];
  const found = [
    [["1"], ["2", "3"], [], []],
    ["a", "twin", undefined],
  ];
  expect(Array.from({ length: 4 }, ask)).toEqual(Array.from({ length: 4 }, () => found));
});
