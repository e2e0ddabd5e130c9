// The largest index there may be. With `npm run test:soak` only: it takes half a gigabyte of memory.
import { expect, test } from "vitest";
import { buildNext, emptyDraft, idOf, recordOf } from "../support/draft-builder.ts";
import { refused, verdict } from "../support/vault-builder.ts";

test("no index over 64 MiB is made", () => {
  const draft = emptyDraft({ unknown: { later: "x".repeat(67_108_864 - 300) } });
  expect(verdict(() => buildNext(draft))).toBe("ok");
  draft.put(recordOf(idOf(1), "a".repeat(300)));
  expect(refused(() => buildNext(draft), "limit").message).toBe(
    "the vault's index would be larger than 64 MiB",
  );
});
