import { describe, expect, test } from "vitest";
import { fromUtf8 } from "../../../src/core/bytes.ts";
import { applyEdit, type EditContext } from "../../../src/core/vault/apply.ts";
import { VaultDraft } from "../../../src/core/vault/draft.ts";
import type { Edit } from "../../../src/core/vault/edit.ts";
import { nextLog } from "../../../src/core/vault/next-log.ts";
import { type Operation, parseLog, withoutImages } from "../../../src/core/vault/op-log.ts";
import type { Outcome } from "../../../src/core/vault/revision.ts";
import { undoLast } from "../../../src/core/vault/undo.ts";
import { addSave, newestSeq } from "../../../src/core/vault/version-vector.ts";
import { verifyContent } from "../../../src/core/vault/verify.ts";
import {
  change,
  contentFrom,
  creation,
  emptyDraft,
  field,
  NOW,
  REPLICA,
} from "../../support/draft-builder.ts";
import { nativeBackend } from "../../../src/node/crypto.ts";
import { seededRandom } from "../../support/random.ts";
import { verdict } from "../../support/vault-builder.ts";

const MIB = 1_048_576;
const random = seededRandom("next-log");

/** The version that a save of `apply` makes of a draft. */
function save(
  draft: VaultDraft,
  apply: (draft: VaultDraft, context: EditContext) => Outcome,
  by = "set",
): VaultDraft {
  const { vector, generation } = draft.index;
  const seq = newestSeq(vector, REPLICA) + 1;
  const stamp = { replica: REPLICA, seq, hlc: NOW + seq };
  const outcome = apply(draft, { stamp, random, sha256: nativeBackend.sha256, now: NOW + seq });
  const plaintext = draft.build({
    root: { ...draft.root, rev: generation + 1 },
    log: nextLog(draft, outcome, { ...stamp, by }),
    index: { generation: generation + 1, hlc: stamp.hlc, vector: addSave(vector, REPLICA, "AAAA") },
  });
  const content = contentFrom(plaintext);
  verifyContent(nativeBackend, content);
  return new VaultDraft(content);
}

/** The version after these edits, one save, and the id that the first of them touched. */
function edited(draft: VaultDraft, ...edits: readonly Edit[]): { draft: VaultDraft; id: string } {
  let ids: readonly string[] = [];
  const next = save(draft, (open, context) => {
    ids = edits.map((edit) => applyEdit(open, edit, context));
    return {};
  });
  return { draft: next, id: ids[0] ?? "" };
}

const logOf = (draft: VaultDraft): readonly Operation[] => parseLog(draft.logRecords());
const texts = (draft: VaultDraft): string =>
  draft
    .logRecords()
    .map((bytes) => fromUtf8(bytes))
    .join("\n");
const password = (text: string): Edit =>
  creation("work/secret name", { fields: [field("password", text, true)] });

