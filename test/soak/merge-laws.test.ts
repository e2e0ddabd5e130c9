// The laws of merging, held against more histories and other ones than the gate has time for.
import { test } from "vitest";
import { checkHistories } from "../support/merge-laws.ts";

const EACH = 10_000;

test.each(Array.from({ length: 10 }, (_, n) => 1_000_000 + n * EACH))(
  "merging keeps its laws (10,000 histories from %i)",
  (from) => checkHistories({ from, count: EACH, clones: false }),
);

test.each([2_000_000, 2_000_000 + EACH])(
  "merging loses nothing of clones (10,000 histories from %i)",
  (from) => checkHistories({ from, count: EACH, clones: true }),
);