describe("the log of the next version", () => {
  test("has a change with what it replaced, behind what was there", () => {
    const made = edited(emptyDraft(), password("first"));
    const { draft } = edited(made.draft, change(made.id, { set: [field("password", "second", true)] }));
    expect(logOf(draft)).toMatchObject([
      { seq: 2, by: "set", kind: "change", count: 1, images: [{ registers: [{ key: "live", before: [] }] }] },
      {
        seq: 3,
        kind: "change",
        images: [{ path: "work/secret name", registers: [{ key: "f:password", before: [["c", "first"]] }] }],
      },
    ]);
    expect(logOf(draft)[1]?.images[0]?.history).toBe(0);
  });

  test("has nothing of a save that changed no entry, nor of a silent one", () => {
    const { draft, id } = edited(emptyDraft(), password("first"));
    expect(logOf(save(draft, () => ({})))).toHaveLength(1);
    const again = edited(
      save(draft, () => ({})),
      change(id, { set: [field("password", "first", true)] }),
    );
    expect(logOf(again.draft)).toHaveLength(1);
    const silent = save(draft, (open, context) => {
      applyEdit(open, change(id, { addTags: ["x"] }), context);
      return { kind: "silent" };
    });
    expect(logOf(silent)).toHaveLength(1);
  });

  test("has a barrier though no entry changed, and makes all before it bare", () => {
    const made = edited(emptyDraft(), password("first"));
    const two = edited(made.draft, change(made.id, { set: [field("password", "second", true)] }));
    const barred = save(two.draft, () => ({ kind: "barrier" }), "key add");
    expect(logOf(barred)).toMatchObject([
      { kind: "bare", seq: 2 },
      { kind: "bare", seq: 3 },
      { kind: "barrier", seq: 4, by: "key add", count: 0, images: [] },
    ]);
    expect(texts(barred)).not.toContain("first");
    expect(logOf(barred)[0]).toEqual(withoutImages(logOf(two.draft)[0] ?? expect.anything()));
    const after = edited(barred, change(made.id, { addTags: ["x"] }));
    const context = {
      stamp: { replica: REPLICA, seq: 9, hlc: NOW + 9 },
      random,
      sha256: nativeBackend.sha256,
      now: NOW,
    };
    expect(verdict(() => undoLast(after.draft, 2, context))).toBe("conflict");
    expect(undoLast(after.draft, 1, context)).toHaveLength(1);
  });

  test.each<Outcome["kind"]>(["barrier", "silent", undefined])(
    "leaves no byte of value or name of what was erased, by a save of kind %s",
    (kind) => {
      const made = edited(emptyDraft(), password("a s3cr3t"), creation("other"));
      const { id } = made;
      const set = edited(
        made.draft,
        change(id, { set: [field("password", "b s3cr3t", true)], addTags: ["a tag"] }),
      );
      const moved = edited(set.draft, { kind: "move", id, path: "work/second name", existing: "refuse" });
      const gone = edited(moved.draft, { kind: "trash", id });
      expect(texts(gone.draft)).toMatch(/a s3cr3t.*secret name.*second name/s);
      const erased = save(gone.draft, (draft, context) => {
        applyEdit(draft, { kind: "purge", id }, context);
        return { ...(kind === undefined ? {} : { kind }), erased: [id] };
      });
      expect(texts(erased)).not.toMatch(/s3cr3t|secret name|second name|a tag/);
      expect(texts(erased)).not.toContain(id);
      // That somebody did something stays, and so does the other entry.
      expect(
        logOf(erased)
          .slice(0, 4)
          .map(({ count }) => count),
      ).toEqual([2, 1, 1, 1]);
      expect(logOf(erased)[0]?.images).toMatchObject([{ path: "other" }]);
    },
  );

  test("keeps the newest 100 records", () => {
    let { draft, id } = edited(emptyDraft(), password("0"));
    for (let n = 1; n <= 110; n++) {
      ({ draft, id } = edited(draft, change(id, { set: [field("password", String(n), true)] })));
    }
    const log = logOf(draft);
    expect(log).toHaveLength(100);
    expect([log[0]?.seq, log.at(-1)?.seq]).toEqual([13, 112]);
  });

  test("keeps 2 MiB, and the last operation whatever it has", () => {
    const big = (n: number): Edit => creation(`big/${n}`, { fields: [field("notes", "x".repeat(200_000))] });
    let { draft } = edited(emptyDraft(), ...Array.from({ length: 20 }, (_, n) => big(n)));
    const ids = draft.index.rows.map(([id]) => id);
    const size = (): number => draft.logRecords().reduce((sum, { length }) => sum + length, 0);
    for (const id of ids) ({ draft } = edited(draft, change(id, { set: [field("notes", "y")] })));
    expect(size()).toBeLessThanOrEqual(2 * MIB);
    expect(size()).toBeGreaterThan(1.8 * MIB);
    ({ draft } = edited(
      draft,
      ...ids.map((id) => change(id, { set: [field("notes", "z".repeat(200_000))] })),
    ));
    ({ draft } = edited(draft, ...ids.map((id) => change(id, { set: [field("notes", "w")] }))));
    expect(size()).toBeGreaterThan(3 * MIB);
    expect(logOf(draft)).toMatchObject([{ kind: "change", count: 20 }]);
    // The next save drops its oldest parts, and what is left of it is bare.
    ({ draft } = edited(draft, change(ids[0] ?? "", { addTags: ["x"] })));
    expect(logOf(draft)).toMatchObject([
      { kind: "bare", count: 20 },
      { kind: "change", count: 1 },
    ]);
    expect(size()).toBeLessThanOrEqual(2 * MIB);
  });
});
